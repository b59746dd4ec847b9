"""A small Portuguese library, and questions with known answers: what is found, what is not, and who finds it."""

import random
from typing import Any

import passages
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.rag.search.public import Reason, SearchFilters, SearchResult, search
from shared_utils.db.session import ReadSession
from shared_utils.testing.sessions import savepoint_session

EVERYONE = ("*", "user:ana", "role:viewer")


async def ask(session: ReadSession, question: str, **more: Any) -> SearchResult:
    return await search(session, question=question, **({"principals": EVERYONE, "limit": 5} | more))


async def test_the_passage_with_the_words_comes_first(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await passages.document(
            session, "O informe diário traz a cota do fundo.", "A CVM publica o cadastro às terças."
        )
        await passages.document(session, "O arquivo COTAHIST traz as cotações da B3.", title="Cotações históricas")
        found = await ask(session, "Quando a CVM publica o cadastro?")
        assert found.hits[0].text == "A CVM publica o cadastro às terças."
        assert (found.hits[0].start, found.hits[0].version, found.hits[0].title) == (10_000, 1, "Manual")
        assert found.hits[0].lexical is not None
        assert found.hits[0].dense is None
        assert found.evidence.answerable
        assert found.evidence.reason is Reason.SUPPORTED


async def test_nobody_finds_what_they_may_not_read(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await passages.document(session, "O bônus do gestor é de 20 %.", readers=["user:bia"])
        await passages.document(session, "O bônus da mesa é de 10 %.", readers=["role:operator", "user:caio"])
        assert (await ask(session, "Qual é o bônus?")).hits == []
        assert [hit.text for hit in (await ask(session, "Qual é o bônus?", principals=["user:bia"])).hits] == [
            "O bônus do gestor é de 20 %."
        ]
        nobody = await ask(session, "Qual é o bônus?", principals=[])
        assert (nobody.hits, nobody.evidence.reason) == ([], Reason.NOTHING_FOUND)


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        (SearchFilters(), {"a", "b", "c"}),
        (SearchFilters(collection="runbooks"), {"a", "b"}),
        (SearchFilters(tags=["b3", "manual"]), {"a"}),
        (SearchFilters(source_kinds=["url"]), {"c"}),
        (SearchFilters(collection="runbooks", tags=["cvm"]), {"b"}),
        (SearchFilters(collection="nenhuma"), set()),
    ],
)
async def test_filters_narrow(engine: AsyncEngine, filters: SearchFilters, titles: set[str]) -> None:
    async with savepoint_session(engine) as session:
        late = "O que fazer quando o arquivo atrasa."
        await passages.document(session, late + " Um.", title="a", collection="runbooks", tags=["b3", "manual"])
        await passages.document(session, late + " Dois.", title="b", collection="runbooks", tags=["cvm"])
        await passages.document(session, late + " Três.", title="c", source_kind="url")
        found = await ask(session, "O arquivo atrasa?", filters=filters)
        assert {hit.title for hit in found.hits} == titles


async def test_accents_plurals_and_typing_do_not_matter(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await passages.document(session, "A liquidação das opções vence na terceira sexta-feira.", "Outra coisa.")
        for question in ("liquidacao da opcao", "LIQUIDAÇÕES DE OPÇÃO", "liquidaçao opçoes", "liqiudação das opções"):
            found = await ask(session, question)
            assert found.hits, question
            assert found.hits[0].text.startswith("A liquidação"), question


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("O que houve em 31 de dezembro de 2025?", "Em 31/12/2025 não houve pregão."),
        ("valor de R$ 1.234,50", "A tarifa é de R$ 1234,5 por arquivo."),
        ("para que serve job_baixar_arquivos_b3?", "Rode job_baixar_arquivos_b3 com n_dias=3."),
        ("o que é o BVBG.086.01", "O arquivo BVBG.086.01 traz os preços."),
        ("petr4", "PETR4 caiu e VALE3 subiu."),
    ],
)
async def test_numbers_dates_and_codes_are_found_however_they_are_spelt(
    engine: AsyncEngine, question: str, answer: str
) -> None:
    async with savepoint_session(engine) as session:
        texts = (
            "Em 31/12/2025 não houve pregão.", "A tarifa é de R$ 1234,5 por arquivo.", "Rode job_baixar_arquivos_b3 com n_dias=3.",
            "O arquivo BVBG.086.01 traz os preços.", "PETR4 caiu e VALE3 subiu.", "Em 30/12/2024 houve pregão e o valor subiu.",
        )  # fmt: skip
        await passages.document(session, *texts)
        assert (await ask(session, question)).hits[0].text == answer


async def test_what_the_library_does_not_know_is_not_answerable(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await passages.document(session, "O COTAHIST de um dia tem 12 mil linhas.", "A CVM publica o informe diário.")
        found = await ask(session, "Quem pintou a Mona Lisa?")
        assert not found.evidence.answerable
        assert set(found.evidence.missing) == {"pintou", "mona", "lisa"}
        near = await ask(session, "Quantas linhas tem o balanço anual da Petrobras em Londres?")
        assert near.hits  # the nearest sources are shown all the same
        assert not near.evidence.answerable
        assert near.evidence.reason is Reason.UNKNOWN_WORDS


async def test_a_question_of_stopwords_alone_finds_nothing(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        await passages.document(session, "O que é isso?")
        found = await ask(session, "o que é isso?")
        assert (found.hits, found.by_words) == ([], 0)


async def test_the_same_text_twice_does_not_take_two_places(engine: AsyncEngine) -> None:
    async with savepoint_session(engine) as session:
        same = "A janela de envio do informe diário fecha às 18 horas do dia útil seguinte."
        for _ in range(4):
            await passages.document(session, same)
        await passages.document(session, "O envio fora da janela gera multa.")
        found = await ask(session, "Qual é a janela de envio do informe diário?", limit=2)
        assert [hit.text for hit in found.hits] == [same, "O envio fora da janela gera multa."]


async def test_over_random_readers_nobody_finds_what_is_not_theirs(engine: AsyncEngine) -> None:
    dice = random.Random(11)
    people = ["*", *(f"user:{name}" for name in "abcd"), "role:viewer", "role:operator"]
    async with savepoint_session(engine) as session:
        readers_of = {}
        for number in range(30):
            readers = dice.sample(people, k=dice.randint(1, 3))
            about = f"O relatório {number} trata da liquidação das opções."
            readers_of[await passages.document(session, about, readers=readers)] = set(readers)
        for _ in range(15):
            principals = dice.sample(people, k=dice.randint(0, 3))
            found = await ask(session, "relatório da liquidação", principals=principals, limit=50)
            allowed = {document for document, readers in readers_of.items() if readers & set(principals)}
            assert {hit.document_id for hit in found.hits} == allowed
