"""Vectors of a provider: in batches, in order, of the right size, of length 1."""

from collections.abc import Sequence

import pytest

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


def embedder(model: Model, **prefixes: str) -> RemoteEmbedder:
    return RemoteEmbedder(Space(1, "openai", "m", 3, Preparation(**prefixes).dump(), 0.4), model)


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
