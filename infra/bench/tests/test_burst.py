"""How long a free slot stood idle, on numbers that one can follow by hand."""

from datetime import UTC, datetime

from bench.burst import waits_per_slot

DUE = datetime(2026, 11, 20, 11, tzinfo=UTC)
DUE_NS = round(DUE.timestamp() * 1e9)


def after(*milliseconds: float) -> list[int]:
    return [DUE_NS + round(one * 1e6) for one in milliseconds]


def test_runs_that_find_a_free_slot_wait_from_due() -> None:
    assert waits_per_slot(DUE, after(30, 10), after(60, 80), slots=2) == [10, 30]


def test_a_run_that_had_to_wait_for_a_slot_counts_from_when_one_was_free() -> None:
    starts, ends = after(10, 20, 65, 90), after(60, 80, 115, 140)
    assert waits_per_slot(DUE, starts, ends, slots=2) == [10, 20, 5, 10]
