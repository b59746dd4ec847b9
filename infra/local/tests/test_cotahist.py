"""Generated sessions hold the exchange's layout; the same date gives the same bytes."""

import io
import time
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from local_stack.cotahist import (
    SERIES_PATH,
    copy_real_files,
    fill_mirror,
    generate_day,
    last_sessions,
    load_holidays,
    next_expiries,
    third_friday,
    zip_member,
)
from local_stack.tools import CALENDAR_FILE, shared_data_dir

DAY = date(2026, 11, 19)
REAL = shared_data_dir() / "b3" / "b3cotahist" / "cotahist.ZIP"


@pytest.fixture(scope="module")
def lines() -> list[str]:
    text = generate_day(DAY).decode("latin-1")
    assert text.endswith("\r\n")
    return text.split("\r\n")[:-1]


def test_every_line_has_245_characters_and_the_trailer_counts_them(lines: list[str]) -> None:
    assert {len(line) for line in lines} == {245}
    assert lines[0][:31] == "00COTAHIST.2026BOVESPA 20261119"
    assert lines[-1][:31] == "99COTAHIST.2026BOVESPA 20261119"
    assert int(lines[-1][31:42]) == len(lines)
    assert lines[-1][42:].strip() == ""
    assert 2_000 <= len(lines) <= 3_000


def test_records_have_numbers_where_the_layout_has_numbers(lines: list[str]) -> None:
    for line in lines[1:-1]:
        assert line[:10] == "0120261119"
        assert line[52:56] == "R$  "
        assert line[56:202].replace(" ", "x").isdigit() == (line[152:170].strip().isdigit()), line
        for first, last in (
            (56, 147),
            (147, 152),
            (152, 170),
            (170, 188),
            (188, 201),
            (202, 210),
            (210, 217),
            (217, 230),
            (242, 245),
        ):
            assert line[first:last].isdigit(), (first, line)
        opening, highest, lowest, average, closing = (int(line[at : at + 13]) for at in range(56, 121, 13))
        assert lowest <= min(opening, average, closing)
        assert highest >= max(opening, average, closing)


def test_all_markets_and_both_quotation_factors_are_there(lines: list[str]) -> None:
    markets = Counter(line[24:27] for line in lines[1:-1])
    factors = Counter(line[210:217] for line in lines[1:-1])

    assert set(markets) == {"010", "020", "030", "070", "080"}
    assert factors["0001000"] == 2
    assert set(factors) == {"0000001", "0001000"}


def test_the_natural_key_is_unique_and_codes_alone_are_not(lines: list[str]) -> None:
    keys = Counter((line[12:24], line[24:27], line[49:52]) for line in lines[1:-1])
    codes = Counter(line[12:24] for line in lines[1:-1])

    assert max(keys.values()) == 1
    assert max(codes.values()) == 3, "forwards repeat their code"


def test_options_expire_after_the_session_and_have_a_strike(lines: list[str]) -> None:
    for line in lines[1:-1]:
        if line[24:27] in {"070", "080"}:
            assert line[202:210] > "20261119"
            assert int(line[188:201]) > 0
        else:
            assert line[202:210] == "99991231"


def test_a_date_always_gives_the_same_bytes_and_another_date_others() -> None:
    assert zip_member(DAY, generate_day(DAY)) == zip_member(DAY, generate_day(DAY))
    assert generate_day(DAY) != generate_day(date(2026, 11, 18))


@pytest.mark.real_data
@pytest.mark.skipif(not REAL.exists(), reason="the real files are not on this machine")
def test_a_generated_record_is_laid_out_as_a_real_one(lines: list[str]) -> None:
    """Position by position: digits where the real PETR4 has digits, blanks where it has blanks."""
    with zipfile.ZipFile(REAL) as archive:
        real = archive.read(archive.namelist()[0]).decode("latin-1").split("\r\n")
    wanted = next(line for line in real if line[12:24] == "PETR4       " and line[24:27] == "010")
    made = next(line for line in lines if line[12:24] == "PETR4       " and line[24:27] == "010")

    def shape(line: str) -> str:
        return "".join("9" if sign.isdigit() else sign if sign in " $" else "A" for sign in line[:230])

    assert shape(made) == shape(wanted)


def test_the_real_files_are_put_in_their_place(tmp_path: Path) -> None:
    source = tmp_path / "data"
    (source / "b3" / "b3cotahist").mkdir(parents=True)
    (source / "b3" / "rb3").mkdir()
    (source / "b3" / "b3cotahist" / "cotahist.ZIP").write_bytes(b"the zip as it came")
    (source / "b3" / "rb3" / "COTAHIST_D04012016.TXT").write_bytes(b"cut short")

    written = copy_real_files(tmp_path / "mirror", source)

    folder = tmp_path / "mirror" / SERIES_PATH
    assert {path.name for path in written} == {"COTAHIST_D08112024.ZIP", "COTAHIST_D04012016.ZIP"}
    assert (folder / "COTAHIST_D08112024.ZIP").read_bytes() == b"the zip as it came"
    with zipfile.ZipFile(io.BytesIO((folder / "COTAHIST_D04012016.ZIP").read_bytes())) as archive:
        assert archive.namelist() == ["COTAHIST_D04012016.TXT"]
        assert archive.read("COTAHIST_D04012016.TXT") == b"cut short"
    assert copy_real_files(tmp_path / "mirror", source) == []


def test_the_mirror_gets_the_last_ten_sessions_quickly_and_later_only_new_ones(tmp_path: Path) -> None:
    holidays = load_holidays(CALENDAR_FILE)
    began = time.process_time()
    first = fill_mirror(tmp_path, today=date(2026, 11, 20), holidays=holidays, shared_data=tmp_path / "none")
    took = time.process_time() - began

    names = [path.name for path in first]
    assert names[-1] == "COTAHIST_D19112026.ZIP", "20 November is a holiday"
    assert len(names) == 10
    assert took < 2, f"{took:.2f} s of processor time for ten days"
    again = fill_mirror(tmp_path, today=date(2026, 11, 23), holidays=holidays, shared_data=tmp_path / "none")
    assert [path.name for path in again] == ["COTAHIST_D23112026.ZIP"]
    published = again[0].stat().st_mtime
    assert time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(published)) == "2026-11-23 23:31:45"


def test_sessions_leave_out_weekends_and_holidays() -> None:
    christmas = frozenset({date(2026, 12, 24), date(2026, 12, 25)})

    assert last_sessions(date(2026, 12, 28), 3, christmas) == [
        date(2026, 12, 22),
        date(2026, 12, 23),
        date(2026, 12, 28),
    ]


def test_option_months_follow_third_fridays() -> None:
    assert third_friday(2026, 11) == date(2026, 11, 20)
    assert next_expiries(date(2026, 11, 20), 2) == [date(2026, 12, 18), date(2027, 1, 15)]
