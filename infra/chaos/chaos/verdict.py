"""The judgement: the ledger against the independent count, the effects against the fence, the order of things."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

import asyncpg

from chaos.fleet import POOLS, SimulatedRoutine
from chaos.simulation import Outage

FINAL: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED"})
TAKEOVER_BAR_SECONDS: Final = 5.0
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One execution as the ledger has it."""

    id: str
    routine: str
    slot: datetime
    business_date: date
    status: str
    reason: str | None
    attempt: int


@dataclass(slots=True)
class Verdict:
    """`violations` names each rule that was broken with a few examples; `facts` are told in any case."""

    violations: dict[str, list[str]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    def check(self, rule: str, found: Iterable[object]) -> None:
        """Everything in `found` breaks `rule`."""
        examples = [str(one) for one in found]
        self.violations[rule] = examples

    @property
    def broken(self) -> dict[str, list[str]]:
        return {rule: found for rule, found in self.violations.items() if found}

    def table(self) -> str:
        width = max(map(len, [*self.violations, *self.facts]))
        lines = [f"{name:<{width}}  {value}" for name, value in self.facts.items()]
        lines.append("-" * (width + 12))
        for rule, found in self.violations.items():
            lines.append(f"{rule:<{width}}  {len(found):>5}  {'ok' if not found else 'VIOLATED'}")
            lines += [f"    {example}" for example in found[:_SHOWN]]
        return "\n".join(lines)


async def judge(
    database: asyncpg.Connection,
    routines: Mapping[str, SimulatedRoutine],
    expected: Mapping[tuple[str, datetime], date],
    outages: Sequence[Outage],
) -> Verdict:
    """Compares what happened with what had to happen. Only slots that the simulation reached are `expected`."""
    rows = await _rows(database)
    verdict = Verdict()
    judge_slots(verdict, rows, expected)
    judge_ends(verdict, rows, routines, expected, outages)
    await _judge_effects(verdict, database, rows)
    await _judge_order(verdict, database, rows, routines)
    await _judge_loads(verdict, database, expected)
    return verdict


def judge_slots(verdict: Verdict, rows: Sequence[Row], expected: Mapping[tuple[str, datetime], date]) -> None:
    """No slot is missing, none is there twice, none was made up."""
    found = Counter((row.routine, row.slot) for row in rows)
    days = set(expected.values())
    last = max(slot for _, slot in expected)
    verdict.facts["slots expected"] = len(expected)
    verdict.facts["slots in the ledger"] = sum(key in expected for key in found)
    verdict.check("slots missing", sorted(key for key in expected if key not in found))
    verdict.check("slots doubled", sorted(key for key, count in found.items() if count > 1))
    surplus = [row for row in rows if row.business_date in days and row.slot <= last]
    verdict.check("slots that nobody asked for", [row for row in surplus if (row.routine, row.slot) not in expected])
    verdict.check(
        "slots on another business date",
        [row for row in rows if expected.get((row.routine, row.slot), row.business_date) != row.business_date],
    )


def judge_ends(
    verdict: Verdict,
    rows: Sequence[Row],
    routines: Mapping[str, SimulatedRoutine],
    expected: Mapping[tuple[str, datetime], date],
    outages: Sequence[Outage] = (),
) -> None:
    """Everything is over, and as it had to be: what can succeed did, what was missed went by its routine's policy."""
    mine = [row for row in rows if (row.routine, row.slot) in expected]
    ends = Counter(f"{row.status} {row.reason or ''}".strip() for row in mine)
    verdict.facts["ends"] = ", ".join(f"{end} {count}" for end, count in ends.most_common())
    verdict.check("executions not in a final state", [row for row in mine if row.status not in FINAL])
    left_out = slots_to_leave_out(expected, routines, outages)
    verdict.facts["slots that an outage had to leave out"] = len(left_out)
    verdict.check(
        "executions that ended otherwise than they had to",
        [row for row in mine if row.status in FINAL and not _may_end(row, routines[row.routine], left_out)],
    )


def slots_to_leave_out(
    expected: Iterable[tuple[str, datetime]], routines: Mapping[str, SimulatedRoutine], outages: Sequence[Outage]
) -> dict[tuple[str, datetime], str]:
    """(routine, slot) -> reason, of what was missed in an outage for longer than the grace (E11).

    None of it runs with `none`, only the newest of each outage with `latest`, everything with `all`.
    """
    missed: dict[tuple[str, Outage], list[datetime]] = defaultdict(list)
    for name, slot in expected:
        grace = routines[name].grace
        for outage in outages:
            within = outage.began <= slot <= outage.ended
            if grace is not None and within and outage.ended - slot > timedelta(seconds=grace):
                missed[name, outage].append(slot)
    left_out: dict[tuple[str, datetime], str] = {}
    for (name, _), slots in missed.items():
        policy = routines[name].catch_up
        if policy == "none":
            left_out |= {(name, slot): "MISFIRED" for slot in slots}
        elif policy == "latest":
            left_out |= {(name, slot): "SUPERSEDED" for slot in sorted(slots)[:-1]}
    return left_out


def _may_end(row: Row, routine: SimulatedRoutine, left_out: Mapping[tuple[str, datetime], str]) -> bool:
    reason = left_out.get((row.routine, row.slot))
    if reason is not None:
        return (row.status, row.reason) == ("SKIPPED", reason)
    if (row.status, row.reason) == ("SKIPPED", "COALESCED"):
        return routine.coalesce  # it overran, and says so
    return (row.status, row.reason) == routine.end


async def _judge_effects(verdict: Verdict, database: asyncpg.Connection, rows: Sequence[Row]) -> None:
    verdicts = Counter({row["verdict"]: row["n"] for row in await database.fetch(_VERDICTS)})
    accepted = {str(row["id"]): row["n"] for row in await database.fetch(_ACCEPTED)}
    verdict.facts["attempts begun"] = await database.fetchval("SELECT count(*) FROM chaos.starts")
    verdict.facts["effects accepted"] = verdicts["accepted"]
    verdict.facts["effects refused by the fence"] = f"{verdicts['stale']} stale, {verdicts['already there']} repeated"
    verdict.check("double effects", [one for one, count in accepted.items() if count > 1])
    succeeded = [row for row in rows if row.status == "SUCCEEDED"]
    verdict.check("successes without an effect", [row for row in succeeded if row.id not in accepted])
    failed = [row for row in rows if row.status == "FAILED"]
    verdict.check("failures with an effect", [row for row in failed if row.id in accepted])
    verdict.check("attempts begun twice", [tuple(row) for row in await database.fetch(_BEGUN_TWICE)])
    verdict.check("attempts after the success", [tuple(row) for row in await database.fetch(_AFTER_SUCCESS)])
    verdict.check("executions with several successes", [tuple(row) for row in await database.fetch(_SUCCESSES)])
    lost = await database.fetchval("SELECT count(*) FROM core.attempts WHERE outcome = 'LOST'")
    verdict.facts["attempts lost with their worker"] = lost


async def _judge_order(
    verdict: Verdict,
    database: asyncpg.Connection,
    rows: Sequence[Row],
    routines: Mapping[str, SimulatedRoutine],
) -> None:
    """Chains are not overtaken; pools and keys hold. By the times at which the jobs themselves say they ran."""
    times = await database.fetch(_TIMES)
    by_id = {row.id: row for row in rows}
    first_open: dict[str, datetime] = {}
    done: dict[tuple[str, date], datetime] = {}
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for one in times:
        row = by_id.get(str(one["execution_id"]))
        if row is None:
            continue
        first_open[row.id] = min(first_open.get(row.id, one["opened_at"]), one["opened_at"])
        if one["closed_at"] is None:
            continue
        done[row.routine, row.business_date] = one["closed_at"]
        for place in _places(routines[row.routine]):
            spans[place].append((one["opened_at"], one["closed_at"]))
    overtaken = [
        row
        for row in rows
        if row.id in first_open
        for upstream in routines[row.routine].upstream
        if routines[row.routine].on_failure != "run"
        if done.get((upstream, row.business_date)) is None or done[upstream, row.business_date] > first_open[row.id]
    ]
    verdict.check("runs before their upstream succeeded", overtaken)
    limits = {f"pool {name}": slots for name, slots in POOLS.items()}
    crowded = [place for place, ran in spans.items() if most_at_once(ran) > limits.get(place, 1)]
    verdict.check("pools and keys with too many runs at once", crowded)


def _places(routine: SimulatedRoutine) -> list[str]:
    places = [f"pool {routine.pool}"] if routine.pool else []
    return [*places, f"key {routine.key}"] if routine.key else places


def most_at_once(spans: Sequence[tuple[datetime, datetime]]) -> int:
    """How many of the spans overlap at the worst moment; one that ends as another begins does not."""
    edges = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    most = now = 0
    for _, step in edges:
        now += step
        most = max(most, now)
    return most


async def _judge_loads(
    verdict: Verdict, database: asyncpg.Connection, expected: Mapping[tuple[str, datetime], date]
) -> None:
    """Each date is loaded once, also the one whose 00:01 did not exist."""
    loads = {row["business_date"]: row["n"] for row in await database.fetch(_LOADS)}
    verdict.check(
        "dates not loaded exactly once",
        [f"{day}: {loads.get(day, 0)}" for day in sorted(set(expected.values())) if loads.get(day, 0) != 1],
    )
    left = await database.fetchval("SELECT count(*) FROM core.outbox")
    verdict.check("outbox rows never sent", [f"{left} rows"] if left else [])


async def _rows(database: asyncpg.Connection) -> list[Row]:
    return [Row(*record) for record in await database.fetch(_ROWS)]


_ROWS: Final = """
    SELECT id::text, routine_name, slot, business_date, status, reason, attempt
    FROM core.executions WHERE origin = 'schedule' ORDER BY slot, id
"""
_VERDICTS: Final = "SELECT verdict, count(*) AS n FROM chaos.writes GROUP BY verdict"
_ACCEPTED: Final = """
    SELECT execution_id AS id, count(*) FILTER (WHERE verdict IN ('accepted', 'twice')) AS n
    FROM chaos.writes GROUP BY execution_id
"""
_BEGUN_TWICE: Final = """
    SELECT execution_id, attempt, count(*) FROM chaos.starts GROUP BY execution_id, attempt HAVING count(*) > 1
"""
_AFTER_SUCCESS: Final = """
    SELECT a.execution_id, a.attempt, later.attempt FROM core.attempts AS a
    JOIN core.attempts AS later ON later.execution_id = a.execution_id AND later.attempt > a.attempt
    WHERE a.outcome = 'SUCCEEDED'
"""
_SUCCESSES: Final = """
    SELECT execution_id, count(*) FROM core.attempts WHERE outcome = 'SUCCEEDED' GROUP BY execution_id HAVING count(*) > 1
"""
_TIMES: Final = "SELECT execution_id, opened_at, closed_at FROM chaos.starts ORDER BY opened_at"
_LOADS: Final = """
    SELECT business_date, count(*) AS n FROM core.daily_loads WHERE trigger IN ('schedule', 'startup', 'catch_up') GROUP BY business_date
"""
