"""Results on their way to core-api: batched, repeated until each is accepted or fenced (E8)."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from shared_schemas.jobs import AttemptRef, AttemptResult, Outcome, RunError
from shared_utils.http.client import UpstreamRejected, UpstreamUnavailable
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import Backoff, wait_first
from worker_svc.runtime.core import CoreProtocol

logger = get_logger(__name__)

BATCH: Final = 200

type Settled = Callable[[Sequence[AttemptRef], Sequence[AttemptRef]], Awaitable[None]]


class ResultReporter:
    """Reports in the order in which runs end. `settled` is told which were accepted and which were fenced."""

    def __init__(self, core: CoreProtocol, settled: Settled) -> None:
        self._core = core
        self._settled = settled
        self._waiting: list[AttemptResult] = []
        self._more = asyncio.Event()

    def add(self, result: AttemptResult) -> None:
        self._waiting.append(result)
        self._more.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Reports until `stop` is set and nothing waits."""
        backoff = Backoff(initial=0.05, maximum=1.0)
        while not (stop.is_set() and not self._waiting):
            if not self._waiting:
                self._more.clear()
                await wait_first(stop, self._more, timeout=60)
                continue
            batch = self._waiting[:BATCH]
            try:
                accepted, fenced = await self._report(batch)
            except UpstreamUnavailable as error:
                logger.warning(
                    "results wait for core-api", extra={"fields": {"results": len(self._waiting), "error": str(error)}}
                )
                await asyncio.sleep(backoff.next())
                continue
            backoff.reset()
            del self._waiting[: len(batch)]
            await self._settled(accepted, fenced)

    async def _report(self, batch: Sequence[AttemptResult]) -> tuple[Sequence[AttemptRef], Sequence[AttemptRef]]:
        try:
            reply = await self._core.finish(batch)
        except UpstreamRejected as error:
            if len(batch) > 1:
                return await self._report_each(batch)
            reply = await self._core.finish([_unreportable(batch[0], error)])
        return reply.accepted, reply.fenced

    async def _report_each(self, batch: Sequence[AttemptResult]) -> tuple[list[AttemptRef], list[AttemptRef]]:
        """One result that core-api cannot take must not hold up the others."""
        accepted: list[AttemptRef] = []
        fenced: list[AttemptRef] = []
        for result in batch:
            yes, no = await self._report([result])
            accepted += yes
            fenced += no
        return accepted, fenced


def _unreportable(result: AttemptResult, error: UpstreamRejected) -> AttemptResult:
    logger.error(
        "core-api refused a result", extra={"fields": {"execution_id": str(result.execution_id), "error": str(error)}}
    )
    reason = RunError(code="RESULT_REFUSED", message=f"The job's result could not be stored: {error}", transient=False)
    return result.model_copy(update={"outcome": Outcome.FAILED, "result": None, "error": reason})
