"""What is answered without any model: sentences of the text that was given, word for word, and nothing else."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_calls import asking

from ai_svc.brain.adapters.extractive import answer_sentences, language_of, sentences, summarise
from ai_svc.brain.adapters.local import LocalProvider
from ai_svc.brain.chat import ChatMessage, ChatRequest, Delta, Done
from ai_svc.brain.exceptions import NotSupported
from ai_svc.brain.templates import fence

DAY = """O Sr. Silva abriu o dia 14.11.2024 às 9h. A carga da CVM terminou com 3 avisos: faltaram cotas de 12 fundos.
A carga da B3 publicou o COTAHIST com 1.234 linhas.

- Aviso: o fundo X está sem cota há 2 dias.
- Aviso: o fundo Y tem patrimônio negativo.

Os avisos da carga da CVM serão
verificados amanhã (Fig. 2)."""


def test_sentences_end_where_they_end() -> None:
    assert sentences(DAY) == [
        "O Sr. Silva abriu o dia 14.11.2024 às 9h.",
        "A carga da CVM terminou com 3 avisos: faltaram cotas de 12 fundos.",
        "A carga da B3 publicou o COTAHIST com 1.234 linhas.",
        "Aviso: o fundo X está sem cota há 2 dias.",
        "Aviso: o fundo Y tem patrimônio negativo.",
        "Os avisos da carga da CVM serão\nverificados amanhã (Fig. 2).",
    ]


def test_a_question_is_answered_with_the_sentences_that_share_its_rare_words() -> None:
    assert answer_sentences("Qual fundo tem patrimônio negativo?", DAY) == ["Aviso: o fundo Y tem patrimônio negativo."]
    assert answer_sentences("Quem venceu a eleição?", DAY) == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(alphabet="abcdeãç .\n-1!?", min_size=1, max_size=60), max_size=12), st.integers(1, 5))
def test_a_summary_is_made_of_the_texts_sentences(parts: list[str], most: int) -> None:
    text = "\n".join(parts)
    summary = summarise(text, max_sentences=most)
    assert set(re.findall(r"\w+", summary)) <= set(re.findall(r"\w+", text))
    assert bool(summary) == bool(sentences(text))


def test_languages_are_told_apart() -> None:
    assert (language_of(DAY), language_of("The load of the day is not complete."), language_of("")) == (
        "pt",
        "en",
        "pt",
    )


async def said(request: ChatRequest) -> str:
    *deltas, done = [event async for event in LocalProvider().stream(request)]
    assert isinstance(done, Done)
    assert all(isinstance(delta, Delta) and delta.text for delta in deltas)
    assert "".join(delta.text for delta in deltas if isinstance(delta, Delta)) == done.result.text
    assert done.result == await LocalProvider().chat(request)
    return done.result.text


async def test_a_summary_of_what_stands_between_fences() -> None:
    system = ChatMessage("system", "Você resume textos.\nNo máximo 50 palavras. <<<TEXT …>>>")
    user = ChatMessage("user", f"Resuma a parte abaixo.\n\n{fence('TEXT', DAY, key='0123456789abcdef0123')}")
    text = await said(ChatRequest((system, user)))
    assert len(sentences(text)) == 2
    assert all(sentence.rstrip(".") in DAY for sentence in sentences(text))


async def test_a_question_about_what_stands_between_fences() -> None:
    body = f"Pergunta: Qual fundo está sem cota?\n\n{fence('TEXT', DAY, key='0123456789abcdef0123')}"
    assert "o fundo X está sem cota há 2 dias." in await said(asking(body))
    assert "Não encontrei" in await said(asking(body.replace("fundo está sem cota", "bolo cresceu")))


async def test_without_a_text_it_says_what_it_needs() -> None:
    assert "envie o texto" in await said(asking("Olá, tudo bem com você?"))


async def test_a_shape_is_not_made_up() -> None:
    with pytest.raises(NotSupported):
        await LocalProvider().chat(asking(schema={"title": "A"}))
