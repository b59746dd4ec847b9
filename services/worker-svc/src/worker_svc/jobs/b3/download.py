"""`b3.cotahist.download`: get one COTAHIST file, check that it is whole, keep its bytes."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rotina import JobContext, PermanentError, TransientError
from shared_utils.db.session import read_transaction, transaction
from worker_svc.jobs.b3.sessions import find_session, may_be_rewritten, reference_day
from worker_svc.jobs.environment import JobEnvironment, open_environment
from worker_svc.jobs.params import CotahistParams, OnMissing
from worker_svc.market.models import Release
from worker_svc.market.releases import (
    BROKEN,
    GOT,
    SeenContent,
    announce_file,
    current_release,
    record_release,
    touch_release,
)
from worker_svc.sources.cotahist_download import Download, Outcome, download_cotahist
from worker_svc.sources.cotahist_layout import CotahistFile, Granularity


@dataclass(frozen=True, slots=True)
class Obtained:
    """What a download ended in, and the release that it left, if any."""

    file: CotahistFile
    download: Download
    outcome: Outcome
    release_id: UUID | None
    stored: str | None

    def as_data(self) -> dict[str, Any]:
        inspection = self.download.inspection
        return {
            "outcome": self.outcome,
            "file": self.file.stem,
            "session": self.file.reference_date.isoformat(),
            "url": self.download.fetched.url,
            "reason": self.download.reason,
            "release_id": str(self.release_id) if self.release_id else None,
            "stored": self.stored,
            "size_bytes": self.download.fetched.size or None,
            "sha256": self.download.fetched.sha256 or None,
            "records": inspection.records if inspection else None,
        }


async def run(ctx: JobContext[CotahistParams]) -> dict[str, Any]:
    """A success for `got`, `unchanged` and `not_a_session`; a typed error for the rest (see `raise_unless_got`)."""
    async with open_environment() as env:
        file = await choose_file(ctx, env)
        if file is None:
            return {"outcome": Outcome.NOT_A_SESSION, "session": None}
        obtained = await obtain(ctx, env, file)
        if obtained.outcome is Outcome.NOT_PUBLISHED and ctx.params.on_missing is OnMissing.WARN:
            ctx.warn("NOT_PUBLISHED", f"{file}: {obtained.download.reason}", url=obtained.download.fetched.url)
            return obtained.as_data()
        await raise_unless_got(env, obtained)
        return obtained.as_data()


async def choose_file(ctx: JobContext[CotahistParams], env: JobEnvironment) -> CotahistFile | None:
    """The file that the params mean; None, with a warning, when its day is not a session."""
    if ctx.params.file is not Granularity.DAILY:
        return CotahistFile(ctx.params.file, (await reference_day(ctx, env, ctx.params.reference)).day)
    session = await find_session(ctx, env, ctx.params.reference)
    return None if session is None else CotahistFile(Granularity.DAILY, session.day)


async def obtain(ctx: JobContext[Any], env: JobEnvironment, file: CotahistFile) -> Obtained:
    """Download `file` and record what came. Whatever has bytes is kept, broken or not."""
    known = await _current(env, file)
    target = ctx.temp_dir / f"{file.stem}.zip"
    ctx.log.info(
        "asking for the file", file=file.stem, url=env.settings.b3_base_url, known_etag=known.etag if known else None
    )
    ctx.progress(0.1, f"{file}: download")
    download = await download_cotahist(
        env.http, file, base_url=env.settings.b3_base_url, into=target, etag=known.etag if known else None
    )
    obtained = await _record(env, file, download, known=known, path=target, correlation_id=ctx.run.correlation_id)
    log = ctx.log.info if obtained.outcome in {Outcome.GOT, Outcome.UNCHANGED} else ctx.log.warning
    log(f"{file}: {obtained.outcome}, {download.reason}", **_log_fields(obtained))
    ctx.progress(1.0, f"{file}: {obtained.outcome}")
    return obtained


async def raise_unless_got(env: JobEnvironment, obtained: Obtained) -> None:
    """`TransientError` NOT_PUBLISHED, BLOCKED, UPSTREAM_ERROR; BROKEN_FILE is transient while the file is recent."""
    download, what = obtained.download, f"{obtained.file}: {obtained.download.reason}"
    detail = {"url": download.fetched.url, "status": download.fetched.status, **download.detail}
    match obtained.outcome:
        case Outcome.NOT_PUBLISHED:
            raise TransientError(what, code="NOT_PUBLISHED", detail=detail)
        case Outcome.BLOCKED:
            raise TransientError(what, code="BLOCKED", detail=detail)
        case Outcome.SERVER_ERROR:
            raise TransientError(what, code="UPSTREAM_ERROR", detail=detail)
        case Outcome.BROKEN:
            detail |= {"release_id": str(obtained.release_id), "stored": obtained.stored}
            if await may_be_rewritten(env, obtained.file):
                raise TransientError(what, code="BROKEN_FILE", detail=detail)
            raise PermanentError(what, code="BROKEN_FILE", detail=detail)
        case _:
            return


async def _current(env: JobEnvironment, file: CotahistFile) -> Release | None:
    """The release that we have, if its bytes are still there: otherwise the file is worth downloading again."""
    async with read_transaction(env.sessionmaker) as session:
        known = await current_release(session, dataset=file.dataset, reference_date=file.reference_date)
    return known if known is not None and env.raw_files.holds(known.storage_path) else None


async def _record(
    env: JobEnvironment,
    file: CotahistFile,
    download: Download,
    *,
    known: Release | None,
    path: Any,
    correlation_id: str,
) -> Obtained:
    now = env.clock.now()
    if download.outcome is Outcome.UNCHANGED and known is not None:
        async with transaction(env.sessionmaker) as session:
            await touch_release(session, known.id, at=now)
        return Obtained(file, download, Outcome.UNCHANGED, known.id, known.storage_path)
    if download.outcome not in {Outcome.GOT, Outcome.BROKEN}:
        return Obtained(file, download, download.outcome, None, None)
    stored = env.raw_files.keep(
        path,
        dataset=file.dataset,
        reference_date=file.reference_date,
        stem=file.stem,
        sha256=download.fetched.sha256,
    )
    seen = _seen(file, download, stored)
    async with transaction(env.sessionmaker) as session:
        release_id, is_new = await record_release(session, seen, at=now)
        if is_new and download.outcome is Outcome.GOT:
            await announce_file(session, seen, correlation_id=correlation_id, clock=env.clock)
    outcome = Outcome.UNCHANGED if download.outcome is Outcome.GOT and not is_new else download.outcome
    return Obtained(file, download, outcome, release_id, stored)


def _seen(file: CotahistFile, download: Download, stored: str) -> SeenContent:
    fetched, inspection = download.fetched, download.inspection
    detail = {"reason": download.reason, **download.detail} if download.outcome is Outcome.BROKEN else {}
    if inspection is not None and inspection.generated_on is not None:
        detail["generated_on"] = inspection.generated_on.isoformat()
    return SeenContent(
        dataset=file.dataset,
        reference_date=file.reference_date,
        url=fetched.url,
        sha256=fetched.sha256,
        size_bytes=fetched.size,
        storage_path=stored,
        outcome=GOT if download.outcome is Outcome.GOT else BROKEN,
        etag=fetched.headers.get("etag"),
        last_modified=fetched.headers.get("last-modified"),
        member_name=inspection.member_name if inspection else None,
        records=inspection.records if inspection else None,
        detail=detail,
    )


def _log_fields(obtained: Obtained) -> dict[str, Any]:
    return {name: value for name, value in obtained.as_data().items() if value is not None and name != "reason"}
