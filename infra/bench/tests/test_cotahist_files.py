"""The benchmark's files must be what the loader takes for real ones."""

from datetime import date
from pathlib import Path

import pytest

from bench import cotahist_files
from bench.cotahist_files import REAL_DAY, RECORD, Session, day_archive, write_year
from local_stack.cotahist import generate_day
from worker_svc.sources.cotahist_inspection import inspect_archive
from worker_svc.sources.cotahist_layout import CotahistFile, Granularity


@pytest.fixture
def small() -> Session:
    text = generate_day(REAL_DAY)
    return Session(REAL_DAY, text[RECORD : 5 * RECORD], "four quotes")


def test_the_day_is_a_sound_file(small: Session, tmp_path: Path) -> None:
    target = tmp_path / "day.zip"
    target.write_bytes(day_archive(small))
    found = inspect_archive(target, file=CotahistFile(Granularity.DAILY, REAL_DAY))
    assert found.records == small.lines == 4


def test_the_year_has_every_session_once(small: Session, tmp_path: Path) -> None:
    target = tmp_path / "year.zip"
    assert write_year(target, small) == 4 * 248
    found = inspect_archive(target, file=CotahistFile(Granularity.ANNUAL, date(2023, 1, 1)))
    assert found.records == 4 * 248


def test_without_the_real_file_the_session_is_as_large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ROTINA_SHARED_DATA", str(tmp_path))
    session = cotahist_files.base_session()
    records = [session.quotes[start : start + RECORD] for start in range(0, len(session.quotes), RECORD)]
    assert session.lines == cotahist_files.LINES_PER_SESSION
    assert len({record[12:27] + record[49:52] for record in records}) == session.lines, "no quote twice"
    assert all(record.endswith(b"\r\n") for record in records)
