"""One call's way along the chain: whose turn it is, what each turn used, and what is said when nobody answered."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from ai_svc.brain import tokens
from ai_svc.brain.chat import CallContext, ChatRequest, ChatResult, Usage
from ai_svc.brain.exceptions import (
    ModelLimited,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
    NotSupported,
    code_of,
)
from ai_svc.brain.ledger import Ledger, Reservation
from ai_svc.brain.links import Link
from ai_svc.brain.telemetry import Observation, Telemetry
from shared_utils.errors import AppError
from shared_utils.http.circuit_breaker import BreakerState
from shared_utils.logging import get_logger

logger = get_logger(__name__)

OK: Final = "ok"
CANCELLED: Final = "cancelled"


class Walk:
    """A call. `booking` keeps the settlements that are under way, so that the process can wait for them at its end."""

    def __init__(
        self,
        links: Sequence[Link],
        request: ChatRequest,
        context: CallContext,
        *,
        ledger: Ledger,
        telemetry: Telemetry,
        booking: set[asyncio.Task[None]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.request = request
        self.context = context
        self.ledger = ledger
        self.telemetry = telemetry
        self.booking = booking
        self.monotonic = monotonic
        self.deadline = monotonic() + request.timeout_seconds
        self.streamed = False
        self.told = False
        """Whether somebody has seen a part of an answer."""
        self.spent = Usage(0, 0)
        self.errors: list[tuple[Link, AppError]] = []
        self._links = tuple(links)
        self._skipped: list[Link] = []

    def links(self) -> Iterator[Link]:
        """Those that are asked, in turn, for as long as the caller asks for another one."""
        for link in self._links:
            if self._is_over(link):
                return
            if link.is_model and self.monotonic() >= self.deadline:
                continue
            if link.take():
                yield link
            else:
                self._skipped.append(link)

    def has_alternative(self, link: Link) -> bool:
        """Whether another model comes after this one that may be asked now."""
        rest = self._links[self._links.index(link) + 1 :]
        return any(one.is_model and one.retry_after <= 0 and one.state is not BreakerState.OPEN for one in rest)

    async def begin(self, link: Link) -> "Turn":
        """Sets aside what the call may cost there. Raises what the ledger raises: without money nobody is asked."""
        reservation: Reservation | None = None
        if link.is_model:
            try:
                reservation = await self.ledger.reserve(
                    self.context,
                    provider=link.provider.name,
                    model=link.provider.model,
                    input_tokens=tokens.count_request(self.request, provider=link.provider.name),
                    output_tokens=self.request.max_output_tokens,
                )
            except BaseException:
                link.let_go()
                raise
        return Turn(self, link, reservation)

    def verdict(self) -> AppError:
        """The error of a call that nobody answered: the last one that says something about the call."""
        if not self.errors:
            return self._nobody_asked()
        telling = [error for _, error in self.errors if not isinstance(error, NotSupported)]
        error = telling[-1] if telling else self.errors[-1][1]
        if len(self.errors) > 1:
            error.details = {
                "attempts": [{"provider": str(one.provider.name), "code": e.code} for one, e in self.errors]
            }
        return error

    def _is_over(self, link: Link) -> bool:
        if not self.errors:
            return False
        # A request that a model refused is not answered by other means: its sender has to know.
        refused = isinstance(self.errors[-1][1], ModelRefused) and not link.is_model
        return refused or (self.told and self.monotonic() >= self.deadline)

    def _nobody_asked(self) -> AppError:
        if self.monotonic() >= self.deadline:
            return ModelTimedOut()
        waits = [(link.retry_after, link.resting) for link in self._skipped]
        soonest = min((wait for wait, _ in waits), default=1.0)
        limited = bool(waits) and all(resting > 0 for _, resting in waits)
        return ModelLimited(retry_after=soonest) if limited else ModelUnavailable(retry_after=soonest)


class Turn:
    """One provider's part in a call, from its reservation to its settlement."""

    def __init__(self, walk: Walk, link: Link, reservation: Reservation | None) -> None:
        self.link = link
        self.texts: list[str] = []
        """What was streamed."""
        self.first_token_seconds: float | None = None
        self._walk = walk
        self._reservation = reservation
        self._began = walk.monotonic()
        self._end = min(walk.deadline, self._began + link.timeouts.whole)
        self._open = True
        self._observation: Observation = walk.telemetry.begin(
            link.provider.name, link.provider.model, walk.request, context=walk.context, streamed=walk.streamed
        )

    def time_left(self) -> float:
        """Seconds; a provider that is no model takes none, and may answer when time is up."""
        return max(0.0, self._end - self._walk.monotonic()) if self.link.is_model else float(self.link.timeouts.whole)

    def heard(self) -> None:
        """The first token came."""
        self.first_token_seconds = self._walk.monotonic() - self._began
        self._observation.first_chunk(self.first_token_seconds)

    async def answered(self, result: ChatResult) -> ChatResult:
        """Books the answer. Answers it with counts of its tokens that can be true."""
        self.link.answered()
        if not tokens.plausible(result.usage, self._walk.request):
            result = replace(result, usage=self._estimate(result.text))
        await self._close(OK, result.usage, result=result)
        return result

    async def end(self, error: BaseException) -> None:
        """Books what was used without an answer: by an error, a bug, or because nobody listens any more."""
        if not self._open:
            return
        if isinstance(error, AppError):
            self.link.failed(error)
            self._walk.errors.append((self.link, error))
            self._walk.told = self._walk.told or bool(self.texts)
        else:
            self.link.let_go()
        cancelled = isinstance(error, asyncio.CancelledError | GeneratorExit)
        # Whoever was at work when the time was up or the call was cancelled had read the request.
        billed = self.link.is_model and (bool(self.texts) or cancelled or isinstance(error, ModelTimedOut))
        usage = self._estimate("".join(self.texts)) if billed else Usage(0, 0)
        await self._close(CANCELLED if cancelled else code_of(error), usage)

    async def _close(self, outcome: str, usage: Usage, *, result: ChatResult | None = None) -> None:
        self._open = False
        walk, seconds = self._walk, self._walk.monotonic() - self._began
        walk.spent = Usage(
            walk.spent.input_tokens + usage.input_tokens,
            walk.spent.output_tokens + usage.output_tokens,
            walk.spent.estimated or usage.estimated,
        )
        self._observation.end(outcome=outcome, usage=usage, seconds=seconds, result=result)
        if self._reservation is None:
            return
        # A task of its own: who is cancelled while booking must not leave the reservation open.
        task = asyncio.create_task(self._settle(self._reservation, outcome, usage, seconds))
        walk.booking.add(task)
        task.add_done_callback(walk.booking.discard)
        await asyncio.shield(task)

    async def _settle(self, reservation: Reservation, outcome: str, usage: Usage, seconds: float) -> None:
        """An answer that was paid for is given out even when it cannot be booked; its reservation stays and counts."""
        try:
            await self._walk.ledger.settle(
                reservation,
                usage=usage,
                outcome=outcome,
                seconds=seconds,
                first_token_seconds=self.first_token_seconds,
            )
        except Exception as error:  # noqa: BLE001  told here, and the reservation keeps the budget on the safe side
            fields = {"reservation": str(reservation.id), "error": type(error).__name__}
            logger.error("a call to a model could not be settled", extra={"fields": fields})  # noqa: TRY400  no content

    def _estimate(self, text: str) -> Usage:
        name = self.link.provider.name
        given = tokens.count_request(self._walk.request, provider=name)
        return Usage(given, tokens.count(text, provider=name), estimated=True)
