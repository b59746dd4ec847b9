"""POST /api/v1/rag/search: passages that the caller may read, with evidence; limits and errors."""

from typing import Any

import httpx
import passages
import pytest

from shared_utils.db.engine import create_engine
from shared_utils.db.session import sessionmaker_for, transaction

URL = "/api/v1/rag/search"
ANSWER = "O COTAHIST do dia sai por volta das 20 horas."


@pytest.fixture
async def library(database: Any) -> None:
    engine = create_engine(database.runtime_url, application_name="test-ai")
    async with transaction(sessionmaker_for(engine)) as session:
        await passages.document(session, ANSWER, "O boletim sai às 9 horas.", title="Horários da B3", tags=["b3"])
        await passages.document(session, "O COTAHIST da mesa sai às 22 horas.", readers=["role:operator"])
        await passages.document(session, "O COTAHIST de Ana sai às 23 horas.", readers=["user:ana"])
    await engine.dispose()


@pytest.mark.usefixtures("library")
async def test_a_viewer_finds_what_viewers_and_they_themselves_may_read(client: httpx.AsyncClient) -> None:
    answer = await client.post(URL, json={"question": "A que horas sai o COTAHIST do dia?"})
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert data["hits"][0] | {"chunk_id": 0, "document_id": ""} == {
        "chunk_id": 0, "document_id": "", "version": 1, "title": "Horários da B3", "heading": "", "page": None,
        "start": 0, "end": len(ANSWER), "text": ANSWER, "scores": None,
    }  # fmt: skip
    assert {hit["text"] for hit in data["hits"]} >= {ANSWER, "O COTAHIST de Ana sai às 23 horas."}
    assert not any("mesa" in hit["text"] for hit in data["hits"])
    assert set(data["evidence"]) == {"score", "answerable", "reason", "missing"}


@pytest.mark.usefixtures("library")
async def test_explained_hits_carry_their_scores_best_first(client: httpx.AsyncClient) -> None:
    asked = {"question": "A que horas sai o COTAHIST?", "explain": True, "limit": 1, "filters": {"tags": ["b3"]}}
    (hit,) = (await client.post(URL, json=asked)).json()["data"]["hits"]
    assert hit["scores"]["lexical"] > 0
    assert hit["scores"]["dense"] is None
    assert 0 < hit["scores"]["final"] <= 1


@pytest.mark.usefixtures("library")
async def test_what_is_not_there_is_said(client: httpx.AsyncClient) -> None:
    data = (await client.post(URL, json={"question": "Quem pintou a Mona Lisa?"})).json()["data"]
    assert data["evidence"]["answerable"] is False
    assert data["evidence"]["reason"] == "nothing_found"
    assert data["evidence"]["missing"] == ["pintou", "mona", "lisa"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"question": " "},
        {"question": "x" * 2_001},
        {"question": "o que é?", "limit": 0},
        {"question": "o que é?", "limit": 51},
        {"question": "o que é?", "filters": {"owner": "ana"}},
    ],
)
async def test_bad_questions_are_refused_with_a_code(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    answer = await client.post(URL, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")


async def test_without_a_token_it_is_401(client: httpx.AsyncClient) -> None:
    assert (await client.post(URL, json={"question": "cota"}, headers={"Authorization": ""})).status_code == 401
