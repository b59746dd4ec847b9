"""Calls that make up one job: counted together, tried once more when what failed may pass, JSON held to a check."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ai_svc.brain.calls import Caller
from ai_svc.brain.chat import CallContext, ChatMessage, ChatRequest, ChatResult, FinishReason, PromptRef
from ai_svc.brain.exceptions import AnswerUnfit, BudgetExceeded, ModelUnavailable, NotSupported, is_passing
from ai_svc.brain.schemas import ProviderName
from shared_utils.errors import AppError

TRIES: Final = 2
_AGAIN: Final = (
    "A resposta acima não é um JSON que satisfaz o esquema pedido. Responda outra vez, somente com o JSON correto."
)


@dataclass(slots=True)
class Tally:
    """The calls of one job, and who answered them; `local` when no model did."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    provider: ProviderName = ProviderName.LOCAL
    model: str | None = None
    truncated: bool = False

    def count(self, result: ChatResult) -> None:
        """Adds a call."""
        self.calls += 1
        self.input_tokens += result.usage.input_tokens
        self.output_tokens += result.usage.output_tokens
        self.truncated = self.truncated or result.finish_reason is FinishReason.LENGTH
        if result.provider is not ProviderName.LOCAL:
            self.provider, self.model = result.provider, result.model


class Asking:
    """One job's calls to models. They never carry tools: whatever a text says, there is nothing it could set off."""

    def __init__(self, models: Caller, context: CallContext, *, retry_seconds: float) -> None:
        self._models = models
        self._context = context
        self._retry_seconds = retry_seconds
        self.tally = Tally()

    def with_prompt(self, prompt: PromptRef) -> "Asking":
        """The same job's calls, made with `prompt`."""
        other = Asking(self._models, replace(self._context, prompt=prompt), retry_seconds=self._retry_seconds)
        other.tally = self.tally
        return other

    async def text(self, request: ChatRequest) -> str:
        """A model's words. Raises `ModelUnavailable` when only the provider without a model answers."""
        result = await self._retried(request)
        if result.provider is ProviderName.LOCAL:
            raise ModelUnavailable
        return result.text.strip()

    async def text_or_none(self, request: ChatRequest) -> str | None:
        """A model's words; None when none answers and the job must do without. Other errors are raised."""
        try:
            return await self.text(request) or None
        except AppError as error:
            if is_passing(error) or isinstance(error, NotSupported):
                return None
            raise

    async def json[ValueT](self, request: ChatRequest, *, check: Callable[[Any], ValueT]) -> ValueT:
        """JSON that passes `check` (which raises `ValueError`), with one more turn when the first does not.

        Raises `AnswerUnfit`, and `ModelUnavailable` when only the provider without a model is left.
        """
        asked = request
        for _ in range(TRIES):
            try:
                result = await self._retried(asked)
            except NotSupported as error:
                raise ModelUnavailable from error
            if result.provider is ProviderName.LOCAL:
                raise ModelUnavailable
            try:
                return check(json.loads(_bare(result.text)))
            except ValueError:
                turn = (
                    ChatMessage(role="assistant", content=result.text),
                    ChatMessage(role="user", content=_AGAIN),
                )
                asked = replace(request, messages=(*request.messages, *turn))
        raise AnswerUnfit

    async def _retried(self, request: ChatRequest) -> ChatResult:
        """The chain has tried what it could; what passes gets one more chance a moment later."""
        try:
            return await self._call(request)
        except AppError as error:
            if not is_passing(error):
                raise
        await asyncio.sleep(self._retry_seconds)
        return await self._call(request)

    async def _call(self, request: ChatRequest) -> ChatResult:
        result = await self._models.chat(request, context=self._context)
        self.tally.count(result)
        return result


async def each[PartT, DoneT](
    parts: Sequence[PartT],
    do: Callable[[PartT], Awaitable[DoneT]],
    *,
    concurrency: int,
    progress: Callable[[float], Awaitable[None]] | None = None,
) -> list[DoneT | AppError]:
    """Does every part, a few at once; the answers are in the parts' order, an error where a part failed for good.

    A budget that is used up is raised at once, and so is what nobody expected.
    """
    room, over = asyncio.Semaphore(concurrency), 0

    async def one(part: PartT) -> DoneT | AppError:
        nonlocal over
        async with room:
            try:
                done: DoneT | AppError = await do(part)
            except BudgetExceeded:
                raise
            except AppError as error:
                done = error
            over += 1
            if progress is not None and len(parts) > 1:
                await progress(over / (len(parts) + 1))
            return done

    try:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(one(part)) for part in parts]
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
    return [task.result() for task in running]


def _bare(text: str) -> str:
    """JSON without the fence that some models put around it."""
    return text.strip().removeprefix("```json").removeprefix("```").removesuffix("```").strip()
