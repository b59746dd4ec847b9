"""Download and load of COTAHIST, from what the exchange answers to what is in the table."""

import json
import stat
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from factories.cotahist import EMPTY_ZIP, quote, session_zip, text, zipped
from factories.exchange import Answer, Exchange
from factories.protocol_server import ProtocolServer

from rotina.testing import RecordingChannel
from shared_utils.clock import home_date, utc_now
from worker_svc.settings import Settings

DAY = date(2024, 11, 8)
PATH = "/InstDados/SerHist/COTAHIST_D08112024.ZIP"
DOWNLOAD, LOAD = "b3.cotahist.download", "b3.cotahist.load"


def quotes_of(day: date, count: int = 5) -> list[str]:
    return [quote(day, f"TICK{number}", preult=1000 + number) for number in range(count)]


async def test_a_download_keeps_the_bytes_and_a_second_one_finds_them_unchanged(
    run: Any, publish: Any, sql: Any, exchange: Exchange, job_environment: Settings
) -> None:
    body = session_zip(DAY, quotes_of(DAY))
    publish(DAY, body, etag='"one"')
    first = await run(DOWNLOAD, DAY)

    assert first.error is None
    data = first.result.data
    assert (data["outcome"], data["records"], data["size_bytes"]) == ("got", 5, len(body))
    assert data["stored"] == f"raw/b3.cotahist/2024/11/COTAHIST_D08112024.{data['sha256'][:12]}.zip"
    assert (job_environment.storage_dir / data["stored"]).read_bytes() == body

    second = await run(DOWNLOAD, DAY)
    assert second.result.data["outcome"] == "unchanged"
    assert exchange.requests[-1][1]["if-none-match"] == '"one"'
    rows = await sql.fetch("SELECT * FROM market.releases")
    assert len(rows) == 1
    assert rows[0]["last_checked_at"] > rows[0]["seen_at"]
    assert (rows[0]["member_name"], rows[0]["outcome"]) == ("COTAHIST_D08112024.TXT", "got")
    (entry,) = await sql.fetch("SELECT fields FROM market.outbox WHERE stream = 'events:file.arrived'")
    arrived = json.loads(json.loads(entry["fields"])["data"])["payload"]
    assert (arrived["name"], arrived["reference_date"]) == ("COTAHIST_D08112024.ZIP", DAY.isoformat())
    assert (arrived["sha256"], arrived["address"]) == (data["sha256"], data["stored"])


async def test_the_same_bytes_under_another_etag_are_unchanged(run: Any, publish: Any, sql: Any) -> None:
    body = session_zip(DAY, quotes_of(DAY))
    publish(DAY, body, etag='"one"')
    await run(DOWNLOAD, DAY)
    publish(DAY, body, etag='"two"')
    assert (await run(DOWNLOAD, DAY)).result.data["outcome"] == "unchanged"
    assert await sql.fetchval("SELECT etag FROM market.releases") == '"two"'


async def test_a_lost_raw_file_is_downloaded_again(
    run: Any, publish: Any, exchange: Exchange, job_environment: Settings
) -> None:
    publish(DAY, session_zip(DAY, quotes_of(DAY)), etag='"one"')
    stored = job_environment.storage_dir / (await run(DOWNLOAD, DAY)).result.data["stored"]
    stored.unlink()
    missing = await run(LOAD, DAY)
    assert (missing.error.code, missing.error.transient) == ("RELEASE_FILE_MISSING", True)
    await run(DOWNLOAD, DAY)
    assert "if-none-match" not in exchange.requests[-1][1]
    assert stored.is_file()


NOTHING = {
    "404": Answer(status=404),
    "empty body": Answer(body=b""),
    "empty zip": Answer(body=EMPTY_ZIP),
}


@pytest.mark.parametrize("name", NOTHING)
async def test_e14_a_file_that_is_not_there_yet_is_transient_or_a_warning(
    run: Any, exchange: Exchange, sql: Any, name: str
) -> None:
    exchange.answers[PATH] = NOTHING[name]
    failed = await run(DOWNLOAD, DAY)
    assert (failed.error.code, failed.error.transient) == ("NOT_PUBLISHED", True)
    warned = await run(DOWNLOAD, DAY, on_missing="warn")
    assert warned.result.data["outcome"] == "not_published"
    assert [warning.code for warning in warned.result.warnings] == ["NOT_PUBLISHED"]
    assert await sql.fetchval("SELECT count(*) FROM market.releases") == 0


@pytest.mark.parametrize(
    "answer",
    [
        Answer(status=403, headers={"retry-after": "120"}),
        Answer(status=429, headers={"retry-after": "120"}),
        Answer(status=302, headers={"location": "https://example.org/captcha", "retry-after": "120"}),
    ],
)
async def test_a_refusal_is_transient_and_says_when_to_come_back(run: Any, exchange: Exchange, answer: Answer) -> None:
    exchange.answers[PATH] = answer
    end = await run(DOWNLOAD, DAY)
    assert (end.error.code, end.error.transient) == ("BLOCKED", True)
    assert end.error.detail["retry_after_seconds"] == 120


async def test_a_web_page_is_a_refusal(run: Any, exchange: Exchange) -> None:
    exchange.answers[PATH] = Answer(body=b"\xef\xbb\xbf\n<!DOCTYPE html><html>captcha</html>")
    assert (await run(DOWNLOAD, DAY)).error.code == "BLOCKED"


@pytest.mark.parametrize(
    ("answer", "code"),
    [(Answer(status=500), "UPSTREAM_ERROR"), (Answer(body=b"x" * 100_000, cut=50_000), "TRANSIENT")],
)
async def test_a_server_in_trouble_is_transient(run: Any, exchange: Exchange, answer: Answer, code: str) -> None:
    exchange.answers[PATH] = answer
    end = await run(DOWNLOAD, DAY)
    assert (end.error.code, end.error.transient) == (code, True)


async def test_a_cut_file_is_refused_with_both_numbers_and_its_bytes_are_kept(
    run: Any, publish: Any, sql: Any, job_environment: Settings
) -> None:
    body = session_zip(DAY, [quote(DAY, f"T{number}") for number in range(504)], count=1745)
    publish(DAY, body)
    end = await run(DOWNLOAD, DAY)
    assert (end.error.code, end.error.transient) == ("BROKEN_FILE", False)
    assert "trailer says 1,745 records, file has 506 lines" in end.error.message
    assert (end.error.detail["trailer_records"], end.error.detail["lines"]) == (1745, 506)
    release = await sql.fetchrow("SELECT * FROM market.releases")
    assert release["outcome"] == "broken"
    assert json.loads(release["detail"])["trailer_records"] == 1745
    assert (job_environment.storage_dir / release["storage_path"]).read_bytes() == body

    loaded = await run(LOAD, DAY)
    assert loaded.error.code == "NO_RELEASE"
    assert "the last one is broken (trailer says 1,745 records, file has 506 lines)" in loaded.error.message
    assert await sql.fetchval("SELECT count(*) FROM market.quotes") == 0


async def test_a_broken_file_of_today_may_still_be_in_writing(run: Any, publish: Any, core: ProtocolServer) -> None:
    today = home_date(utc_now())
    day = today if core.is_session(today) else core._next(today, -1)
    publish(day, session_zip(day, quotes_of(day), count=99))
    end = await run(DOWNLOAD, day)
    assert (end.error.code, end.error.transient) == ("BROKEN_FILE", True)


async def test_a_day_that_is_no_session_asks_nobody(run: Any, exchange: Exchange, core: ProtocolServer) -> None:
    core.holidays = {date(2024, 11, 15)}
    for job in (DOWNLOAD, LOAD, "market.daily_summary"):
        end = await run(job, date(2024, 11, 15))
        assert end.result.data["outcome"] == "not_a_session"
        (warning,) = end.result.warnings
        assert warning.code == "NOT_A_SESSION"
        assert "2024-11-15 is not a session of B3 (feriado); the next one is 2024-11-18" in warning.message
    assert exchange.requests == []


async def test_references(run: Any, publish: Any, core: ProtocolServer) -> None:
    publish(DAY, session_zip(DAY, quotes_of(DAY)))
    monday = date(2024, 11, 11)
    assert (await run(DOWNLOAD, monday, reference="previous_session")).result.data["session"] == "2024-11-08"
    assert (await run(DOWNLOAD, monday, reference="2024-11-08")).result.data["session"] == "2024-11-08"
    assert (await run(DOWNLOAD, monday, reference="yesterday")).error.code == "INVALID_PARAMS"


async def load(run: Any, publish: Any, day: date, quotes: list[str]) -> dict[str, Any]:
    publish(day, session_zip(day, quotes))
    await run(DOWNLOAD, day)
    end = await run(LOAD, day)
    assert end.error is None, end.error
    return end.result.data


def counts(data: dict[str, Any]) -> tuple[int, ...]:
    return tuple(data[name] for name in ("rows", "inserted", "updated", "deleted", "unchanged"))


async def test_loading_again_changes_nothing(run: Any, publish: Any, sql: Any) -> None:
    quotes = quotes_of(DAY, 20)
    first = await load(run, publish, DAY, quotes)
    versions = await sql.fetch("SELECT xmin, ctid FROM market.quotes")
    second = await load(run, publish, DAY, quotes)
    assert counts(first) == (20, 20, 0, 0, 0)
    assert counts(second) == (20, 0, 0, 0, 20)
    assert await sql.fetch("SELECT xmin, ctid FROM market.quotes") == versions
    assert await sql.fetchval("SELECT count(*) FROM market.loads") == 2


async def test_a_restated_file_updates_inserts_and_deletes_what_differs(run: Any, publish: Any, sql: Any) -> None:
    other_day = DAY - timedelta(days=1)
    await load(run, publish, other_day, quotes_of(other_day, 3))
    quotes = quotes_of(DAY, 10)
    await load(run, publish, DAY, quotes)
    restated = [quote(DAY, "TICK0", preult=7777), *quotes[2:], quote(DAY, "NEW11")]
    assert counts(await load(run, publish, DAY, restated)) == (10, 1, 1, 1, 8)

    rows = {row["codneg"]: row for row in await sql.fetch("SELECT * FROM market.quotes WHERE trade_date = $1", DAY)}
    assert rows["TICK0"]["preult"] == Decimal("77.77")
    assert "TICK1" not in rows
    assert "NEW11" in rows
    assert await sql.fetchval("SELECT count(*) FROM market.quotes WHERE trade_date = $1", other_day) == 3
    assert await sql.fetchval("SELECT count(*) FROM market.releases WHERE reference_date = $1", DAY) == 2


async def test_forwards_repeat_a_ticker_and_their_days_tell_them_apart(run: Any, publish: Any, sql: Any) -> None:
    forwards = [quote(DAY, "PETR4T", tpmerc=30, prazot=days) for days in ("030", "060", "   ")]
    assert counts(await load(run, publish, DAY, forwards))[1] == 3
    assert {row["prazot"] for row in await sql.fetch("SELECT prazot FROM market.quotes")} == {"030", "060", ""}


@pytest.mark.parametrize("already_loaded", [False, True])
async def test_a_file_that_breaks_in_the_middle_leaves_nothing_half_loaded(
    run: Any, publish: Any, sql: Any, already_loaded: bool
) -> None:
    if already_loaded:
        await load(run, publish, DAY, quotes_of(DAY, 3))
    broken = [*quotes_of(DAY, 6), quote(DAY, "LAST")[:-3]]
    publish(DAY, session_zip(DAY, broken))
    assert (await run(DOWNLOAD, DAY)).result.data["outcome"] == "got"
    end = await run(LOAD, DAY)
    assert (end.error.code, end.error.transient) == ("BROKEN_FILE", False)
    assert "line 8 has 242 characters" in end.error.message
    assert await sql.fetchval("SELECT count(*) FROM market.quotes") == (3 if already_loaded else 0)
    release = await sql.fetchrow("SELECT * FROM market.releases ORDER BY id DESC LIMIT 1")
    assert release["outcome"] == "broken"
    assert "line 8" in json.loads(release["detail"])["reason"]


@pytest.mark.parametrize("already_loaded", [False, True])
async def test_a_quote_that_comes_twice_is_named(run: Any, publish: Any, sql: Any, already_loaded: bool) -> None:
    if already_loaded:
        await load(run, publish, DAY, quotes_of(DAY, 3))
    publish(DAY, session_zip(DAY, [*quotes_of(DAY, 3), quote(DAY, "TICK1", preult=5)]))
    await run(DOWNLOAD, DAY)
    end = await run(LOAD, DAY)
    assert end.error.code == "BROKEN_FILE", end.error.traceback
    assert "TICK1" in end.error.message
    assert await sql.fetchval("SELECT count(*) FROM market.quotes") == (3 if already_loaded else 0)


async def test_without_a_download_there_is_nothing_to_load(run: Any) -> None:
    failed = await run(LOAD, DAY)
    assert (failed.error.code, failed.error.transient) == ("NO_RELEASE", True)
    warned = await run(LOAD, DAY, on_missing="warn")
    assert [warning.code for warning in warned.result.warnings] == ["NO_RELEASE"]


async def test_the_year_file_loads_all_its_sessions(
    run: Any, exchange: Exchange, sql: Any, job_environment: Settings
) -> None:
    days = [date(2022, 1, 3), date(2022, 1, 4), date(2022, 2, 1)]
    content = text(days[-1], [line for day in days for line in quotes_of(day, 4)])
    exchange.put("/InstDados/SerHist/COTAHIST_A2022.ZIP", zipped(content, name="COTAHIST_A2022.TXT"))
    await sql.execute("DROP TABLE IF EXISTS market.quotes_y2022")
    await run(DOWNLOAD, days[1], file="annual")
    first = (await run(LOAD, days[1], file="annual")).result.data
    again = (await run(LOAD, days[1], file="annual")).result.data
    assert (first["sessions"], counts(first)) == (3, (12, 12, 0, 0, 0))
    assert counts(again) == (12, 0, 0, 0, 12)
    assert await sql.fetchval("SELECT count(*) FROM market.quotes_y2022") == 12
    assert await sql.fetchval("SELECT count(*) FROM market.quotes_default") == 0
    assert {row["reference_date"] for row in await sql.fetch("SELECT reference_date FROM market.loads")} == set(days)


async def test_changed_sessions_are_announced_in_the_same_transaction(run: Any, publish: Any, sql: Any) -> None:
    await load(run, publish, DAY, quotes_of(DAY, 4))
    await load(run, publish, DAY, quotes_of(DAY, 4))
    entries = await sql.fetch("SELECT fields FROM market.outbox WHERE stream = 'events:dataset.loaded'")
    assert len(entries) == 1, "the second load changed nothing"
    payload = json.loads(json.loads(entries[0]["fields"])["data"])["payload"]
    assert (payload["dataset"], payload["reference_date"], payload["rows"]) == ("b3.cotahist", "2024-11-08", 4)


async def test_a_wrapped_number_of_trades_is_a_warning(run: Any, publish: Any, sql: Any) -> None:
    history = [DAY - timedelta(days=number) for number in range(1, 6)]
    for day in history:
        await load(run, publish, day, [quote(day, "PETR4", totneg=90_000, voltot=150_000_000_000)])
    publish(DAY, session_zip(DAY, [quote(DAY, "PETR4", totneg=80, voltot=229_800_000_000)]))
    await run(DOWNLOAD, DAY)
    end = await run(LOAD, DAY)
    (warning,) = end.result.warnings
    assert warning.code == "TRADES_OVERFLOW"
    assert "PETR4 on 2024-11-08: 80 trades for R$ 2,298 million" in warning.message
    assert warning.context["expected_trades"] == 137_880
    checks = await sql.fetchval("SELECT checks FROM market.loads WHERE reference_date = $1", DAY)
    assert json.loads(checks)[0]["code"] == "TRADES_OVERFLOW"


async def test_e14_a_session_with_far_fewer_quotes_than_usual_is_a_warning(run: Any, publish: Any) -> None:
    for number in range(1, 4):
        day = DAY - timedelta(days=number)
        await load(run, publish, day, quotes_of(day, 40))
    publish(DAY, session_zip(DAY, quotes_of(DAY, 10)))
    await run(DOWNLOAD, DAY)
    (warning,) = (await run(LOAD, DAY)).result.warnings
    assert (warning.code, warning.context) == ("FEWER_ROWS_THAN_USUAL", {"rows": 10, "usual": 40})


async def test_e14_the_last_sessions_go_on_without_a_missing_one(run: Any, publish: Any, core: ProtocolServer) -> None:
    monday, friday, thursday = date(2024, 11, 11), DAY, date(2024, 11, 7)
    publish(monday, session_zip(monday, quotes_of(monday)))
    publish(thursday, session_zip(thursday, quotes_of(thursday)))
    end = await run("job_baixar_arquivos_b3", monday, n_dias=3)
    assert (end.result.data["downloaded"], end.result.data["missing"]) == (2, 1)
    assert [warning.context["session"] for warning in end.result.warnings] == [friday.isoformat()]
    nothing = await run("job_baixar_arquivos_b3", date(2024, 6, 5), n_dias=2)
    assert (nothing.error.code, nothing.error.transient) == ("NO_FILES", True)


async def test_the_summary_counts_and_lists_the_largest(run: Any, publish: Any) -> None:
    await load(
        run,
        publish,
        DAY,
        [
            quote(DAY, "VALE3", voltot=300_00),
            quote(DAY, "PETR4", voltot=500_00),
            quote(DAY, "PETRK385", tpmerc=70, voltot=900_00),
        ],
    )
    channel = RecordingChannel()
    data = (await run("market.daily_summary", DAY, top=1, channel=channel)).result.data
    assert (data["quotes"], data["volume"]) == (3, "1700.00")
    assert [(one["market_type"], one["quotes"]) for one in data["markets"]] == [(10, 2), (70, 1)]
    assert data["largest_volumes"] == [{"ticker": "PETR4", "close": "36.95", "volume": "500.00", "trades": 12345}]
    assert any(fields.get("ticker") == "PETR4" for _, _, fields in channel.lines)
    assert (await run("market.daily_summary", date(2024, 11, 7))).error.code == "NOT_LOADED"


async def test_the_system_check_measures_every_part(run: Any, core: ProtocolServer, job_environment: Settings) -> None:
    end = await run("system.check", DAY)
    assert end.error is None, end.error
    assert set(end.result.data) == {"database", "streams", "core_api", "storage"}
    assert all(part["ok"] for part in end.result.data.values())


async def test_the_system_check_names_what_does_not_work(
    run: Any, job_environment: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKER_SVC_STREAMS_URL", "redis://127.0.0.1:1/0")
    end = await run("system.check", DAY)
    assert (end.error.code, end.error.transient) == ("CHECK_FAILED", True)
    assert end.error.message == "not working: streams"


async def test_raw_files_are_for_the_service_only_and_never_overwritten(
    run: Any, publish: Any, job_environment: Settings
) -> None:
    publish(DAY, session_zip(DAY, quotes_of(DAY)))
    stored = job_environment.storage_dir / (await run(DOWNLOAD, DAY)).result.data["stored"]
    before = stored.stat()
    await run(DOWNLOAD, DAY)
    assert (stored.stat().st_ino, stored.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert stat.S_ISREG(before.st_mode)
    assert [path.name for path in stored.parent.iterdir()] == [stored.name]


@pytest.mark.real_data
async def test_the_real_session_loads_12226_rows_and_again_changes_nothing(
    run: Any, publish: Any, sql: Any, real_b3: Path
) -> None:
    publish(DAY, (real_b3 / "b3cotahist" / "cotahist.ZIP").read_bytes())
    assert (await run(DOWNLOAD, DAY)).result.data["records"] == 12_226
    first, again = (await run(LOAD, DAY)).result.data, (await run(LOAD, DAY)).result.data
    assert counts(first) == (12_226, 12_226, 0, 0, 0)
    assert counts(again) == (12_226, 0, 0, 0, 12_226)
    assert await sql.fetchval("SELECT count(*) FROM market.quotes WHERE trade_date = $1", DAY) == 12_226
    assert await sql.fetchval("SELECT preult FROM market.quotes WHERE codneg = 'PETR4'") == Decimal("36.18")


@pytest.mark.real_data
async def test_the_real_truncated_file_is_refused(run: Any, publish: Any, sql: Any, real_b3: Path) -> None:
    day = date(2016, 1, 4)
    publish(day, zipped((real_b3 / "rb3" / "COTAHIST_D04012016.TXT").read_bytes()))
    end = await run(DOWNLOAD, day)
    assert (end.error.code, end.error.transient) == ("BROKEN_FILE", False)
    assert "trailer says 1,745 records, file has 506 lines" in end.error.message
    assert (await run(LOAD, day)).error.code == "NO_RELEASE"
    assert await sql.fetchval("SELECT count(*) FROM market.quotes") == 0
    assert await sql.fetchval("SELECT outcome FROM market.releases") == "broken"


@pytest.mark.real_data
async def test_the_real_year_to_date_finds_petr4s_wrapped_trades(
    run: Any, exchange: Exchange, sql: Any, real_b3: Path
) -> None:
    exchange.put(
        "/InstDados/SerHist/COTAHIST_A2023.ZIP", (real_b3 / "b3fileparser" / "COTAHIST_A2023.ZIP").read_bytes()
    )
    day = date(2023, 1, 17)
    await sql.execute("DROP TABLE IF EXISTS market.quotes_y2023")
    await run(DOWNLOAD, day, file="annual")
    end = await run(LOAD, day, file="annual")
    assert (end.result.data["rows"], end.result.data["sessions"]) == (104_390, 12)
    wrapped = {(warning.context["ticker"], warning.context["day"]) for warning in end.result.warnings}
    assert {("PETR4", f"2023-01-{day:02d}") for day in (2, 3, 4, 17)} <= wrapped
