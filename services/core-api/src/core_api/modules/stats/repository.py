"""The statements on daily numbers. One text makes them from executions, for the table and for today's reading."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, Double, Integer, Text, Uuid, column, text
from sqlalchemy.engine import Row
from sqlalchemy.ext.asyncio import AsyncSession

from core_api.database import PLAN_ONCE

ALL_ROUTINES: Final = UUID(int=0)


class StatsRepository:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    # --- making the numbers ------------------------------------------------------------------------------------------

    async def take_turn(self) -> datetime | None:
        """Until when the numbers are made; nothing while another scheduler makes them."""
        found: datetime | None = await self._session.scalar(_TAKE_TURN)
        return found

    async def progress(self) -> datetime:
        """Until when the numbers are made."""
        found: datetime = (await self._session.execute(_PROGRESS)).scalar_one()
        return found

    async def aggregate(self, *, since: datetime, until: datetime) -> Sequence[date]:
        """Makes anew the numbers of routines and dates of which something ended in between; returns the dates."""
        return (await self._session.scalars(_AGGREGATE, {"since": since, "until": until})).all()

    async def sum_days(self, days: Sequence[date]) -> None:
        """Makes anew the numbers of all routines together."""
        await self._session.execute(_SUM_DAYS, {"days": list(days), "all": ALL_ROUTINES})

    async def set_progress(self, until: datetime) -> None:
        await self._session.execute(_SET_PROGRESS, {"until": until})

    async def seal(self, month: date) -> None:
        """Fixes the numbers of whatever has executions in a month that is about to go."""
        await self._session.execute(_SEAL, {"month": month})

    # --- reading them ------------------------------------------------------------------------------------------------

    async def days(self, *, start: date, end: date, today: date, routine_id: UUID | None) -> list[Row[Any]]:
        """One row per business date."""
        await self._session.execute(PLAN_ONCE)
        parameters = {"start": start, "end": end, "today": today, "routine": routine_id or ALL_ROUTINES}
        statement = _DAYS_OF_ALL if routine_id is None else _DAYS_OF_ONE
        return list((await self._session.execute(statement, parameters)).all())

    async def total(self, *, start: date, end: date, today: date, routine_id: UUID | None) -> Row[Any]:
        """All dates together."""
        parameters = {"start": start, "end": end, "today": today, "routine": routine_id or ALL_ROUTINES}
        statement = _TOTAL_OF_ALL if routine_id is None else _TOTAL_OF_ONE
        return (await self._session.execute(statement, parameters)).one()

    async def routines(self, *, start: date, end: date, today: date, order: str, limit: int) -> list[Row[Any]]:
        """One row per routine, all dates together."""
        await self._session.execute(PLAN_ONCE)
        days = {"start": start, "end": end, "today": today}
        parameters = {**days, "all": ALL_ROUTINES, "order": order, "limit": limit}
        return list((await self._session.execute(_EACH_ROUTINE, parameters)).all())


def sql(*parts: str) -> str:
    """One statement of parts that several share; all of them are constants of this file."""
    return "\n".join(parts)


_TAKE_TURN: Final = text("SELECT until FROM core.stats_progress WHERE id = 1 FOR UPDATE SKIP LOCKED")

_PROGRESS: Final = text("SELECT until FROM core.stats_progress WHERE id = 1").columns(
    column("until", DateTime(timezone=True))
)

_SET_PROGRESS: Final = text("UPDATE core.stats_progress SET until = :until WHERE id = 1")

COLUMNS: Final = """
    business_date, routine_id, succeeded, failed, skipped, cancelled, with_warnings, recoveries,
    durations, duration_sum, duration_p95, duration_buckets, duration_counts,
    delays, delay_sum, delay_p95, delay_buckets, delay_counts
"""

# Numbers of `picked` (executions that are over), grouped by `routine_id` and `business_date`. The duration is the last
# attempt's. A delay counts for first attempts only: what a retry or a recovery waits for says something else.
NUMBERS: Final = """
    , facts AS MATERIALIZED (
        SELECT routine_id, business_date, status, recoveries, warnings <> '[]'::jsonb AS warned,
            CASE WHEN status IN ('SUCCEEDED', 'FAILED')
                THEN greatest(extract(epoch FROM finished_at - started_at), 0)::double precision END AS duration,
            CASE WHEN attempt = 1
                THEN greatest(extract(epoch FROM started_at - due_at), 0)::double precision END AS delay
        FROM picked
    ), counts AS (
        SELECT routine_id, business_date,
            count(*) FILTER (WHERE status = 'SUCCEEDED') AS succeeded,
            count(*) FILTER (WHERE status = 'FAILED') AS failed,
            count(*) FILTER (WHERE status = 'SKIPPED') AS skipped,
            count(*) FILTER (WHERE status = 'CANCELLED') AS cancelled,
            count(*) FILTER (WHERE warned) AS with_warnings, sum(recoveries) AS recoveries,
            count(duration) AS durations, coalesce(sum(duration), 0) AS duration_sum,
            percentile_disc(0.95) WITHIN GROUP (ORDER BY duration) AS duration_p95,
            count(delay) AS delays, coalesce(sum(delay), 0) AS delay_sum,
            percentile_disc(0.95) WITHIN GROUP (ORDER BY delay) AS delay_p95
        FROM facts GROUP BY routine_id, business_date
    ), duration_counted AS (
        SELECT routine_id, business_date,
            array_agg(bucket ORDER BY bucket) AS buckets, array_agg(n ORDER BY bucket) AS counts
        FROM (SELECT routine_id, business_date, core.stats_bucket(duration) AS bucket, CAST(count(*) AS integer) AS n
              FROM facts WHERE duration IS NOT NULL GROUP BY 1, 2, 3) AS counted GROUP BY 1, 2
    ), delay_counted AS (
        SELECT routine_id, business_date,
            array_agg(bucket ORDER BY bucket) AS buckets, array_agg(n ORDER BY bucket) AS counts
        FROM (SELECT routine_id, business_date, core.stats_bucket(delay) AS bucket, CAST(count(*) AS integer) AS n
              FROM facts WHERE delay IS NOT NULL GROUP BY 1, 2, 3) AS counted GROUP BY 1, 2
    ), numbers AS (
        SELECT business_date, routine_id, succeeded, failed, skipped, cancelled, with_warnings, recoveries,
            durations, duration_sum, duration_p95, coalesce(d.buckets, '{}') AS duration_buckets,
            coalesce(d.counts, '{}') AS duration_counts,
            delays, delay_sum, delay_p95, coalesce(w.buckets, '{}') AS delay_buckets,
            coalesce(w.counts, '{}') AS delay_counts
        FROM counts LEFT JOIN duration_counted AS d USING (routine_id, business_date)
            LEFT JOIN delay_counted AS w USING (routine_id, business_date)
    )
"""

STORE: Final = """
    ON CONFLICT (business_date, routine_id) DO UPDATE SET
        succeeded = excluded.succeeded, failed = excluded.failed, skipped = excluded.skipped,
        cancelled = excluded.cancelled, with_warnings = excluded.with_warnings, recoveries = excluded.recoveries,
        durations = excluded.durations, duration_sum = excluded.duration_sum, duration_p95 = excluded.duration_p95,
        duration_buckets = excluded.duration_buckets, duration_counts = excluded.duration_counts,
        delays = excluded.delays, delay_sum = excluded.delay_sum, delay_p95 = excluded.delay_p95,
        delay_buckets = excluded.delay_buckets, delay_counts = excluded.delay_counts
"""

# LATERAL, so that each routine's date is looked up in its index: read as a whole, the table is years long.
_PICK_TOUCHED: Final = """
    WITH touched AS MATERIALIZED (
        SELECT DISTINCT routine_id, business_date FROM core.executions
        WHERE status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')
          AND updated_at >= :since AND updated_at <= :until
    ), picked AS (
        SELECT e.* FROM touched AS t CROSS JOIN LATERAL (
            SELECT e.routine_id, e.business_date, e.status, e.recoveries, e.warnings, e.attempt, e.due_at, e.started_at,
                e.finished_at
            FROM core.executions AS e
            WHERE e.routine_id = t.routine_id AND e.business_date = t.business_date
              AND e.status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED')
            OFFSET 0) AS e
        WHERE NOT EXISTS (SELECT 1 FROM core.daily_stats AS s
                          WHERE s.routine_id = t.routine_id AND s.business_date = t.business_date AND s.sealed)
    )
"""

_AGGREGATE: Final = text(
    sql(
        *(_PICK_TOUCHED, NUMBERS, ", stored AS (INSERT INTO core.daily_stats (", COLUMNS, ")"),
        *("SELECT", COLUMNS, "FROM numbers ORDER BY business_date, routine_id", STORE, "RETURNING business_date)"),
        "SELECT DISTINCT business_date FROM stored",
    )
).columns(column("business_date", Date))

# The rows of `wanted` (a routine's on a business date) put together by `{by}`. Of a single row all is exact.
_SUMS: Final = """
    , sums AS (
        SELECT {by}, CAST(sum(succeeded) AS bigint) AS succeeded, CAST(sum(failed) AS bigint) AS failed,
            CAST(sum(skipped) AS bigint) AS skipped, CAST(sum(cancelled) AS bigint) AS cancelled,
            CAST(sum(with_warnings) AS bigint) AS with_warnings, CAST(sum(recoveries) AS bigint) AS recoveries,
            CAST(sum(durations) AS bigint) AS durations, sum(duration_sum) AS duration_sum,
            CAST(sum(delays) AS bigint) AS delays, sum(delay_sum) AS delay_sum,
            count(*) AS parts, max(duration_p95) AS only_duration, max(delay_p95) AS only_delay
        FROM wanted GROUP BY {by}
    )
"""

# To be kept: with the histograms.
_MERGED: Final = """
    , duration_merged AS (
        SELECT {by}, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(n ORDER BY bucket) AS counts
        FROM (SELECT {by}, bucket, CAST(sum(n) AS integer) AS n
              FROM wanted, unnest(duration_buckets, duration_counts) AS u (bucket, n) GROUP BY 1, 2) AS merged
        GROUP BY 1
    ), delay_merged AS (
        SELECT {by}, array_agg(bucket ORDER BY bucket) AS buckets, array_agg(n ORDER BY bucket) AS counts
        FROM (SELECT {by}, bucket, CAST(sum(n) AS integer) AS n
              FROM wanted, unnest(delay_buckets, delay_counts) AS u (bucket, n) GROUP BY 1, 2) AS merged
        GROUP BY 1
    ), totals AS (
        SELECT {by}, succeeded, failed, skipped, cancelled, with_warnings, recoveries,
            durations, duration_sum,
            CASE WHEN parts = 1 THEN only_duration ELSE core.stats_p95(d.buckets, d.counts) END AS duration_p95,
            coalesce(d.buckets, '{}') AS duration_buckets, coalesce(d.counts, '{}') AS duration_counts,
            delays, delay_sum,
            CASE WHEN parts = 1 THEN only_delay ELSE core.stats_p95(w.buckets, w.counts) END AS delay_p95,
            coalesce(w.buckets, '{}') AS delay_buckets, coalesce(w.counts, '{}') AS delay_counts
        FROM sums LEFT JOIN duration_merged AS d USING ({by}) LEFT JOIN delay_merged AS w USING ({by})
    )
"""

_STORED_DAYS: Final = """
    WITH wanted AS MATERIALIZED (
        SELECT * FROM core.daily_stats WHERE business_date = ANY (CAST(:days AS date[])) AND routine_id <> :all
    )
"""
_SUM_DAYS: Final = text(
    sql(
        *(_STORED_DAYS, _SUMS.replace("{by}", "business_date"), _MERGED.replace("{by}", "business_date")),
        *("INSERT INTO core.daily_stats (", COLUMNS, ") SELECT", COLUMNS),
        *("FROM (SELECT *, CAST(:all AS uuid) AS routine_id FROM totals) AS made ORDER BY business_date", STORE),
    )
)

# To be read: each routine's 95th percentile of all its dates, the same as from its dates' histograms put together. Of
# these only the upper end is looked at, since thousands of them are there to be read. A date of n runs has n / 20 + 1
# at or above its own percentile; taken from the highest date down until they are a twentieth of all and one more, the
# last date's percentile bounds that of all dates from below, and nothing under its bucket matters.
_P95: Final = """
    , {kind}_known AS (
        SELECT routine_id, buckets, counts, everything,
            max(p95) FILTER (WHERE at_least * 20 > everything) OVER (PARTITION BY routine_id) AS bound
        FROM (
            SELECT routine_id, {kind}_buckets AS buckets, {kind}_counts AS counts, {kind}_p95 AS p95,
                sum({kind}s) OVER (PARTITION BY routine_id) AS everything,
                sum({kind}s / 20 + 1) OVER (
                    PARTITION BY routine_id ORDER BY {kind}_p95 DESC ROWS UNBOUNDED PRECEDING) AS at_least
            FROM wanted WHERE {kind}s > 0) AS ranked
    ), {kind}_high AS (
        SELECT routine_id, everything, bucket, CAST(sum(n) AS integer) AS n
        FROM (
            SELECT routine_id, everything, lowest, unnest(buckets) AS bucket, unnest(counts) AS n
            FROM (SELECT *, core.stats_bucket(bound) AS lowest FROM {kind}_known) AS bounded
            WHERE buckets[cardinality(buckets)] >= lowest) AS counted
        WHERE bucket >= lowest GROUP BY routine_id, everything, bucket
    ), {kind}_merged AS (
        SELECT routine_id, 0.001 * power(1.05::double precision, min(bucket) + 0.5) AS p95
        FROM (
            SELECT routine_id, everything, bucket,
                sum(n) OVER (PARTITION BY routine_id ORDER BY bucket DESC ROWS UNBOUNDED PRECEDING) - n AS above
            FROM {kind}_high) AS summed
        WHERE above * 20 <= everything GROUP BY routine_id
    )
"""
_TOTALS: Final = """
    , totals AS (
        SELECT routine_id, succeeded, failed, skipped, cancelled, with_warnings, recoveries, durations, duration_sum,
            CASE WHEN parts = 1 THEN only_duration ELSE d.p95 END AS duration_p95, delays, delay_sum,
            CASE WHEN parts = 1 THEN only_delay ELSE w.p95 END AS delay_p95
        FROM sums LEFT JOIN duration_merged AS d USING (routine_id) LEFT JOIN delay_merged AS w USING (routine_id)
    )
"""

_SEAL: Final = text("""
    WITH gone AS MATERIALIZED (
        SELECT DISTINCT routine_id, business_date FROM core.executions
        WHERE id >= core.partition_floor(CAST(:month AS date))
          AND id < core.partition_floor(CAST(CAST(:month AS date) + interval '1 month' AS date))
    )
    UPDATE core.daily_stats AS s SET sealed = true FROM gone
    WHERE s.routine_id = gone.routine_id AND s.business_date = gone.business_date AND NOT s.sealed
""")

# Today is counted as it stands, other days are in the table; `wanted` is both.
_PICK_TODAY: Final = """
    WITH picked AS (
        SELECT {whose} AS routine_id, business_date, status, recoveries, warnings, attempt, due_at, started_at,
            finished_at
        FROM core.executions
        WHERE business_date = :today AND CAST(:today AS date) BETWEEN CAST(:start AS date) AND CAST(:end AS date)
          AND status IN ('SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED'){only}
    )
"""
_WANTED: Final = sql(
    *(NUMBERS, ", wanted AS (SELECT", COLUMNS, "FROM numbers UNION ALL SELECT", COLUMNS),
    "FROM core.daily_stats WHERE business_date BETWEEN :start AND :end AND business_date <> :today AND {which})",
)
_OF_ALL: Final = sql(
    _PICK_TODAY.replace("{whose}", "CAST(:routine AS uuid)").replace("{only}", ""),
    _WANTED.replace("{which}", "routine_id = :routine"),
)
_OF_ONE: Final = sql(
    _PICK_TODAY.replace("{whose}", "routine_id").replace("{only}", " AND routine_id = :routine"),
    _WANTED.replace("{which}", "routine_id = :routine"),
)
_OF_EACH: Final = sql(
    _PICK_TODAY.replace("{whose}", "routine_id").replace("{only}", ""),
    _WANTED.replace("{which}", "routine_id <> :all"),
)
_BY_ROUTINE: Final = sql(
    *(_SUMS.replace("{by}", "routine_id"), _P95.replace("{kind}", "duration"), _P95.replace("{kind}", "delay"), _TOTALS)
)

_READ: Final = (
    *(column(name, Integer) for name in ("succeeded", "failed", "skipped", "cancelled", "with_warnings", "recoveries")),
    *(column("durations", Integer), column("duration_sum", Double), column("duration_p95", Double)),
    *(column("delays", Integer), column("delay_sum", Double), column("delay_p95", Double)),
)

_DAYS: Final = """
    SELECT business_date, succeeded, failed, skipped, cancelled, with_warnings, recoveries, durations, duration_sum,
        duration_p95, delays, delay_sum, delay_p95
    FROM wanted ORDER BY business_date
"""
_DAYS_OF_ALL: Final = text(sql(_OF_ALL, _DAYS)).columns(column("business_date", Date), *_READ)
_DAYS_OF_ONE: Final = text(sql(_OF_ONE, _DAYS)).columns(column("business_date", Date), *_READ)

# Without any row there is one of nothing.
_TOTAL: Final = """
    SELECT coalesce(succeeded, 0) AS succeeded, coalesce(failed, 0) AS failed, coalesce(skipped, 0) AS skipped,
        coalesce(cancelled, 0) AS cancelled, coalesce(with_warnings, 0) AS with_warnings,
        coalesce(recoveries, 0) AS recoveries, coalesce(durations, 0) AS durations,
        coalesce(duration_sum, 0) AS duration_sum, duration_p95,
        coalesce(delays, 0) AS delays, coalesce(delay_sum, 0) AS delay_sum, delay_p95
    FROM (SELECT 1) AS one LEFT JOIN totals ON true
"""
_TOTAL_OF_ALL: Final = text(sql(_OF_ALL, _BY_ROUTINE, _TOTAL)).columns(*_READ)
_TOTAL_OF_ONE: Final = text(sql(_OF_ONE, _BY_ROUTINE, _TOTAL)).columns(*_READ)

_EACH: Final = """
    SELECT t.routine_id, coalesce(r.name, '?') AS name, coalesce(r.title, '?') AS title, succeeded, failed, skipped,
        cancelled, with_warnings, recoveries, durations, duration_sum, duration_p95, delays, delay_sum, delay_p95
    FROM totals AS t LEFT JOIN core.routines AS r ON r.id = t.routine_id
    ORDER BY CASE CAST(:order AS text)
            WHEN 'runs' THEN succeeded + failed
            WHEN 'failed' THEN failed
            WHEN 'error_rate' THEN failed::double precision / nullif(succeeded + failed, 0)
            WHEN 'mean_duration' THEN duration_sum / nullif(durations, 0)
            WHEN 'p95_duration' THEN duration_p95
            WHEN 'p95_delay' THEN delay_p95 END DESC NULLS LAST, name, t.routine_id
    LIMIT :limit
"""
_EACH_ROUTINE: Final = text(sql(_OF_EACH, _BY_ROUTINE, _EACH)).columns(
    column("routine_id", Uuid), column("name", Text), column("title", Text), *_READ
)
