"""Reading COTAHIST: exact values, whole files only, and archives that mean harm."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from factories.cotahist import EMPTY_ZIP, quote, session_zip, text, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from worker_svc.sources import cotahist_parsing
from worker_svc.sources.archive import BrokenFile, EmptyArchive, open_only_member
from worker_svc.sources.cotahist_columns import regular_quotes
from worker_svc.sources.cotahist_inspection import inspect_archive, line_blocks
from worker_svc.sources.cotahist_layout import COLUMNS, FIELDS, RECORD_LENGTH, CotahistFile, Granularity
from worker_svc.sources.cotahist_parsing import QuoteBatch, _parse_slowly, _Progress, parse_archive

DAY = date(2024, 11, 8)
DAILY = CotahistFile(Granularity.DAILY, DAY)


def parse(path: Path, *, file: CotahistFile = DAILY, block_bytes: int = 4096) -> list[dict[str, str]]:
    rows = []
    for batch in parse_archive(path, file=file, block_bytes=block_bytes):
        lines = batch.lines.decode().splitlines()
        assert len(lines) == batch.rows == sum(batch.sessions.values())
        rows += [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines]
    return rows


def read_all(path: Path) -> int:
    with open_only_member(path) as member:
        return sum(len(data) for data in iter(lambda: member.read(1_000_000), b""))


@pytest.fixture
def put(tmp_path: Path):
    def write(content: bytes) -> Path:
        path = tmp_path / "file.zip"
        path.write_bytes(content)
        return path

    return write


def test_the_layout_covers_the_record_without_gap_or_overlap() -> None:
    end = 2
    for field in FIELDS:
        assert field.start == end, field.name
        end = field.start + field.length
    assert end == RECORD_LENGTH


def test_fields_are_typed_and_exact(put) -> None:
    option = quote(
        DAY,
        "PETRK385",
        tpmerc=70,
        prazot="000",
        datven="20241115",
        preult=9_999_999_999_999,
        voltot=999_999_999_999_999_999,
        quatot=999_999_999_999_999_999,
        ptoexe=1_234_567,
        preexe=3851,
        fatcot=1000,
        nomres="PETR T\\A B",
    )
    (row,) = parse(put(session_zip(DAY, [option])))
    assert (
        row
        | {
            "trade_date": "20241108",
            "codneg": "PETRK385",
            "tpmerc": "70",
            "prazot": "000",
            "datven": "20241115",
            "preult": "99999999999.99",
            "preabe": "36.50",
            "voltot": "9999999999999999.99",
            "quatot": "999999999999999999",
            "ptoexe": "1.234567",
            "preexe": "38.51",
            "fatcot": "1000",
            "nomres": "PETR T\\\\A B",
            "especi": "PN      N2",
        }
        == row
    )


def test_no_expiry_is_null_and_blanks_are_empty(put) -> None:
    (row,) = parse(put(session_zip(DAY, [quote(DAY)])))
    assert (row["datven"], row["prazot"]) == ("\\N", "")


def test_letters_outside_ascii_count_as_one_character(put) -> None:
    content = text(DAY, [quote(DAY, "ACAO3", nomres="A\xc7\xc3O S.A.")])
    (row,) = parse(put(zipped(content)))
    assert (row["nomres"], row["codneg"], row["codisi"]) == ("AÇÃO S.A.", "ACAO3", "BRPETRACNPR6")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_of_both_kinds(put, end: str) -> None:
    quotes = [quote(DAY, f"T{number}") for number in range(50)]
    assert [row["codneg"] for row in parse(put(zipped(text(DAY, quotes, end=end))))] == [f"T{n}" for n in range(50)]


@given(
    lines=st.lists(st.binary(min_size=0, max_size=40).map(lambda b: b.replace(b"\n", b"x").replace(b"\r", b"x"))),
    size=st.integers(1, 64),
)
def test_blocks_put_together_are_the_file(lines: list[bytes], size: int) -> None:
    content = b"".join(line + b"\r\n" for line in [*lines, b"the last line"])
    blocks = list(line_blocks(io.BytesIO(content).read, size=size))
    assert b"".join(blocks) == content.rstrip(b"\r\n\x1a\x00")
    assert all(block.endswith(b"\n") for block in blocks[:-1])


def test_inspection_counts_and_names(put) -> None:
    path = put(session_zip(DAY, [quote(DAY, f"T{number}") for number in range(10)]))
    found = inspect_archive(path, file=DAILY)
    assert (found.records, found.member_name, found.generated_on) == (10, "COTAHIST_D08112024.TXT", DAY)


BROKEN = {
    "truncated": (session_zip(DAY, [quote(DAY)] * 504, count=1745), "trailer says 1,745 records, file has 506 lines"),
    "no trailer": (zipped(text(DAY, [quote(DAY)])[:-249]), "the file ends without its trailer"),
    "no header": (zipped(text(DAY, [quote(DAY)])[247:]), "the first line starts with '01'"),
    "other day": (session_zip(DAY, [quote(date(2024, 11, 7))]), "line 2 is of 2024-11-07, but the file is COTAHIST_D"),
    "no number": (zipped(text(DAY, []).replace(b"00000000002", b"0000000000x")), "which is no number"),
    "nothing": (zipped(b""), "the file has no lines"),
    "a long line": (zipped(b"x" * 20_000), "this is no COTAHIST file"),
    "no zip": (b"PK but not really", "not a valid zip"),
    "half a zip": (session_zip(DAY, [quote(DAY)])[:200], "not a valid zip"),
    "two files": (zipped(b"a", others=[("b.txt", b"b")]), "the zip holds 2 files"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_are_refused_with_the_reason(put, name: str) -> None:
    content, reason = BROKEN[name]
    with pytest.raises(BrokenFile) as refused:
        inspect_archive(put(content), file=DAILY)
    assert reason in refused.value.reason


MALFORMED = {
    "short line": ([quote(DAY), quote(DAY, "T2")[:-1]], "line 3 has 244 characters instead of 245"),
    "unknown record": ([quote(DAY), "02" + quote(DAY, "T2")[2:]], "line 3 starts with '02'"),
    "second header": ([quote(DAY), "00" + quote(DAY, "T2")[2:]], "line 3 starts with '00'"),
    "blank in a number": ([quote(DAY)[:60] + " " + quote(DAY)[61:]], "a field is not what the layout says"),
    "minus in a price": ([quote(DAY)[:56] + "-" + quote(DAY)[57:]], "a field is not what the layout says"),
    "later day": ([quote(DAY), quote(date(2024, 11, 9), "T2")], "line 3 is of 2024-11-09"),
    "no date": ([quote(DAY), quote(DAY, "T2").replace("20241108", "20241399")], "no valid date"),
    "tab": ([quote(DAY, nomres="A\tB")], "control characters"),
    "no quotes": ([], "no quotes"),
}


@pytest.mark.parametrize("block_bytes", [300, 1_000_000])
@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_lines_are_refused_with_their_number(put, name: str, block_bytes: int) -> None:
    quotes, reason = MALFORMED[name]
    path = put(session_zip(DAY, quotes))
    with pytest.raises(BrokenFile) as refused:
        parse(path, block_bytes=block_bytes)
    assert reason in refused.value.reason


def test_lines_after_the_trailer_are_refused(put) -> None:
    content = text(DAY, [quote(DAY)], count=4) + quote(DAY, "T2").encode() + b"\r\n"
    with pytest.raises(BrokenFile):
        parse(put(zipped(content)))


def test_quotes_after_a_trailer_at_the_end_of_a_block_are_refused(put) -> None:
    content = text(DAY, [quote(DAY)]) + quote(DAY, "T2").encode() + b"\r\n" + quote(DAY, "T3").encode() + b"\r\n"
    with pytest.raises(BrokenFile, match="lines after the trailer"):
        parse(put(zipped(content)), block_bytes=247)


# --- blocks that are taken column by column ---------------------------------------------------------------------------


def block_of(*quotes: str, end: str = "\r\n") -> bytes:
    return "".join(one + end for one in quotes).encode("latin-1")


def slowly(block: bytes) -> QuoteBatch:
    """What comes of a block line by line; it is not the first one of its file."""
    return _parse_slowly(block, _Progress(lines=1), DAILY)


printable = st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="\\"), max_size=12)
numbers = st.integers(0, 10**13 - 1) | st.sampled_from([0, 1, 9, 10, 100, 10**12])
random_quotes = st.builds(
    lambda ticker, name, price, strike, trades, amount, volume, points, expiry: quote(
        DAY, ticker, nomres=name, preabe=price, preexe=strike, totneg=trades, quatot=amount, voltot=volume,
        ptoexe=points, datven=expiry, tpmerc=trades % 1000, indopc=trades % 10, fatcot=trades, dismes=trades % 1000,
    ),
    printable, printable, numbers, numbers, st.integers(0, 99_999), st.integers(0, 10**18 - 1),
    st.integers(0, 10**18 - 1), numbers, st.sampled_from(["99991231", "20241220", "00000000"]),
)  # fmt: skip


@settings(deadline=None)
@given(quotes=st.lists(random_quotes, min_size=1, max_size=20), end=st.sampled_from(["\r\n", "\n"]))
def test_column_by_column_is_the_same_as_line_by_line(quotes: list[str], end: str) -> None:
    block = block_of(*quotes, end=end)
    regular, line_by_line = regular_quotes(block), slowly(block)
    assert regular is not None
    assert (regular.lines, regular.rows) == (line_by_line.lines, line_by_line.rows)
    assert regular.days == [("20241108", len(quotes), 0)]


GOOD = quote(DAY)
IRREGULAR = {
    "a letter outside ascii": block_of(GOOD, quote(DAY, nomres="A\xc7\xc3O")),
    "a backslash": block_of(GOOD, quote(DAY, nomres="A\\B")),
    "a tab": block_of(GOOD, quote(DAY, nomres="A\tB")),
    "a blank in a number": block_of(GOOD, GOOD[:60] + " " + GOOD[61:]),
    "a letter in a date": block_of(GOOD, GOOD[:5] + "x" + GOOD[6:]),
    "another record": block_of(GOOD, "02" + GOOD[2:]),
    "both kinds of line ends": block_of(GOOD) + block_of(GOOD[:-1] + "7", end="  \n")[:-3] + b" \n",
    "a short line": block_of(GOOD, GOOD[:-1]),
    "a long line": block_of(GOOD, GOOD + "7"),
    "lines that are all too long": block_of(GOOD + "777", GOOD + "777"),
    "no line end": block_of(GOOD)[:-2],
    "nothing": b"",
}


@pytest.mark.parametrize("name", IRREGULAR)
def test_what_is_irregular_is_left_to_the_slow_way(name: str) -> None:
    assert regular_quotes(IRREGULAR[name]) is None


def test_a_files_quotes_go_the_fast_way_but_for_those_that_cannot(put, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def note(block: bytes, *rest: Any) -> QuoteBatch:
        taken.append(block)
        return _parse_slowly(block, *rest)

    monkeypatch.setattr(cotahist_parsing, "_parse_slowly", note)
    quotes = [quote(DAY, f"T{number}", nomres="A\xc7\xc3O" if number == 30 else "OUTRA") for number in range(60)]
    rows = parse(put(zipped(text(DAY, quotes))), block_bytes=2470)
    assert [row["codneg"] for row in rows] == [f"T{number}" for number in range(60)]
    assert [row["nomres"] for row in rows].count("AÇÃO") == 1
    assert [block[:2] for block in taken] == [b"00", b"01", b"99"]


def test_days_are_counted_wherever_their_quotes_stand(put) -> None:
    file = CotahistFile(Granularity.MONTHLY, DAY)
    days = [date(2024, 11, 7), DAY, date(2024, 11, 7), DAY, DAY]
    path = put(zipped(text(DAY, [quote(day, f"T{number}") for number, day in enumerate(days)])))
    (batch,) = parse_archive(path, file=file)
    assert batch.sessions == {date(2024, 11, 7): 2, DAY: 3}
    other = put(zipped(text(DAY, [*(quote(DAY, f"T{n}") for n in range(9)), quote(date(2024, 12, 2))])))
    with pytest.raises(BrokenFile, match="line 11 is of 2024-12-02"):
        list(parse_archive(other, file=file))


def test_an_empty_zip_is_told_apart(put) -> None:
    with pytest.raises(EmptyArchive):
        inspect_archive(put(EMPTY_ZIP), file=DAILY)


def test_a_bomb_is_stopped_early(put) -> None:
    path = put(zipped(b"0" * 100_000_000))
    with pytest.raises(BrokenFile, match="unpacks to more than"):
        read_all(path)


def test_a_lying_size_does_not_help_a_bomb(put) -> None:
    content = bytearray(zipped(b"0" * 40_000_000))
    central = content.rfind(b"PK\x01\x02")
    content[central + 24 : central + 28] = (10).to_bytes(4, "little")
    path = put(bytes(content))
    with pytest.raises(BrokenFile):
        read_all(path)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\windows\\system.ini", "a/\x1b[31mred\n.txt"]
)
def test_names_that_lead_elsewhere_are_only_names(put, name: str) -> None:
    with open_only_member(put(zipped(b"x", name=name))) as member:
        assert "/" not in member.name
        assert "\\" not in member.name
        assert member.name.isprintable()


def test_an_encrypted_zip_is_refused(put) -> None:
    content = bytearray(zipped(b"secret"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        position = content.find(signature)
        content[position + offset] |= 1
    with pytest.raises(BrokenFile, match="encrypted"), open_only_member(put(bytes(content))):
        pass


def test_a_damaged_member_is_refused(put) -> None:
    content = bytearray(session_zip(DAY, [quote(DAY, f"T{n}") for n in range(500)]))
    middle = len(content) // 2
    content[middle : middle + 50] = bytes(50)
    with pytest.raises(BrokenFile, match="damaged"):
        inspect_archive(put(bytes(content)), file=DAILY)


@pytest.mark.parametrize(
    ("granularity", "stem", "dataset", "reference"),
    [
        (Granularity.DAILY, "COTAHIST_D08112024", "b3.cotahist", date(2024, 11, 8)),
        (Granularity.MONTHLY, "COTAHIST_M112024", "b3.cotahist.monthly", date(2024, 11, 1)),
        (Granularity.ANNUAL, "COTAHIST_A2024", "b3.cotahist.annual", date(2024, 1, 1)),
    ],
)
def test_addresses(granularity: Granularity, stem: str, dataset: str, reference: date) -> None:
    file = CotahistFile(granularity, DAY)
    assert (file.stem, file.dataset, file.reference_date) == (stem, dataset, reference)
    assert file.path == f"/InstDados/SerHist/{stem}.ZIP"


def test_a_directory_beside_the_file_is_no_second_file(tmp_path: Path) -> None:
    path = tmp_path / "file.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("folder")
        archive.writestr("folder/COTAHIST.TXT", text(DAY, [quote(DAY)]))
    assert inspect_archive(path, file=DAILY).records == 1


@pytest.mark.real_data
def test_the_real_session_of_2024_11_08(real_b3: Path) -> None:
    path = real_b3 / "b3cotahist" / "cotahist.ZIP"
    assert inspect_archive(path, file=DAILY).records == 12_226
    rows = parse(path, block_bytes=1_000_000)
    assert len(rows) == 12_226
    assert sum(row["tpmerc"] == "21" for row in rows) == 3
    assert sum(row["fatcot"] == "1000" for row in rows) == 2
    keys = {(row["codneg"], row["tpmerc"], row["prazot"]) for row in rows}
    assert len(keys) == 12_226


@pytest.mark.real_data
def test_the_real_year_to_date_of_2023(real_b3: Path) -> None:
    file = CotahistFile(Granularity.ANNUAL, date(2023, 1, 1))
    batches = list(parse_archive(real_b3 / "b3fileparser" / "COTAHIST_A2023.ZIP", file=file))
    assert sum(batch.rows for batch in batches) == 104_390
    assert len({day for batch in batches for day in batch.sessions}) == 12
