"""The chain: who is asked, what is tried again, what is told when nobody answers, and what is booked."""

import asyncio
import time
from contextlib import aclosing
from typing import Any

import pytest
from model_calls import CONTEXT, HASTY, PATIENT, Book, asking, caller_over, ends, heard, provider_of
from pydantic import BaseModel, Field

from ai_svc.brain.adapters.local import LocalProvider
from ai_svc.brain.caller import ModelCaller
from ai_svc.brain.chat import Began, ChatMessage, ChatRequest, Delta, Done, Failed, Restart, Usage
from ai_svc.brain.exceptions import (
    BudgetExceeded,
    ModelFailed,
    ModelLimited,
    ModelMisconfigured,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from ai_svc.brain.links import Link
from ai_svc.brain.schemas import ProviderName
from shared_utils.http.circuit_breaker import BreakerState, CircuitBreaker
from shared_utils.testing.model_server import Answer, Fault, ModelServer, ToolUse
from shared_utils.testing.ports import free_port
from shared_utils.testing.waiting import until


async def streamed(caller: ModelCaller, request: ChatRequest | None = None) -> list[Any]:
    return [event async for event in caller.stream(request or asking(), context=CONTEXT)]


async def test_the_first_provider_that_answers_is_named_and_booked() -> None:
    book = Book()
    async with ModelServer([Answer("São Luís.", usage=(40, 3))]) as server:
        caller = caller_over(provider_of(server, model="gpt-x"), LocalProvider(), ledger=book)
        result = await caller.chat(asking(max_output_tokens=50), context=CONTEXT)
    assert (result.text, result.provider, result.model) == ("São Luís.", ProviderName.OPENAI_COMPATIBLE, "gpt-x")
    assert result.usage == Usage(40, 3)
    (reserved,) = book.reserved
    assert reserved[3] == 50
    assert book.settled == [(reserved[0], Usage(40, 3), "ok")]
    await caller.aclose()


async def test_a_stream_begins_and_ends_once_and_the_deltas_are_the_text() -> None:
    async with ModelServer(["São Luís, no Maranhão."]) as server:
        events = await streamed(caller_over(provider_of(server)))
    assert isinstance(events[0], Began)
    assert [type(event) for event in events[1:-1]] == [Delta] * 4
    assert events[-1].result.text == heard(events) == "São Luís, no Maranhão."


@pytest.mark.parametrize(
    "fault",
    [
        Fault("refuse"),
        Fault("status", status=500),
        Fault("status", status=429),
        Fault("hang"),
        Fault("hang", after=0),
        Fault("cut", after=0),
    ],
    ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.after}",
)
async def test_before_the_first_token_the_next_provider_answers_silently(fault: Fault) -> None:
    book = Book()
    async with ModelServer(lambda _: Answer("never", fault)) as bad, ModelServer(["sim."]) as good:
        caller = caller_over(provider_of(bad, model="a"), provider_of(good, model="b"), ledger=book, first=HASTY)
        events = await streamed(caller)
    assert [type(event) for event in events] == [Began, Delta, Done]
    assert (events[0].model, heard(events)) == ("b", "sim.")
    assert book.outcomes[1] == "ok"
    assert book.outcomes[0] in {"MODEL_FAILED", "MODEL_LIMITED", "MODEL_TIMED_OUT"}
    await caller.aclose()


async def test_after_the_first_token_the_answer_begins_anew() -> None:
    book = Book()
    async with (
        ModelServer([Answer("um dois três", Fault("cut", after=2))]) as bad,
        ModelServer(["quatro cinco"]) as good,
    ):
        caller = caller_over(provider_of(bad), provider_of(good), ledger=book)
        events = await streamed(caller)
    kinds = [type(event) for event in events]
    assert kinds == [Began, Delta, Delta, Restart, Began, Delta, Delta, Done]
    assert events[3].reason == "MODEL_FAILED"
    assert events[-1].result.text == heard(events) == "quatro cinco"
    assert book.outcomes == ["MODEL_FAILED", "ok"]
    assert book.settled[0][1].output_tokens > 0, "what was said before the cut was paid for"
    assert book.settled[0][1].estimated


async def test_when_all_fail_after_a_token_the_stream_says_so_once_and_what_was_spent() -> None:
    down = Answer(fault=Fault("status", status=503))
    async with ModelServer([Answer("um dois", Fault("cut", after=1)), down, down, down]) as server:
        caller = caller_over(provider_of(server), provider_of(server))
        events = await streamed(caller)
    assert [type(event) for event in events] == [Began, Delta, Failed]
    assert events[-1].code == "MODEL_FAILED"
    assert events[-1].usage.output_tokens >= 1


async def test_the_last_model_is_asked_again_and_then_local_answers() -> None:
    script = [Answer(fault=Fault("status", status=500)), Answer(fault=Fault("refuse")), "na terceira."]
    async with ModelServer(script) as server:
        result = await caller_over(provider_of(server), LocalProvider()).chat(asking(), context=CONTEXT)
        assert (result.text, len(server.chats)) == ("na terceira.", 3)
        server.play(lambda _: Answer(fault=Fault("status", status=502)))
        result = await caller_over(provider_of(server), LocalProvider()).chat(
            asking("Resuma em 1 frase:\n\nA carga terminou. A carga da CVM teve avisos na carga."), context=CONTEXT
        )
    assert result.provider is ProviderName.LOCAL
    assert result.text == "A carga da CVM teve avisos na carga."
    assert result.usage == Usage(0, 0)


async def test_retry_after_is_honoured_within_the_time_that_is_left() -> None:
    limited = Answer(fault=Fault("status", status=429, retry_after="0.2"))
    async with ModelServer([limited, "agora sim."]) as server:
        result = await caller_over(provider_of(server)).chat(asking(), context=CONTEXT)
        assert result.text == "agora sim."
        assert server.chats[1].at - server.chats[0].at >= 0.2
        server.play(lambda _: Answer(fault=Fault("status", status=429, retry_after="4")))
        began = time.monotonic()
        with pytest.raises(ModelLimited) as caught:
            await caller_over(provider_of(server)).chat(asking(timeout_seconds=3), context=CONTEXT)
    assert caught.value.retry_after == 4
    assert len(server.chats) == 1
    assert time.monotonic() - began < 3


async def test_who_asked_to_be_left_alone_is_left_alone_by_the_next_calls() -> None:
    async with (
        ModelServer(lambda _: Answer(fault=Fault("status", status=429, retry_after="60"))) as bad,
        ModelServer(lambda _: "sim") as good,
    ):
        caller = caller_over(provider_of(bad), provider_of(good))
        for _ in range(3):
            assert heard(await streamed(caller)) == "sim"
        assert len(bad.chats) == 1
        assert 55 < caller.links[0].retry_after <= 60
        alone = ModelCaller(caller.links[:1], ledger=Book())
        with pytest.raises(ModelLimited) as caught:
            await alone.chat(asking(), context=CONTEXT)
    assert 55 < caught.value.retry_after <= 60


async def test_an_open_breaker_keeps_calls_away_until_it_is_tried_again() -> None:
    clock = [0.0]
    breaker = CircuitBreaker(failures=2, reset_after=10, monotonic=lambda: clock[0])
    async with ModelServer(lambda _: Answer(fault=Fault("status", status=500))) as server:
        link = Link(provider_of(server), timeouts=PATIENT, breaker=breaker)
        caller = ModelCaller([link], ledger=Book())
        for _ in range(2):
            assert (await streamed(caller))[-1].code == "MODEL_FAILED"
        asked = len(server.chats)
        with pytest.raises(ModelUnavailable) as caught:
            await caller.chat(asking(), context=CONTEXT)
        assert (len(server.chats), link.state, caught.value.retry_after) == (asked, BreakerState.OPEN, 10)
        clock[0] = 10.0
        server.play(["de volta"])
        assert (await caller.chat(asking(), context=CONTEXT)).text == "de volta"
    assert link.state is BreakerState.CLOSED


async def test_a_refused_request_is_told_to_its_sender_and_not_answered_by_local() -> None:
    async with ModelServer([Answer(fault=Fault("status", status=400, message="secret words"))]) as server:
        with pytest.raises(ModelRefused) as caught:
            await caller_over(provider_of(server), LocalProvider()).chat(asking(), context=CONTEXT)
        assert len(server.chats) == 1, "it is not tried again"
    assert "secret" not in caught.value.message


async def test_a_wrong_key_moves_on_and_is_not_tried_again() -> None:
    async with ModelServer(lambda _: "sim", api_key="right") as bad, ModelServer(["sim"]) as good:
        caller = caller_over(provider_of(bad), provider_of(good))
        assert (await caller.chat(asking(), context=CONTEXT)).text == "sim"
        with pytest.raises(ModelMisconfigured):
            await caller_over(provider_of(bad)).chat(asking(), context=CONTEXT)
    assert len(bad.calls) == 2


async def test_errors_of_all_are_listed_without_their_words() -> None:
    async with ModelServer(lambda _: Answer(fault=Fault("status", status=500, message="secret words"))) as server:
        with pytest.raises(ModelFailed) as caught:
            await caller_over(provider_of(server), provider_of(server)).chat(asking(), context=CONTEXT)
    attempt = {"provider": "openai_compatible", "code": "MODEL_FAILED"}
    assert caught.value.details == {"attempts": [attempt, attempt]}


async def test_without_money_nobody_is_asked() -> None:
    book = Book(refusing=BudgetExceeded())
    async with ModelServer(lambda _: "sim") as server:
        caller = caller_over(provider_of(server), LocalProvider(), ledger=book)
        with pytest.raises(BudgetExceeded):
            await caller.chat(asking(), context=CONTEXT)
        events = await streamed(caller)
    assert [event.code for event in events] == ["BUDGET_EXCEEDED"]
    assert (server.calls, book.settled) == ([], [])


async def test_a_bug_in_a_provider_or_in_the_books_still_ends_the_stream_once(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(LocalProvider):
        name = ProviderName.OPENAI  # type: ignore[assignment]

        async def stream(self, request: ChatRequest) -> Any:
            yield Delta("um")
            raise ZeroDivisionError(request.messages[0].content)

    book = Book()
    events = await streamed(caller_over(Broken(), ledger=book), asking("segredo"))
    assert [type(event) for event in events] == [Began, Delta, Failed]
    assert (events[-1].code, book.outcomes) == ("INTERNAL_ERROR", ["INTERNAL_ERROR"])
    assert "segredo" not in caplog.text + events[-1].message
    events = await streamed(caller_over(Broken(), ledger=Book(refusing=RuntimeError("segredo"))))
    assert [event.code for event in events] == ["INTERNAL_ERROR"]
    assert "segredo" not in caplog.text
    assert any("ZeroDivisionError" in str(record.__dict__.get("fields")) for record in caplog.records)


@pytest.mark.parametrize("how", ["closed", "cancelled", "cancelled before the first token"])
async def test_who_stops_listening_stops_the_provider_within_250_ms(how: str) -> None:
    book = Book()
    after = None if how.endswith("token") else 2
    async with ModelServer([Answer("um dois três", Fault("hang", after=after))]) as server:
        caller = caller_over(provider_of(server), ledger=book)
        if how == "closed":
            async with aclosing(caller.stream(asking(), context=CONTEXT)) as events:  # type: ignore[type-var]
                said = [await anext(events) for _ in range(3)]
                stopped = time.monotonic()
            assert heard(said) == "um dois "
        else:
            task = asyncio.create_task(streamed(caller))
            await until(lambda: server.chats and server.chats[0].sent == (after or 0), what="it is being said")
            stopped = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await until(lambda: server.chats[0].gone_at, what="the provider noticed")
        assert (server.chats[0].gone_at or 0) - stopped < 0.25
    ((_, usage, outcome),) = book.settled
    assert outcome == "cancelled"
    assert usage.estimated
    assert usage.input_tokens > 0
    assert (usage.output_tokens > 0) == (how == "closed" or after is not None)
    await caller.aclose()


async def test_a_call_that_is_cancelled_without_a_stream_is_booked_too() -> None:
    book = Book()
    async with ModelServer([Answer("um", Fault("hang"))]) as server:
        task = asyncio.create_task(caller_over(provider_of(server), ledger=book).chat(asking(), context=CONTEXT))
        await until(lambda: server.chats, what="it was asked")
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.chats[0].gone_at, what="the provider noticed")
    assert book.outcomes == ["cancelled"]


async def test_time_is_up_for_a_whole_call() -> None:
    async with ModelServer(lambda _: Answer("um dois três quatro", Fault("drip", seconds=0.1))) as server:
        with pytest.raises(ModelTimedOut):
            await caller_over(provider_of(server)).chat(asking(timeout_seconds=0.15), context=CONTEXT)
        events = await streamed(caller_over(provider_of(server), LocalProvider()), asking(timeout_seconds=0.25))
    if len(events) > 3:  # local's answer: on a very busy machine not one token came before the time was over
        assert type(events[-1]) is Failed, "what was begun is not replaced when the time is over"
        assert events[-1].code == "MODEL_TIMED_OUT"


async def test_nobody_listens_there_and_local_answers() -> None:
    async with ModelServer() as server:
        pass  # its port is refused from here on
    assert server.port != free_port()
    events = await streamed(caller_over(provider_of(server), LocalProvider()))
    assert events[0].provider is ProviderName.LOCAL
    assert len(ends(events)) == 1


async def test_tools_are_streamed_and_spoken_back() -> None:
    use = ToolUse("look", '{"day": "2026-11-20"}', id="c1")
    async with ModelServer([Answer("vejo ", tools=(use,)), "feito."]) as server:
        caller = caller_over(provider_of(server))
        events = await streamed(caller)
        (call,) = events[-1].result.tool_calls
        assert (call.id, call.name, call.arguments) == ("c1", "look", '{"day": "2026-11-20"}')
        spoken = (
            ChatMessage("user", "olhe"),
            ChatMessage("assistant", "", tool_calls=(call,)),
            ChatMessage("tool", "3 avisos", tool_call_id="c1"),
        )
        await caller.chat(ChatRequest(messages=spoken), context=CONTEXT)
    assert server.chats[1].messages[1]["tool_calls"][0]["function"]["name"] == "look"
    assert server.chats[1].messages[2] == {"role": "tool", "content": "3 avisos", "tool_call_id": "c1"}


class Verdict(BaseModel):
    title: str
    points: int = Field(ge=0, le=10)


@pytest.mark.parametrize("first", ['{"title": "a", "points": 11}', "sorry, no", "", '{"title": "a"}'])
async def test_a_wrong_shape_is_repaired_in_one_turn(first: str) -> None:
    async with ModelServer([first, '```json\n{"title": "a", "points": 7}\n```']) as server:
        verdict = await caller_over(provider_of(server)).structured(asking(), Verdict, context=CONTEXT)
    assert verdict == Verdict(title="a", points=7)
    assert (server.chats[0].schema or {})["required"] == ["title", "points"]
    assert "not a valid answer" in server.chats[1].last


async def test_a_shape_that_stays_wrong_is_an_error_without_the_answer() -> None:
    async with ModelServer(["segredo", "segredo de novo"]) as server:
        with pytest.raises(ModelFailed) as caught:
            await caller_over(provider_of(server)).structured(asking(), Verdict, context=CONTEXT)
    assert "segredo" not in str(caught.value)
    assert len(server.chats) == 2


async def test_embeddings_come_in_order_and_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_svc.brain.adapters.openai.EMBEDDING_BATCH", 2)
    async with ModelServer(embedding=lambda text: [float(len(text)), 0.5]) as server:
        vectors = await provider_of(server, embedding_model="e").embed(["a", "bb", "ccc"])
    assert vectors == [[1.0, 0.5], [2.0, 0.5], [3.0, 0.5]]
    assert len(server.calls) == 2
