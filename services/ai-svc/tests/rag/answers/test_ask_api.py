"""rag/ask over HTTP: with a scripted model and without one, lost connections and a stop that reaches the provider."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import passages
import pytest

from ai_svc.main import create_app
from ai_svc.settings import Settings
from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for, transaction
from shared_utils.testing.model_server import Answer, Call, Fault, ModelServer
from shared_utils.testing.serving import served
from shared_utils.testing.waiting import until

URL = "/api/v1/rag/ask"
PASSAGE = "O COTAHIST do dia sai por volta das 20 horas. Em feriados não há arquivo."
QUESTION = {"question": "A que horas sai o COTAHIST do dia?"}
CITED = "Sai às 20 horas.\n[[1|sai por volta das 20 horas]]"


@pytest.fixture
async def library(database: Any) -> None:
    engine = create_engine(database.runtime_url, application_name="test-ai")
    async with transaction(sessionmaker_for(engine)) as session:
        await passages.document(session, PASSAGE, title="Horários da B3")
        await passages.document(session, "O COTAHIST da mesa sai às 22 horas.", readers=["role:operator"])
    await engine.dispose()


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with ModelServer(lambda _: CITED) as server:
        yield server


type Ask = Callable[..., Any]


@pytest.fixture
async def people(
    model: ModelServer, settings: Settings, streams_redis: Any, oidc_issuer: Any, library: None
) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Clients of ana and bia, of an application on a real socket whose model is the scripted one."""
    del streams_redis, library
    with_model = settings.model_copy(update={"openai_compatible_url": model.url, "openai_compatible_model": "m-1"})
    async with served(create_app(with_model)) as client:
        names = ("ana", "bia")
        made = {
            name: httpx.AsyncClient(
                base_url=client.base_url,
                timeout=20,
                headers={"Authorization": f"Bearer {oidc_issuer.token(sub=name, roles=['viewer'])}"},
            )
            for name in names
        }
        yield made
        await asyncio.gather(*(one.aclose() for one in made.values()))


async def read(response: httpx.Response, *, limit: int | None = None) -> list[dict[str, Any]]:
    """The events of a stream: name, id and data."""
    events: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    async for line in response.aiter_lines():
        field, _, value = line.partition(": ")
        if field in {"event", "id"}:
            event[field] = value
        elif field == "data":
            event["data"] = json.loads(value)
        elif not line and event:
            events.append(event)
            event = {}
            if limit is not None and len(events) >= limit:
                break
    return events


async def streamed(client: httpx.AsyncClient, *, limit: int | None = None) -> list[dict[str, Any]]:
    async with client.stream("POST", f"{URL}/stream", json=QUESTION) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return await read(response, limit=limit)


async def resumed(client: httpx.AsyncClient, run_id: str, after: str) -> list[dict[str, Any]]:
    async with client.stream("GET", f"{URL}/{run_id}/stream", headers={"Last-Event-ID": after}) as response:
        assert response.status_code == 200, await response.aread()
        return await read(response)


@pytest.mark.usefixtures("library")
async def test_without_any_model_the_passages_answer(client: httpx.AsyncClient) -> None:
    answer = await client.post(URL, json=QUESTION)
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert data["mode"] == "quotes"
    assert data["text"] == "Segundo «Horários da B3»: “O COTAHIST do dia sai por volta das 20 horas.” [1]"
    assert [citation["quote"] for citation in data["citations"]] == ["O COTAHIST do dia sai por volta das 20 horas."]
    assert [source["title"] for source in data["sources"]] == ["Horários da B3"], "ana may not read the other one"


@pytest.mark.usefixtures("library")
async def test_what_is_not_there_is_not_invented(client: httpx.AsyncClient) -> None:
    data = (await client.post(URL, json={"question": "Quem pintou a Mona Lisa?"})).json()["data"]
    assert data["mode"] == "not_found"
    assert data["text"].startswith("Não encontrei")


@pytest.mark.parametrize(
    "body", [{}, {"question": "?"}, {"question": "abc", "passages": 50}, {"question": "abc", "x": 1}]
)
async def test_bad_questions_are_refused(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await client.post(URL, json=body)).status_code == 422


async def test_a_model_answers_with_a_checked_citation(
    people: dict[str, httpx.AsyncClient], model: ModelServer
) -> None:
    data = (await people["ana"].post(URL, json=QUESTION)).json()["data"]
    assert (data["mode"], data["text"], data["model"]) == ("model", "Sai às 20 horas. [1]", "m-1")
    assert data["citations"][0]["quote"] == "sai por volta das 20 horas"
    assert "O COTAHIST da mesa" not in json.dumps(model.chats[-1].messages, ensure_ascii=False)


async def test_a_stream_tells_its_run_and_ends_once(people: dict[str, httpx.AsyncClient]) -> None:
    events = await streamed(people["ana"])
    assert [event["event"] for event in events][:2] == ["run", "sources"]
    assert [event["id"] for event in events] == [str(n) for n in range(len(events))]
    assert [event["event"] for event in events if event["event"] in {"done", "error"}] == ["done"]
    assert events[-1]["data"]["text"] == "Sai às 20 horas. [1]"


@pytest.mark.parametrize("lost_after", [1, 2, 3, 4])
async def test_a_lost_stream_is_taken_up_where_it_was_lost(
    people: dict[str, httpx.AsyncClient], lost_after: int
) -> None:
    first = await streamed(people["ana"], limit=lost_after)
    rest = await resumed(people["ana"], first[0]["data"]["run_id"], first[-1]["id"])
    ids = [event["id"] for event in first + rest]
    assert ids == [str(n) for n in range(len(ids))], "none lost, none twice"
    assert rest[-1]["event"] == "done"


async def test_a_run_is_not_shown_to_others_and_positions_are_checked(people: dict[str, httpx.AsyncClient]) -> None:
    run_id = (await streamed(people["ana"]))[0]["data"]["run_id"]
    assert (await people["bia"].get(f"{URL}/{run_id}/stream")).status_code == 404
    assert (await people["bia"].delete(f"{URL}/{run_id}")).status_code == 404
    bad = await people["ana"].get(f"{URL}/{run_id}/stream", headers={"Last-Event-ID": "abc"})
    assert (bad.status_code, bad.json()["code"]) == (422, "EVENT_POSITION_INVALID")


async def test_stopping_reaches_the_provider(people: dict[str, httpx.AsyncClient], model: ModelServer) -> None:
    model.play(lambda _: Answer("nunca acaba de falar", Fault("hang", after=2)))
    first = await streamed(people["ana"], limit=2)
    run_id = first[0]["data"]["run_id"]
    await until(lambda: bool(model.chats), what="the model was asked")
    call: Call = model.chats[-1]
    began = time.monotonic()
    assert (await people["ana"].delete(f"{URL}/{run_id}")).status_code == 204
    await until(lambda: call.gone_at is not None, what="the provider notices")
    assert time.monotonic() - began < 5
    rest = await resumed(people["ana"], run_id, first[-1]["id"])
    assert [event["event"] for event in rest if event["event"] in {"done", "error"}] == ["error"]
    assert rest[-1]["data"]["code"] == "RUN_STOPPED"


@pytest.mark.parametrize("fault", [Fault("status", status=500), Fault("cut", after=2), Fault("bad_json", after=1)])
async def test_when_the_model_fails_the_passages_answer(
    people: dict[str, httpx.AsyncClient], model: ModelServer, fault: Fault
) -> None:
    model.play(lambda _: Answer(CITED, fault))
    events = await streamed(people["ana"])
    assert [event["event"] for event in events if event["event"] in {"done", "error"}] == ["done"]
    assert events[-1]["data"]["mode"] == "quotes"
    assert events[-1]["data"]["citations"]
