"""Ten thousand scripted answers: what reaches a reader is true, however the model and the network cut it up."""

import itertools
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_svc.rag.citations.checking import Citation, CitationFilter
from ai_svc.rag.citations.quotes import Passage

PASSAGES = [
    "O arquivo COTAHIST de 2024-11-08 tem 12.226 registros; o trailer confere com a contagem de linhas.",
    "A CVM publica o informe diário dos fundos até as 8h do dia útil seguinte. Em feriados, não há arquivo.",
    "Se a B3 não publicar até 20:30, a rotina «b3.cotahist.download» tenta de novo a cada 10 minutos,\n  no máximo 12 vezes.",
    "O calendário ANBIMA vale para bancos; o da B3, para pregões. Em 25 de janeiro a B3 abre e São Paulo é feriado.",
]


def served(text: str, passages: list[str] = PASSAGES, *, cuts: list[int] | None = None) -> tuple[str, list[Citation]]:
    """The text and the citations that a reader gets when the answer comes in pieces that end at `cuts`."""
    stream = CitationFilter(passages)
    edges = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts or [])})
    said = [piece for begin, end in itertools.pairwise(edges) for piece in stream.feed(text[begin:end])]
    said += stream.end()
    assert [c for c in said if isinstance(c, Citation)] or not stream.citations
    return "".join(piece for piece in said if isinstance(piece, str)), stream.citations


def assert_true(text: str, citations: list[Citation], passages: list[str] = PASSAGES) -> None:
    for citation in citations:
        assert passages[citation.passage][citation.start : citation.end] == citation.quote
        assert len(citation.quote) >= 8
    numbers = {citation.number for citation in citations}
    assert {int(number) for number in re.findall(r"\[(\d+)\]", text)} == numbers
    assert not re.search(r"\[\[\s*\d+\s*\|", text)


def test_a_true_citation_is_served_with_the_words_of_the_passage() -> None:
    text, (citation,) = served("Foram 12.226 registros [[1|tem 12.226  REGISTROS]].")
    assert text == "Foram 12.226 registros [1]."
    assert (citation.number, citation.passage, citation.quote) == (1, 0, "tem 12.226 registros")


def test_a_quote_over_a_line_break_is_served_as_it_stands() -> None:
    _, (citation,) = served("[[3|a cada 10 minutos, no máximo 12 vezes]]")
    assert citation.quote == "a cada 10 minutos,\n  no máximo 12 vezes"


@pytest.mark.parametrize(
    "invented",
    [
        "[[1|tem 12.227 registros]]",  # a number altered
        "[[2|publica o informe mensal dos fundos]]",  # a word altered
        "[[1|2.226 registros]]",  # cut out of a number
        "[[9|um texto que ninguém escreveu]]",  # no such passage, no such words
        "[[1|]]",
        "[[1]]",
        "[[2|a]]",  # too short to prove anything
        "[[2|Em feriados ... até as 8h]]",  # the parts stand the other way round
        "[1]",
        "[2, 3]",
        "[^4]",
        "【1†fonte】",
        "[[1|tem 12.226 registros",  # never finished
    ],
)
def test_what_is_not_true_never_leaves(invented: str) -> None:
    text, citations = served(f"Antes {invented}")
    assert (text, citations) == ("Antes ", [])


def test_a_quote_under_the_wrong_number_is_attributed_to_where_it_stands() -> None:
    _, (citation,) = served("[[4|até as 8h do dia útil seguinte]]")
    assert citation.passage == 1


def test_left_out_parts_may_be_left_out() -> None:
    _, (citation,) = served("[[2|A CVM publica o informe diário ... do dia útil seguinte]]")
    assert citation.quote == "A CVM publica o informe diário dos fundos até as 8h do dia útil seguinte"


def test_the_same_quote_has_one_number() -> None:
    text, citations = served("a [[1|o trailer confere]] b [[1|o trailer confere]] c [[4|vale para bancos]]")
    assert text == "a [1] b [1] c [2]"
    assert len(citations) == 2


def test_other_brackets_are_text() -> None:
    for text in ("lista[i]", "[sic]", "[2024-11-08]", "a [[b]] c", "[", "x [", "[[", "[nota] e [[nota|x]]"):
        assert served(text)[0] == text


@given(st.lists(st.integers(0, 400), max_size=40))
def test_how_the_answer_is_cut_changes_nothing(cuts: list[int]) -> None:
    answer = (
        "O arquivo veio [[1|tem 12.226 registros]], [sic] e [7] conforme [[2|Em feriados, não há arquivo]]; "
        "mas [[3|nunca foi escrito assim]] e lista[i] [[4|a B3 abre e São Paulo é feriado.]] fim ["
    )
    assert served(answer, cuts=cuts) == served(answer)


@given(st.text(alphabet="[]|123 abc.…【】^,-\n", max_size=80), st.lists(st.integers(0, 80), max_size=10))
def test_any_text_is_survived(text: str, cuts: list[int]) -> None:
    said, citations = served(text, ["abc 123 abc. abc"], cuts=cuts)
    assert_true(said, citations, ["abc 123 abc. abc"])


def _altered(quote: str, rng: random.Random) -> str:
    words = quote.split()
    place = rng.randrange(len(words))
    kind = rng.randrange(4)
    if kind == 0:
        words[place] += "x"
    elif kind == 1:
        words.insert(place, "não")
    elif kind == 2:
        words[place] = str(rng.randrange(10_000, 99_999))
    else:
        words = words[::-1]
    return " ".join(words)


def _mark(rng: random.Random) -> tuple[str, str]:
    """A citation and what it is: valid, invented, shifted (another passage's number) or altered."""
    place = rng.randrange(len(PASSAGES))
    words = PASSAGES[place].split()
    begin = rng.randrange(max(1, len(words) - 4))
    quote = " ".join(words[begin : begin + rng.randrange(4, 9)])
    kind = rng.choice(["valid", "invented", "shifted", "altered"])
    if kind == "invented":
        return f"[[{rng.randrange(0, 30)}|segundo fontes do mercado, nada disso ocorreu]]", kind
    if kind == "altered":
        return f"[[{place + 1}|{_altered(quote, rng)}]]", kind
    number = place + 1 if kind == "valid" else (place + 1) % len(PASSAGES) + 1
    return f"[[{number}|{quote}]]", kind


def test_ten_thousand_scripted_answers() -> None:
    rng = random.Random(20261121)
    expected = kept = 0
    for _ in range(10_000):
        marks = [_mark(rng) for _ in range(rng.randrange(1, 4))]
        answer = " ".join(f"Frase número {n} {mark}." for n, (mark, _) in enumerate(marks))
        cuts = [rng.randrange(len(answer)) for _ in range(rng.randrange(12))]
        text, citations = served(answer, cuts=cuts)
        assert_true(text, citations)
        true_quotes = {mark.partition("|")[2] for mark, kind in marks if kind in {"valid", "shifted"}}
        expected += len(true_quotes)
        kept += len(citations)
        for citation in citations:
            # Whatever is served stands in the passages by the plainest of all checks.
            assert citation.quote in PASSAGES[citation.passage]
    assert kept >= 0.98 * expected, "true citations are not thrown away"
    assert kept <= expected * 1.02, "and an altered one is hardly ever true by chance"


def test_places_count_characters_of_the_original() -> None:
    passage = Passage("İstanbul  e  “São Paulo” — capital")
    found = passage.find('"são paulo" - capital')
    assert found is not None
    assert passage.text[slice(*found)] == "São Paulo” — capital"
