"""Artifacts on their way to core-api: a few at a time, repeated until they are there or refused (E15)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from rotina import Artifact
from shared_schemas.jobs import LogLevel, RunWarning
from shared_utils.http.client import UpstreamRejected, UpstreamUnavailable
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff
from worker_svc.runtime.active import ActiveRun
from worker_svc.runtime.core import CoreProtocol

logger = get_logger(__name__)

AT_ONCE: Final = 2
FENCED: Final = "ARTIFACT_FENCED"
_BLOCK: Final = 256 * 1024


class ArtifactSender:
    """Sends spooled files. One that core-api refuses becomes a warning of its run."""

    def __init__(self, core: CoreProtocol) -> None:
        self._core = core
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def send(self, active: ActiveRun, artifact: Artifact, path: Path) -> None:
        """Until it is there; it waits as long as core-api is away."""
        async with active.sending:  # in the order in which they were handed over: a name may come twice
            try:
                await self._send(active, artifact, path)
            except (UpstreamRejected, OSError) as error:
                _warn(active, artifact, error)
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _send(self, active: ActiveRun, artifact: Artifact, path: Path) -> None:
        backoff = Backoff(maximum=2.0)
        while True:
            try:
                async with self._turns:
                    return await self._core.artifact(active.ref, artifact, lambda: _blocks(path))
            except UpstreamUnavailable as error:
                fields = {"artifact": artifact.name, "error": str(error)}
                logger.warning("an artifact waits for core-api", extra={"fields": fields})
            await asyncio.sleep(backoff.next())

    async def sent(self, active: ActiveRun) -> None:
        """Waits until nothing of a run is on its way any more."""
        while pending := [task for task in active.uploads if not task.done()]:
            await asyncio.wait(pending)

    async def give_up(self, active: ActiveRun) -> None:
        """The run is somebody else's: its files are not wanted any more."""
        for task in active.uploads:
            task.cancel()
        await asyncio.gather(*active.uploads, return_exceptions=True)


def _warn(active: ActiveRun, artifact: Artifact, error: Exception) -> None:
    if isinstance(error, UpstreamRejected) and error.upstream_code == FENCED:
        return  # the next heartbeat tells the run itself
    message = f"The artifact {artifact.name} was not kept: {error}"
    active.warnings.append(RunWarning(code="ARTIFACT_NOT_KEPT", message=message, context={"artifact": artifact.name}))
    active.log(LogLevel.WARNING, message, {"artifact": artifact.name, "size_bytes": artifact.size_bytes})


async def _blocks(path: Path) -> AsyncIterator[bytes]:
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        while block := await asyncio.to_thread(file.read, _BLOCK):
            yield block
