from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.report import Measure, Report, percentile


@pytest.mark.parametrize(
    ("measure", "verdict"),
    [
        (Measure("latency", 20, "ms", bar=25), "meets"),
        (Measure("latency", 25, "ms", bar=25), "meets"),
        (Measure("latency", 30, "ms", bar=25), "MISSES by 20 %"),
        (Measure("latency", 100, "ms", bar=25), "MISSES by a factor of 4.0"),
        (Measure("rate", 2500, "/s", bar=2000, better="more"), "meets"),
        (Measure("rate", 1600, "/s", bar=2000, better="more"), "MISSES by 25 %"),
        (Measure("rate", 0, "/s", bar=2000, better="more"), "MISSES: nothing was done"),
        (Measure("told only", 7, "ms"), ""),
    ],
)
def test_a_verdict_says_by_how_much_a_bar_is_missed(measure: Measure, verdict: str) -> None:
    assert measure.verdict() == verdict


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([5.0], 0.5, 5.0), ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0), ([float(n) for n in range(1, 201)], 0.99, 198.0)],
)
def test_percentiles_are_by_nearest_rank(values: list[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_a_percentile_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


def test_a_failed_measurement_is_told_in_the_table_and_in_the_file(tmp_path: Path) -> None:
    report = Report(started_at=datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    report.measures.append(Measure("start p50", 12.5, "ms", bar=25))
    report.failures["memory"] = "no such process\ntraceback"
    table = report.table()
    assert "start p50" in table
    assert "meets" in table
    assert "memory: not measured: no such process" in table
    target = report.write(tmp_path)
    assert target.name == "20261120T120000Z.json"
    assert (tmp_path / "latest.json").read_text() == target.read_text()
    assert '"meets": true' in target.read_text()


def test_other_queues_stand_beside_ours_best_first() -> None:
    report = Report(started_at=datetime(2026, 11, 20, tzinfo=UTC), machine={})
    report.measures = [
        Measure("ours", 900, "/s", better="more", group="no-ops"),
        Measure("theirs", 1_500, "/s", better="more", group="no-ops"),
        Measure("alone", 3, "ms", group="starts"),
        Measure("no group", 1, "s"),
    ]
    lines = report.side_by_side().splitlines()
    assert lines[0] == "no-ops, the best first:"
    assert [line.split()[2] for line in lines[1:]] == ["theirs", "ours"], "one number alone is compared with nothing"
