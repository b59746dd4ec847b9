"""COTAHIST: a session and a year, from the stored zip to rows that were checked, by the worker's own jobs."""

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bench.cotahist_files import YEAR, Session, base_session, day_archive, on_day, sessions_of, write_year
from bench.report import Measure
from bench.stack import BenchStack, bench_stack
from ephemeral import REPO
from local_stack.cotahist import publish
from local_stack.mirror import MirrorServer

DAYS = 5
BAR_DAY_SECONDS = 0.5
BAR_YEAR_SECONDS, BAR_YEAR_MEGABYTES = 12, 1200


async def measure_market() -> list[Measure]:
    """First loads of five sessions (median), then of a year of about three million lines."""
    async with bench_stack("market") as bench:
        session = base_session()
        mirror = bench.folder / "mirror"
        days = _publish_days(mirror, session)
        year_file = mirror / "InstDados" / "SerHist" / f"COTAHIST_A{YEAR}.ZIP"
        count = await asyncio.to_thread(write_year, year_file, session)
        with _serving(mirror) as url:
            daily = await _jobs(bench, url, "daily", days)
            annual = (await _jobs(bench, url, "annual", [date(YEAR, 6, 1)]))[0]
    _expect(annual["rows"] == count, f"the year has {count} quotes, {annual['rows']} were loaded")
    return [*_day_measures(session, daily), *_year_measures(count, annual)]


def _publish_days(mirror: Path, session: Session) -> list[date]:
    """The session's content on its own day and on the four sessions before it."""
    earlier = [day for day in sessions_of(session.day.year) if day <= session.day][-DAYS:]
    for day in earlier:
        publish(mirror, day, day_archive(on_day(session, day)))
    return earlier


def _day_measures(session: Session, daily: list[dict[str, Any]]) -> list[Measure]:
    _expect(all(one["inserted"] == session.lines for one in daily), f"not every session was loaded whole: {daily}")
    seconds = [float(one["seconds"]) for one in daily]
    note = f"{session.lines:,} records of {session.origin}; median of {len(seconds)}, worst {max(seconds):.2f} s"
    return [
        Measure("COTAHIST day: zip -> loaded and checked", median(seconds), "s", bar=BAR_DAY_SECONDS, note=note),
        Measure(
            "the same, first of its process", seconds[0] + float(daily[0]["import_seconds"]), "s", note="imports too"
        ),
    ]


def _year_measures(count: int, annual: dict[str, Any]) -> list[Measure]:
    seconds, peak = float(annual["seconds"]), float(annual["peak_mb"])
    note = f"{count:,} records; processor time of the job's process {annual['processor_seconds']:.1f} s, beside PostgreSQL's"
    return [
        Measure("COTAHIST year: zip -> loaded and checked", seconds, "s", bar=BAR_YEAR_SECONDS, note=note),
        Measure("COTAHIST year: peak memory", peak, "MB", bar=BAR_YEAR_MEGABYTES),
    ]


async def _jobs(bench: BenchStack, url: str, granularity: str, days: list[date]) -> list[dict[str, Any]]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.load_job", granularity, *(day.isoformat() for day in days)),
        env=bench.stack.env(WORKER_SVC_B3_BASE_URL=url, WORKER_SVC_STORAGE_DIR=str(bench.folder / "storage")),
        cwd=REPO,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    _expect(process.returncode == 0, f"bench.load_job failed:\n{err.decode()[-3000:]}")
    return [json.loads(line) for line in out.decode().splitlines()]


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """The local stack's mirror, in a thread."""
    server = MirrorServer(folder, 0)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timedelta(seconds=5).total_seconds())


def _expect(condition: bool, problem: str) -> None:  # noqa: FBT001  reads as a sentence
    if not condition:
        raise RuntimeError(problem)
