"""Markdown and plain text into clean text."""

import pytest

from ai_svc.rag.parsing import Refusal, parse


def plain(content: bytes, name: str = "nota.txt"):
    return parse(content, media_type=None, name=name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_is_found(encoding):
    assert plain("Cotação do pregão – “preço”".encode(encoding)).text == "Cotação do pregão – “preço”"


def test_line_ends_controls_and_invisible_marks_go():
    assert plain(b"um\r\ndois\x00\x07\rtr\xc3\xaas\xe2\x80\x8b \n\n\n\nquatro").text == "um\ndois\ntrês\n\nquatro"


def test_ligatures_and_full_width_forms_become_letters():
    assert plain("ﬁnanças, ﬂuxo, ＡＢＣ１２３".encode()).text == "finanças, fluxo, ABC123"


def test_what_a_number_says_stays():
    assert plain("art. 5º, 10² m², 2½ e x₁".encode()).text == "art. 5º, 10² m², 2½ e x₁"


def test_soft_hyphens_go_with_the_line_break_behind_them():
    assert plain("liqui\u00addação e liqui\u00ad\ndação".encode()).text == "liquidação e liquidação"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A carga não rodou porque o arquivo da bolsa ainda não foi publicado, e isso é comum.", "pt"),
        ("The load did not run because the file of the exchange was not published, and this is common.", "en"),
        ("PETR4 VALE3 ITUB4 2024-01-02", "und"),
    ],
)
def test_the_language_is_guessed(text, language):
    assert plain(text.encode()).language == language


def test_front_matter_gives_the_title_and_goes():
    parsed = parse(b'---\ntitle: "Plano B"\ntags: [x]\n---\n\n# Outro\n\ntexto', media_type=None, name="a.md")

    assert parsed.title == "Plano B"
    assert parsed.text == "# Outro\n\ntexto"


def test_headings_lose_their_marks():
    parsed = parse(b"## Ver [o **guia**](http://x) `agora` ##\n\ntexto", media_type="text/markdown", name="a")

    assert [(heading.level, heading.title, heading.offset) for heading in parsed.headings] == [
        (2, "Ver o guia agora", 0)
    ]
    assert parsed.media_type == "text/markdown"


def test_a_rule_below_a_list_or_table_is_no_heading():
    assert plain(b"- item\n---\n\n| a |\n|---|\n", "a.md").headings == ()


def test_other_kinds_of_files_are_refused():
    with pytest.raises(Refusal) as refused:
        parse(b"MZ\x90\0\3", media_type="application/x-msdownload", name="a.exe")
    assert refused.value.code == "DOCUMENT_NOT_SUPPORTED"
