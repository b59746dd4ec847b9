"""Pieces of a text: where they say they are, whole, and no longer than asked."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_svc.rag.chunking import OFFLINE_MAX_CHARS, Piece, chunk, sentences
from ai_svc.rag.parsing import Page, ParsedText, parse

ALPHABET = st.sampled_from(
    [
        *"abcdeçãéíõú .!?,;\n\n\n#-=|*`>1234[]()",
        "\t",
        "\xa0",
        "\u2003",
        "𝒜",
        "🏦",
        "e\u0301",
        "## ",
        "\n\n",
        "Palavra ",
        "uma frase. ",
    ]
)
TEXTS = st.lists(ALPHABET, max_size=600).map("".join).filter(str.strip)
MODES = ["heading", "fixed", "semantic"]


def markdown(text: str) -> ParsedText:
    return parse(text.encode("utf-8", "ignore"), media_type=None, name="texto.md")


def assert_sound(parsed: ParsedText, pieces: list[Piece], max_chars: int) -> None:
    covered = bytearray(len(parsed.text))
    for piece in pieces:
        assert parsed.text[piece.start : piece.end] == piece.text
        assert piece.text == piece.text.strip()
        assert 0 < len(piece.text) <= max_chars
        covered[piece.start : piece.end] = b"\x01" * (piece.end - piece.start)
    left_out = "".join(mark for mark, seen in zip(parsed.text, covered, strict=True) if not seen)
    assert not left_out.strip()
    assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)


@pytest.mark.parametrize("name", ["texto.md", "texto.txt"])
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=120, deadline=None)
@given(text=TEXTS, max_chars=st.integers(100, 400), share=st.floats(0, 0.5))
def test_every_piece_is_where_it_says_and_nothing_is_lost(mode, name, text, max_chars, share):
    parsed = parse(text.encode("utf-8", "ignore"), media_type=None, name=name)

    pieces = chunk(parsed, mode=mode, max_chars=max_chars, overlap=int(share * max_chars))

    assert_sound(parsed, pieces, max_chars)


DOCUMENT = """# Manual da carga

## Quando roda

A carga diária roda às 00:01. Ela grava as execuções do dia.

## O que fazer quando falha

### Arquivo ausente

Espere o arquivo até as 20:00. Depois disso abra um chamado.

### Arquivo corrompido

Baixe de novo. Se continuar, avise a B3.
"""


def test_a_piece_knows_the_headings_it_stands_under():
    pieces = chunk(markdown(DOCUMENT), max_chars=150)

    assert [piece.heading for piece in pieces] == [
        "Manual da carga > Quando roda",
        "Manual da carga > O que fazer quando falha > Arquivo ausente",
        "Manual da carga > O que fazer quando falha > Arquivo corrompido",
    ]


def test_a_heading_that_stands_alone_goes_with_what_follows_it():
    pieces = chunk(markdown(DOCUMENT), max_chars=150)

    assert pieces[0].text.startswith("# Manual da carga\n\n## Quando roda\n\nA carga")
    assert pieces[1].text.startswith("## O que fazer quando falha\n\n### Arquivo ausente")


def test_a_heading_inside_a_code_fence_is_code():
    parsed = markdown("# Um\n\n```sh\n# comentário\n```\n\nDois\n====\n\ntexto")

    assert [(heading.level, heading.title) for heading in parsed.headings] == [(1, "Um"), (1, "Dois")]
    assert all(parsed.text[heading.offset :].lstrip("# ").startswith(heading.title) for heading in parsed.headings)


def test_pieces_of_a_long_section_repeat_a_little_of_the_one_before():
    text = " ".join(f"A frase número {n} fala do pregão de ontem." for n in range(200))

    pieces = chunk(markdown(text), max_chars=700)

    repeated = [left.end - right.start for left, right in pairwise(pieces)]
    assert all(0 < count <= 0.15 * 700 for count in repeated)
    assert all(piece.text.endswith(".") for piece in pieces)


def test_a_piece_knows_the_page_on_which_it_begins():
    text = "\n\n".join(f"Página {n}. " + "palavra " * 30 for n in (1, 2, 3))
    starts = [text.index(f"Página {n}") for n in (1, 2, 3)]
    parsed = ParsedText(
        text, "application/pdf", None, (), tuple(Page(n + 1, at) for n, at in enumerate(starts)), "pt", ()
    )

    pieces = chunk(parsed, max_chars=300, overlap=0)

    assert [piece.page for piece in pieces] == [1, 2, 3]


def test_without_pages_there_is_no_page():
    assert {piece.page for piece in chunk(markdown(DOCUMENT))} == {None}


def test_semantic_cuts_where_the_subject_changes():
    market = [f"A cotação da ação {n} subiu no pregão da bolsa e o volume do pregão cresceu." for n in range(4)]
    soup = [f"A receita {n} leva cenoura, cebola e caldo quente na panela da cozinha." for n in range(4)]
    parsed = markdown(" ".join(market + soup))

    pieces = chunk(parsed, mode="semantic", max_chars=400, overlap=0)

    assert pieces[0].text.endswith("cresceu.")
    assert "receita" not in pieces[0].text
    assert all("cotação" not in piece.text for piece in pieces[1:])


def test_semantic_takes_vectors_for_sentences():
    text = "Alfa beta gama delta. " * 3 + "Alfa beta gama delta. " * 3
    vectors = [[1.0, 0.0]] * 2 + [[0.0, 1.0]] * 4

    pieces = chunk(markdown(text), mode="semantic", max_chars=100, overlap=0, vectors=vectors)

    assert len(sentences(markdown(text).text)) == 6
    assert pieces[0].text == "Alfa beta gama delta. Alfa beta gama delta."


def test_vectors_are_one_for_each_sentence():
    with pytest.raises(ValueError, match="one for each"):
        chunk(markdown("Uma frase. Outra frase."), mode="semantic", vectors=[[1.0]])


@pytest.mark.parametrize("arguments", [{"max_chars": 99}, {"max_chars": 200, "overlap": 101}, {"overlap": -1}])
def test_sizes_that_make_no_sense_are_refused(arguments):
    with pytest.raises(ValueError, match=r"at least|at most"):
        chunk(markdown("texto"), **arguments)


@pytest.mark.parametrize("mode", MODES)
def test_text_without_any_blank_is_cut_all_the_same(mode):
    parsed = markdown("x" * 300_000)

    pieces = chunk(parsed, mode=mode, max_chars=OFFLINE_MAX_CHARS)

    assert_sound(parsed, pieces, OFFLINE_MAX_CHARS)


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize("what", [" ", "a", ".", "-\n", "# ", "`", "a-", "[", "\u00ad", "=\n", "_", "x.", "\t|"])
def test_texts_that_patterns_may_stumble_over_take_no_time(what, name):
    parsed = parse(("início " + what * 100_000 + " fim").encode(), media_type=None, name=name)

    for mode in MODES:
        assert_sound(parsed, chunk(parsed, mode=mode), 1_400)


def test_an_empty_text_has_no_pieces():
    blank = ParsedText(" \n \n", "text/plain", None, (), (), "und", ())

    assert [chunk(blank, mode=mode) for mode in MODES] == [[], [], []]


def test_sentences_do_not_end_at_abbreviations():
    text = "O Sr. Silva leu o art. 5º da lei. Depois saiu! E voltou?"

    assert [text[start:end] for start, end in sentences(text)] == [
        "O Sr. Silva leu o art. 5º da lei.",
        "Depois saiu!",
        "E voltou?",
    ]


@pytest.mark.parametrize("mode", MODES)
def test_a_long_report_is_sound_in_every_mode(mode):
    words = ["cotação", "pregão", "fundo", "carteira", "índice", "ação", "liquidação", "margem", "contrato", "prazo"]
    chance = random.Random(4)
    paragraphs = [" ".join(chance.choices(words, k=60)).capitalize() + "." for _ in range(150)]
    parsed = markdown("\n\n".join(f"## Seção {n}\n\n{paragraph}" for n, paragraph in enumerate(paragraphs)))

    pieces = chunk(parsed, mode=mode)

    assert_sound(parsed, pieces, 1_400)
    assert len(pieces) > 40
