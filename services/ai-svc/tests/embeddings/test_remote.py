"""Vectors of a provider: in batches, in order, of the right size, of length 1."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from model_calls import Book

from ai_svc.brain.exceptions import BudgetExceeded, ModelTimedOut, ModelUnavailable
from ai_svc.brain.ledger import NullLedger
from ai_svc.brain.schemas import ProviderName
from ai_svc.embeddings.booked import BookedModel
from ai_svc.embeddings.exceptions import EmbeddingFailed
from ai_svc.embeddings.remote import BATCH_TEXTS, RemoteEmbedder
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.texts import Preparation, passage_hash, passage_text


class Model:
    """The first number of a text's vector is its length."""

    def __init__(self, *answer: list[float]) -> None:
        self.asked: list[list[str]] = []
        self._answer = list(answer)

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        self.asked.append(list(texts))
        return self._answer or [[float(len(text)), 0.0, 1.0] for text in texts]


def embedder(model: Any, *, ledger: Any = None, **prefixes: str) -> RemoteEmbedder:
    booked = BookedModel(model, ledger or NullLedger(), provider=ProviderName.OPENAI, name="m")
    return RemoteEmbedder(Space(1, "openai", "m", 3, Preparation(**prefixes).dump(), 0.4), booked)


async def test_batches_come_back_in_order_and_normalised() -> None:
    model = Model()
    vectors = await embedder(model).passages(["x" * size for size in range(BATCH_TEXTS * 2 + 1)])
    assert [len(batch) for batch in model.asked] == [BATCH_TEXTS, BATCH_TEXTS, 1]
    assert [round(vector[0] / vector[2]) for vector in vectors] == list(range(BATCH_TEXTS * 2 + 1))
    assert all(sum(number * number for number in vector) == pytest.approx(1) for vector in vectors)


async def test_prefixes_of_the_space() -> None:
    model = Model()
    made = embedder(model, query_prefix="query: ", passage_prefix="passage: ")
    await made.query("feriado")
    await made.passages(["pregão"])
    assert model.asked == [["query: feriado"], ["passage: pregão"]]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([[1.0, 2.0]], "vectors of 2 numbers and the space has 3"),
        ([[0.0, 0.0, 0.0]], "without a direction"),
        ([[float("nan"), 0.0, 1.0]], "without a direction"),
        ([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], "2 vectors for 1 texts"),
    ],
)
async def test_what_is_no_vector_of_the_space_is_refused(answer: list[list[float]], message: str) -> None:
    with pytest.raises(EmbeddingFailed, match=message):
        await embedder(Model(*answer)).query("x")


def test_a_preparation_survives_being_kept() -> None:
    preparation = Preparation("consulta: ", "trecho: ")
    assert Preparation.load(preparation.dump()) == preparation


def test_headings_belong_to_what_is_embedded() -> None:
    assert passage_text("Calendário > Feriados", "Não há pregão.") == "Calendário > Feriados\nNão há pregão."
    assert passage_text("", "Não há pregão.") == "Não há pregão."
    assert passage_hash("a", "b") != passage_hash("b", "b")


@pytest.mark.parametrize(
    ("error", "outcome", "billed"),
    [
        (None, "ok", True),
        (ModelUnavailable(), "MODEL_UNAVAILABLE", False),
        (ModelTimedOut(), "MODEL_TIMED_OUT", True),
        (asyncio.CancelledError(), "cancelled", True),
        (LookupError(), "INTERNAL_ERROR", False),
    ],
)
async def test_every_call_is_set_aside_before_and_settled_after(
    error: BaseException | None, outcome: str, billed: bool
) -> None:
    class Failing(Model):
        async def embed(self, texts: Sequence[str]) -> list[list[float]]:
            assert len(book.reserved) == len(book.settled) + 1
            if error is not None:
                raise error
            return await super().embed(texts)

    book = Book()
    made = embedder(Failing(), ledger=book)
    if error is None:
        await made.query("Quando sai o arquivo?", user="ana")
    else:
        with pytest.raises(type(error)):
            await made.query("Quando sai o arquivo?", user="ana")
    (_, usage, settled), (_, provider, tokens, output) = book.settled[0], book.reserved[0]
    assert (settled, provider, output) == (outcome, ProviderName.OPENAI, 0)
    assert usage.input_tokens == (tokens if billed else 0)
    assert tokens > 3


async def test_without_a_budget_nobody_is_asked() -> None:
    model = Model()
    with pytest.raises(BudgetExceeded):
        await embedder(model, ledger=Book(refusing=BudgetExceeded())).passages(["a"])
    assert model.asked == []
