"""The caller: goes along the chain until a provider answers, and keeps the books, spans and counters of it.

What is promised about a stream, whatever a provider does: exactly one `Done` or `Failed`, at the end; the deltas since
the last `Restart` are the text of `Done`; and closing the iterator, or cancelling its task, closes the connection to
the provider and books what was used.
"""

import asyncio
import time
import traceback
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from pydantic import BaseModel

from ai_svc.brain import structured
from ai_svc.brain.chat import (
    Began,
    CallContext,
    ChatRequest,
    ChatResult,
    Delta,
    Done,
    Failed,
    Restart,
    StreamEvent,
)
from ai_svc.brain.exceptions import ModelFailed, ModelTimedOut, code_of
from ai_svc.brain.ledger import Ledger
from ai_svc.brain.links import Link, wait_before_retry
from ai_svc.brain.telemetry import Telemetry
from ai_svc.brain.walks import Turn, Walk
from shared_utils.errors import AppError
from shared_utils.logging import get_logger

logger = get_logger(__name__)

INTERNAL_MESSAGE: Final = "Something went wrong on our side; quote the request id when you report it."


class ModelCaller:
    """Calls the first provider of the chain that answers; see `ai_svc.brain.calls.Caller`."""

    def __init__(
        self,
        links: Sequence[Link],
        *,
        ledger: Ledger,
        telemetry: Telemetry | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.links = tuple(links)
        self._ledger = ledger
        self._telemetry = telemetry or Telemetry()
        self._monotonic = monotonic
        self._booking: set[asyncio.Task[None]] = set()

    async def chat(self, request: ChatRequest, *, context: CallContext) -> ChatResult:
        """One whole answer. Raises the errors of `ai_svc.brain.exceptions`."""
        walk = self._walk(request, context)
        for link in walk.links():
            turn = await walk.begin(link)
            try:
                result = await self._whole(turn, walk)
            except AppError as error:
                await turn.end(error)
            except BaseException as error:
                await turn.end(error)
                raise
            else:
                return await turn.answered(result)
        raise walk.verdict()

    def stream(self, request: ChatRequest, *, context: CallContext) -> AsyncIterator[StreamEvent]:
        """Events until exactly one `Done` or `Failed`. Closing the iterator cancels the call and books what it used."""
        return self._stream(self._walk(request, context))

    async def structured[T: BaseModel](self, request: ChatRequest, answer: type[T], *, context: CallContext) -> T:
        """An answer that satisfies `answer`; one turn of repair when the first one does not. Raises `ModelFailed`."""
        asked = replace(request, schema=structured.schema_of(answer))
        first = await self.chat(asked, context=context)
        parsed = structured.parsed(first.text, answer)
        if isinstance(parsed, structured.Flaws):
            second = await self.chat(structured.repair(asked, first.text, parsed), context=context)
            parsed = structured.parsed(second.text, answer)
        if isinstance(parsed, structured.Flaws):
            raise ModelFailed("The model did not answer in the shape that was asked for; try again, or with less text.")
        return parsed

    async def aclose(self) -> None:
        """Waits until everything is booked and closes the connections."""
        await asyncio.gather(*self._booking, return_exceptions=True)
        for link in self.links:
            await link.provider.aclose()

    def _walk(self, request: ChatRequest, context: CallContext) -> Walk:
        return Walk(
            self.links,
            request,
            context,
            ledger=self._ledger,
            telemetry=self._telemetry,
            booking=self._booking,
            monotonic=self._monotonic,
        )

    async def _stream(self, walk: Walk) -> AsyncGenerator[StreamEvent]:
        """Whatever happens inside, the end is one event."""
        walk.streamed = True
        try:
            async with aclosing(self._events(walk)) as events:
                async for event in events:
                    yield event
                    if isinstance(event, Done):
                        return
            end = walk.verdict()
        except AppError as error:
            end = error
        except Exception as error:  # noqa: BLE001  a bug ends the stream as an error does, and is reported here
            _report(error)
            end = AppError(INTERNAL_MESSAGE)
        yield Failed(end.code, end.message, walk.spent)

    async def _events(self, walk: Walk) -> AsyncGenerator[StreamEvent]:
        """Events of the providers, one after the other; ends without `Done` when none of them answered."""
        void: str | None = None
        for link in walk.links():
            turn = await walk.begin(link)
            try:
                async with aclosing(self._tokens(turn, walk)) as heard:
                    async for event in heard:
                        if turn.first_token_seconds is None:
                            turn.heard()
                            if void is not None:
                                yield Restart(void)
                            yield Began(link.provider.name, link.provider.model)
                        if isinstance(event, Done):
                            yield Done(await turn.answered(event.result))
                            return
                        turn.texts.append(event.text)
                        yield event
            except AppError as error:
                await turn.end(error)
                void = code_of(error) if turn.texts else void
            except BaseException as error:
                await turn.end(error)
                raise

    async def _tokens(self, turn: Turn, walk: Walk) -> AsyncGenerator[Delta | Done]:
        """A provider's tokens within its limits of time; tries again while it has said nothing."""
        for attempt in range(1, 100):
            try:
                async with aclosing(self._timed(turn, walk)) as events:
                    async for event in events:
                        yield event
            except AppError as error:
                if turn.first_token_seconds is not None:
                    raise
                await self._wait_or_raise(error, turn, walk, attempt=attempt)
            else:
                return

    async def _timed(self, turn: Turn, walk: Walk) -> AsyncGenerator[Delta | Done]:
        limits = turn.link.timeouts
        patience = limits.first_token
        async with aclosing(turn.link.provider.stream(walk.request)) as events:
            while True:
                try:
                    async with asyncio.timeout(min(patience, turn.time_left())):
                        event = await anext(events, None)
                except TimeoutError:
                    raise ModelTimedOut from None
                if event is None:
                    raise ModelFailed
                yield event
                if isinstance(event, Done):
                    return
                patience = limits.between_tokens

    async def _whole(self, turn: Turn, walk: Walk) -> ChatResult:
        attempt = 1
        while True:
            try:
                async with asyncio.timeout(turn.time_left()):
                    return await turn.link.provider.chat(walk.request)
            except TimeoutError:
                raise ModelTimedOut from None
            except AppError as error:
                await self._wait_or_raise(error, turn, walk, attempt=attempt)
                attempt += 1

    async def _wait_or_raise(self, error: AppError, turn: Turn, walk: Walk, *, attempt: int) -> None:
        wait = wait_before_retry(
            error, attempt=attempt, alternative=walk.has_alternative(turn.link), time_left=turn.time_left()
        )
        if wait is None:
            raise error
        await asyncio.sleep(wait)


def _report(error: Exception) -> None:
    """Where it happened, without the message: that may hold what a prompt or an answer says."""
    frames = traceback.extract_tb(error.__traceback__)[-5:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    logger.error("a call to a model broke", extra={"fields": {"error": type(error).__name__, "where": where}})
