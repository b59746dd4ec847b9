"""`b3.cotahist.load`: bring the newest good release of a file into the table of quotes, in one transaction."""

import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from rotina import JobContext, PermanentError, TransientError
from shared_utils.db.session import read_transaction, transaction
from worker_svc.jobs.b3.download import choose_file
from worker_svc.jobs.environment import JobEnvironment, open_environment
from worker_svc.jobs.params import CotahistParams, OnMissing
from worker_svc.market.checks import Finding, find_missing_rows, find_overflown_trades
from worker_svc.market.loads import announce_loads, record_loads
from worker_svc.market.models import Release
from worker_svc.market.quotes_loading import (
    DuplicateQuote,
    SessionChange,
    ensure_partitions,
    load_quotes,
    load_year,
)
from worker_svc.market.releases import BROKEN, current_release, mark_broken
from worker_svc.sources.archive import BrokenFile
from worker_svc.sources.cotahist_layout import COLUMNS, CotahistFile, Granularity
from worker_svc.sources.cotahist_parsing import parse_archive
from worker_svc.sources.read_ahead import read_ahead_async

type Changes = Mapping[date, SessionChange]


async def run(ctx: JobContext[CotahistParams]) -> dict[str, Any]:
    """Row counts; what the checks found as warnings. Errors: NO_RELEASE (transient), BROKEN_FILE (permanent)."""
    started = time.perf_counter()
    async with open_environment() as env:
        file = await choose_file(ctx, env)
        if file is None:
            return {"outcome": "not_a_session", "session": None}
        release = await _release(env, file)
        if release is None:
            return await _without_release(ctx, env, file)
        ctx.log.info("loading", file=file.stem, release_id=str(release.id), stored=release.storage_path)
        changes = await load_release(ctx, env, file, release)
    data = _totals(file, changes) | {"release_id": str(release.id), "seconds": round(time.perf_counter() - started, 3)}
    ctx.log.info("loaded", file=file.stem, **data)
    return data


async def load_release(
    ctx: JobContext[Any], env: JobEnvironment, file: CotahistFile, release: Release
) -> dict[date, SessionChange]:
    """Load, check and record a release. A file that turns out to be broken leaves no row and is not offered again."""
    try:
        changes, findings = await _load(ctx, env, file, release)
    except (BrokenFile, DuplicateQuote) as broken:
        detail = getattr(broken, "detail", {})
        async with transaction(env.sessionmaker) as session:
            await mark_broken(session, release.id, detail={"reason": str(broken), **detail})
        raise PermanentError(
            f"{file}: {broken}", code="BROKEN_FILE", detail={"release_id": str(release.id), **detail}
        ) from None
    for finding in findings:
        ctx.warn(finding.code, finding.message, **finding.context)
    return changes


async def _load(
    ctx: JobContext[Any], env: JobEnvironment, file: CotahistFile, release: Release
) -> tuple[dict[date, SessionChange], list[Finding]]:
    first, last = _period(file)
    batches = read_ahead_async(parse_archive(env.raw_files.path_of(release.storage_path), file=file))
    is_year = file.granularity is Granularity.ANNUAL
    if not is_year:
        async with transaction(env.sessionmaker) as session:
            await ensure_partitions(session, first=first, last=last)
    async with transaction(env.sessionmaker) as session:
        if is_year:
            changes = await load_year(session, batches, columns=COLUMNS, year=first.year)
        else:
            changes = await load_quotes(session, batches, columns=COLUMNS, first=first, last=last)
        ctx.progress(0.9, f"{file}: checks")
        findings = await find_overflown_trades(session, days=changes)
        if file.granularity is Granularity.DAILY:
            few = await find_missing_rows(session, dataset=file.dataset, day=first, rows=changes[first].rows)
            findings += [few] if few is not None else []
        await record_loads(
            session,
            changes,
            dataset=file.dataset,
            release_id=release.id,
            findings=findings,
            execution_id=ctx.execution_id,
            attempt=ctx.attempt,
            at=env.clock.now(),
        )
        await announce_loads(
            session,
            changes,
            dataset=file.dataset,
            release_id=release.id,
            correlation_id=ctx.run.correlation_id,
            clock=env.clock,
        )
    return changes, findings


async def _release(env: JobEnvironment, file: CotahistFile) -> Release | None:
    async with read_transaction(env.sessionmaker) as session:
        release = await current_release(session, dataset=file.dataset, reference_date=file.reference_date)
    if release is not None and not env.raw_files.holds(release.storage_path):
        raise TransientError(
            f"{file}: the raw file {release.storage_path} is gone from the storage; download it again",
            code="RELEASE_FILE_MISSING",
            detail={"release_id": str(release.id)},
        )
    return release


async def _without_release(ctx: JobContext[CotahistParams], env: JobEnvironment, file: CotahistFile) -> dict[str, Any]:
    async with read_transaction(env.sessionmaker) as session:
        broken = await current_release(
            session, dataset=file.dataset, reference_date=file.reference_date, outcome=BROKEN
        )
    message = f"there is no good download of {file}; run b3.cotahist.download for it first"
    if broken is not None:
        message = f"there is no good download of {file}: the last one is broken ({broken.detail.get('reason')})"
    if ctx.params.on_missing is OnMissing.FAIL:
        raise TransientError(message, code="NO_RELEASE", detail={"file": file.stem})
    ctx.warn("NO_RELEASE", message, file=file.stem)
    return {"outcome": "no_release", "session": file.reference_date.isoformat()}


def _period(file: CotahistFile) -> tuple[date, date]:
    first = file.reference_date
    match file.granularity:
        case Granularity.DAILY:
            return first, first
        case Granularity.MONTHLY:
            return first, (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        case Granularity.ANNUAL:
            return first, date(first.year, 12, 31)


def _totals(file: CotahistFile, changes: Changes) -> dict[str, Any]:
    names = ("rows", "inserted", "updated", "deleted", "unchanged")
    return {
        "outcome": "loaded",
        "session": file.reference_date.isoformat(),
        "sessions": len(changes),
        **{name: sum(getattr(change, name) for change in changes.values()) for name in names},
    }
