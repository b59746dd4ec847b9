"""What runs on which day, foretold: 500 routines over 400 days by the code that loads them, and one day by the API."""

import time
from datetime import date, timedelta
from typing import Any

from bench.report import Measure, percentile
from bench.stack import BenchStack, bench_stack
from core_api.modules.planning.public import plan_days
from shared_utils.db.engine import create_engine
from shared_utils.db.session import ReadSession, sessionmaker_for

ROUTINES, DAYS = 500, 400
FIRST = date(2026, 1, 1)
ZONES = ("America/Sao_Paulo", "America/Sao_Paulo", "America/New_York", "Europe/London")
ROUNDS = 5
REQUESTS = 40
BAR_SECONDS = 1.0


async def measure_previews() -> list[Measure]:
    """Times, several times, intervals and cron expressions in three zones, on five day groups."""
    async with bench_stack("previews") as bench:
        groups = [await _group(bench, number) for number in range(5)]
        for number in range(ROUTINES):
            await bench.routine(
                f"routine-{number}",
                job="bench.nothing",
                trigger=_trigger(number),
                time_zone=ZONES[number % len(ZONES)],
                day_group_id=groups[number % len(groups)],
            )
        seconds, processor, slots = await _in_process(bench)
        answers = await _by_api(bench)
    note = f"{slots:,} slots, read and computed; median of {ROUNDS}; {processor:.2f} s of processor time"
    return [
        Measure(f"preview of {ROUTINES} routines x {DAYS} days", seconds, "s", bar=BAR_SECONDS, note=note),
        Measure("preview of one day by the API, p95", percentile(answers, 0.95), "ms", note=f"{REQUESTS} dates"),
    ]


async def _group(bench: BenchStack, number: int) -> str:
    rule: dict[str, Any] = {} if number < 3 else {"weekdays": [1, 3, 5]}
    calendar = ("B3", "ANBIMA", "EVERY_DAY")[number % 3]
    body = {"name": f"group {number}", "calendar_code": calendar, "rule": rule}
    return str((await bench.post("/day-groups", body))["id"])


def _trigger(number: int) -> dict[str, Any]:
    at = f"{number % 24:02d}:{number * 7 % 60:02d}"
    return (
        {"type": "times", "times": [at]},
        {"type": "times", "times": ["08:00", at, "18:30"]},
        {"type": "interval", "every_minutes": 60 + number % 60, "start": "07:00", "end": "20:00"},
        {"type": "cron", "expression": f"{number % 60} {number % 24} * * 1-5"},
    )[number % 4]


async def _in_process(bench: BenchStack) -> tuple[float, float, int]:
    """Seconds and processor seconds of reading and computing everything, and how many slots that made."""
    dates = [FIRST + timedelta(days=number) for number in range(DAYS)]
    engine = create_engine(bench.stack.url("core"), application_name="bench")
    taken: list[float] = []
    used: list[float] = []
    slots = 0
    try:
        for _ in range(ROUNDS):
            async with sessionmaker_for(engine)() as session:
                began, before = time.perf_counter(), time.process_time()
                plans = await plan_days(ReadSession(session), dates)
                slots = sum(len(item.slots) for plan in plans for item in plan.routines)
                taken.append(time.perf_counter() - began)
                used.append(time.process_time() - before)
    finally:
        await engine.dispose()
    return percentile(taken, 0.5), percentile(used, 0.5), slots


async def _by_api(bench: BenchStack) -> list[float]:
    answers: list[float] = []
    for number in range(REQUESTS):
        day = FIRST + timedelta(days=9 * number)
        began = time.perf_counter()
        answer = await bench.http.get("/api/v1/scheduler/preview", params={"date": day.isoformat()})
        answer.raise_for_status()
        answers.append((time.perf_counter() - began) * 1000)
    return answers
