"""Years of executions, written by the database itself: for the benchmark of a long history, and a few for tests.

The rows look like those of a team: routines that run several times each weekday between 06:00 and 22:00 in São Paulo,
95 % of them well, one attempt each (some more), log lines for every tenth. Everything is over but for what the caller adds.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.modules.stats.repository import COLUMNS, NUMBERS, STORE, StatsRepository, sql


@dataclass(frozen=True, kw_only=True)
class History:
    """What to write: `executions` in all, spread evenly over `months` that end with the one of `last_day`."""

    last_day: date
    months: int = 36
    executions: int = 5_000_000
    routines: int = 500
    log_lines: int = 5
    """Lines of each tenth execution."""

    def starts(self) -> list[date]:
        """The first day of each month, the oldest first."""
        starts = [self.last_day.replace(day=1)]
        while len(starts) < self.months:
            starts.append((starts[-1] - timedelta(days=1)).replace(day=1))
        return starts[::-1]

    def last_of(self, month: date) -> date:
        """The last day of a month that history reaches."""
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return min(end, self.last_day)


async def write_routines(session: AsyncSession, history: History) -> None:
    """The routines whose executions follow: `history-0001` and so on, triggered by hand so that nothing loads them."""
    await session.execute(_ROUTINES, {"routines": history.routines})


async def prepare(session: AsyncSession, history: History) -> None:
    """Partitions for all months. Commit before months are written side by side: making one locks for the others."""
    months = history.starts()
    await session.execute(_ENSURE, {"month": months[0], "last": months[-1]})


async def write_month(session: AsyncSession, history: History, month: date) -> None:
    """One month's executions, attempts and log lines, in its partitions."""
    await session.execute(_ENSURE, {"month": month, "last": month})
    parameters = {
        "from": month,
        "to": history.last_of(month),
        "routines": history.routines,
        "executions": max(history.executions // history.months, 1),
    }
    await session.execute(_EXECUTIONS, parameters)
    span = {"floor": month, "ceiling": (month + timedelta(days=31)).replace(day=1)}
    await session.execute(_ATTEMPTS, span)
    await session.execute(_LOGS, {**span, "lines": history.log_lines})


async def write_statistics(session: AsyncSession, month: date) -> None:
    """A month's daily numbers, made from all of its executions at once; the loop makes the same as runs end."""
    ceiling = (month + timedelta(days=31)).replace(day=1)
    days = (await session.scalars(_STATISTICS, {"floor": month, "ceiling": ceiling})).all()
    await StatsRepository(session).sum_days(sorted(set(days)))


async def analyse(session: AsyncSession) -> None:
    """Fresh statistics, as autovacuum would make them in its time. Takes an owner's session."""
    await session.execute(text("ANALYZE core.executions"))
    await session.execute(text("ANALYZE core.attempts"))
    await session.execute(text("ANALYZE core.execution_logs"))


_ENSURE: Final = text("SELECT core.ensure_partitions(CAST(:month AS date), CAST(:last AS date))")

_ROUTINES: Final = text("""
    INSERT INTO core.routines (id, name, title, description, job, params, trigger, time_zone, priority, queue,
        max_instances, retry, max_recoveries, created_by, updated_by, loaded_version)
    SELECT CAST('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0') AS uuid), 'history-' || lpad(CAST(n AS text), 4, '0'),
        'Rotina histórica ' || n, '', 'b3.cotahist.download', '{}', '{"type": "manual"}', 'America/Sao_Paulo', 1 + n % 40,
        'default', 1, '{"max_attempts": 3, "backoff_seconds": 60, "backoff_factor": 2, "backoff_max_seconds": 900}', 3,
        'bench', 'bench', 1
    FROM generate_series(1, :routines) AS n ON CONFLICT DO NOTHING
""")

# The id is the one that the ledger would give in form: the slot's milliseconds, version and variant of a UUIDv8, a hash.
_EXECUTIONS: Final = text("""
    WITH days AS MATERIALIZED (
        SELECT array_agg(CAST(day AS date) ORDER BY day) AS weekdays
        FROM generate_series(CAST(:from AS date), CAST(:to AS date), interval '1 day') AS day
        WHERE extract(isodow FROM day) < 6 OR CAST(:from AS date) = CAST(:to AS date)
    ), made AS (
        SELECT n, 1 + n % CAST(:routines AS integer) AS routine, abs(hashint4(n) / 7) % 100 AS luck,
            weekdays[1 + n % cardinality(weekdays)] AS day, hashint4(n) AS noise
        FROM generate_series(1, :executions) AS n, days
        WHERE cardinality(weekdays) > 0
    ), timed AS (
        SELECT *, (day + time '09:00') AT TIME ZONE 'UTC' + make_interval(secs => (n * 131 + routine * 17) % 57600) AS slot,
            CASE WHEN luck < 95 THEN 'SUCCEEDED' WHEN luck < 98 THEN 'FAILED' WHEN luck < 99 THEN 'SKIPPED'
                ELSE 'CANCELLED' END AS status,
            make_interval(secs => 0.05 + abs(noise % 1000) / 2000.0) AS late,
            make_interval(secs => 1 + abs(noise % 5000) / 100.0) AS took
        FROM made
    )
    INSERT INTO core.executions (id, routine_id, routine_name, title, slot, business_date, origin, job, params, queue,
        priority, max_instances, status, due_at, queued_at, started_at, finished_at, attempt, recoveries, failures,
        max_attempts, max_recoveries, retry, worker_id, result, error, reason, correlation_id, created_at, updated_at)
    SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM slot) * 1000 AS bigint)), 12, '0') || '8'
            || substr(md5(routine || ' ' || n), 1, 3) || '8' || substr(md5(n || ' ' || routine), 1, 15) AS uuid),
        CAST('00000000-0000-7000-8000-' || lpad(to_hex(routine), 12, '0') AS uuid),
        'history-' || lpad(CAST(routine AS text), 4, '0'), 'Rotina histórica ' || routine, slot, day, 'schedule',
        'b3.cotahist.download', '{"reference": "business_date"}', 'default', 1 + routine % 40, 1, status, slot,
        CASE WHEN ran THEN slot + late / 2 END, CASE WHEN ran THEN slot + late END,
        CASE WHEN ran THEN slot + late + took ELSE slot + late END,
        CASE WHEN ran THEN 1 ELSE 0 END, CASE WHEN luck = 7 THEN 1 ELSE 0 END, CASE WHEN status = 'FAILED' THEN 1 ELSE 0 END,
        3, 3, '{"max_attempts": 3, "backoff_seconds": 60, "backoff_factor": 2, "backoff_max_seconds": 900}',
        CASE WHEN ran THEN 'worker-' || routine % 4 END,
        CASE WHEN status = 'SUCCEEDED' THEN jsonb_build_object('rows', abs(noise % 100000)) END,
        CASE WHEN status = 'FAILED' THEN CAST('{"code": "UPSTREAM_BROKEN", "message": "the file is not a zip",
            "transient": false, "detail": {}}' AS jsonb) END,
        CASE status WHEN 'FAILED' THEN 'PERMANENT_ERROR' WHEN 'CANCELLED' THEN 'CANCELLED' WHEN 'SKIPPED' THEN 'MISFIRED' END,
        md5(CAST(n AS text)), day + time '03:01', slot + late + took
    FROM (SELECT *, status IN ('SUCCEEDED', 'FAILED') AS ran FROM timed) AS decided
    ORDER BY slot
    ON CONFLICT DO NOTHING
""")

_ATTEMPTS: Final = text("""
    INSERT INTO core.attempts (execution_id, attempt, worker_id, started_at, finished_at, outcome, result, error)
    SELECT id, 1, worker_id, started_at, finished_at, status, result, error FROM core.executions
    WHERE id >= core.partition_floor(:floor) AND id < core.partition_floor(:ceiling) AND attempt = 1
    ON CONFLICT DO NOTHING
""")

_STATISTICS: Final = text(
    sql(
        """WITH picked AS (
            SELECT routine_id, business_date, status, recoveries, warnings, attempt, due_at, started_at, finished_at
            FROM core.executions
            WHERE id >= core.partition_floor(:floor) AND id < core.partition_floor(:ceiling)
              AND status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED'))""",
        *(NUMBERS, "INSERT INTO core.daily_stats (", COLUMNS, ") SELECT", COLUMNS, "FROM numbers", STORE),
        "RETURNING business_date",
    )
)

_LOGS: Final = text("""
    INSERT INTO core.execution_logs (execution_id, attempt, seq, at, level, message)
    SELECT id, 1, seq, started_at + make_interval(secs => seq), 'INFO', 'line ' || seq || ' of a run that is over'
    FROM core.executions, generate_series(1, :lines) AS seq
    WHERE id >= core.partition_floor(:floor) AND id < core.partition_floor(:ceiling) AND attempt = 1
        AND correlation_id < '1a'
    ON CONFLICT DO NOTHING
""")
