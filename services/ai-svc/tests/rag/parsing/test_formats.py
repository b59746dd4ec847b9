"""Each kind of file into text with places. In this process: the child processes have tests of their own."""

from datetime import date, datetime

import files
import pytest

from ai_svc.rag.parsing import ParsedText, Refusal, parse
from ai_svc.rag.parsing.bounds import Bounds

NAMES = ["Ações", "Fundos", "Câmbio", "Juros"]
THEMES = ["A bolsa", "O fundo", "O dólar", "A taxa"]
PARAGRAPH = (
    "A carga diária roda às 00:01 e grava as execuções do dia em uma só transação, que não deixa nada pela metade."
)


def read(content: bytes, name: str, hint: str | None = None, **bounds: int) -> ParsedText:
    return parse(content, media_type=hint, name=name, bounds=Bounds(**bounds))


def refusal(content: bytes, name: str, hint: str | None = None, **bounds: int) -> str:
    with pytest.raises(Refusal) as refused:
        read(content, name, hint, **bounds)
    return refused.value.code


def headings(parsed: ParsedText) -> list[tuple[int, str]]:
    for heading in parsed.headings:
        assert parsed.text[heading.offset :].startswith(heading.title)
    return [(heading.level, heading.title) for heading in parsed.headings]


# --- html


def test_a_page_loses_what_surrounds_its_text():
    html = f"""<!doctype html><html lang=pt><head><title>Fatos &amp; dados</title><style>x{{}}</style></head><body>
    <header><a href=/>Início</a></header><nav><ul><li>Menu</li></ul></nav><div class="cookie-banner">Aceite cookies</div>
    <main><h1>Carga <em>diária</em></h1><p>{PARAGRAPH}</p><script>alert(1)</script>
    <h2>Passos</h2><ul><li>Um</li><li>Dois</li></ul>
    <table><tr><th>Código</th><th>Preço</th></tr><tr><td>PETR4</td><td>37,20</td></tr></table>
    <pre>linha 1
      linha 2</pre><p hidden>escondido</p><p>um<br>dois</p></main>
    <footer>© Ninguém</footer></body></html>"""

    parsed = read(html.encode(), "pagina.html")

    assert parsed.title == "Fatos & dados"
    assert headings(parsed) == [(1, "Carga diária"), (2, "Passos")]
    assert parsed.text == (
        f"Carga diária\n\n{PARAGRAPH}\n\nPassos\n\n- Um\n\n- Dois\n\nCódigo | Preço\n\nPETR4 | 37,20\n\n"
        "linha 1\n      linha 2\n\num\ndois"
    )
    assert parsed.language == "pt"


def test_a_page_that_is_all_navigation_is_read_all_the_same():
    assert read(b"<html><body><nav><p>Tudo em um menu</p></nav></body></html>", "a.html").text == "Tudo em um menu"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252"])
def test_a_page_says_its_encoding_and_may_be_wrong(encoding):
    html = '<html><head><meta charset="iso-8859-1"></head><body><p>Cotação é preço</p></body></html>'

    assert read(html.encode(encoding), "a.html").text == "Cotação é preço"


def test_a_page_without_an_ending_is_known_by_its_beginning():
    assert read(b"\n<!DOCTYPE html><p>Oi", "sem-nome", "text/plain").media_type == "text/html"


def test_thousands_of_levels_do_no_harm():
    html = b"<html><body><p>antes</p>" + b"<div>" * 100_000 + b"fundo" + b"</div>" * 100_000

    assert read(html, "fundo.html").text.startswith("antes")


# --- pdf


def test_pages_and_headings_of_a_pdf():
    pages = [
        f"Relatório mensal\n{NAMES[n - 1]}\n{THEMES[n - 1]} fala do pre-\ngão de {1990 + n}{'.' * n}\nPágina {n}"
        for n in range(1, 5)
    ]

    parsed = read(files.pdf_with_outline(pages, [(name, index) for index, name in enumerate(NAMES)]), "r.pdf")

    assert headings(parsed) == [(1, name) for name in NAMES]
    assert [page.number for page in parsed.pages] == [1, 2, 3, 4]
    assert parsed.text[parsed.pages[2].offset :].startswith("Câmbio\nO dólar fala do pregão de 1993...")
    assert "Relatório mensal" not in parsed.text


def test_a_pdf_says_its_title():
    assert read(files.pdf(["Texto"], title="Ata do conselho"), "x.pdf").title == "Ata do conselho"


def test_an_encrypted_pdf_is_refused_unless_its_password_is_empty():
    assert refusal(files.encrypted_pdf(["segredo"], "senha"), "a.pdf") == "DOCUMENT_ENCRYPTED"
    assert read(files.encrypted_pdf(["aberto"], ""), "a.pdf").text == "aberto"


def test_pages_without_text_are_named():
    parsed = read(files.pdf(["um", "", "três", ""]), "a.pdf")

    assert parsed.warnings == ("pages 2, 4 have no text, they may be scanned",)


def test_a_scan_is_refused_with_advice():
    assert refusal(files.pdf(["", ""]), "scan.pdf") == "DOCUMENT_HAS_NO_TEXT"


@pytest.mark.parametrize("content", [b"%PDF-1.7\n%nada", b"%PDF-", files.pdf(["a"])[:200]])
def test_a_broken_pdf_is_refused(content):
    assert refusal(content, "a.pdf") in {"DOCUMENT_BROKEN", "DOCUMENT_HAS_NO_TEXT"}


def test_too_many_pages_are_refused():
    assert refusal(files.pdf(["a"] * 5), "a.pdf", pages=4) == "DOCUMENT_TOO_LARGE"


# --- docx


def test_a_word_document_in_its_order():
    content = files.word(
        ("Title", "Manual"),
        ("Heading 1", "Quando roda"),
        ("Normal", PARAGRAPH),
        ("List Bullet", "primeiro"),
        ("table", [["Código", "Preço"], ["PETR4", "37,20"]]),
        ("Heading 2", "E se falhar?"),
        ("Normal", "Espere."),
        title="O manual",
    )

    parsed = read(content, "manual.docx")

    assert parsed.title == "O manual"
    assert headings(parsed) == [(1, "Manual"), (1, "Quando roda"), (2, "E se falhar?")]
    assert parsed.text.split("\n\n")[2:] == [
        PARAGRAPH,
        "primeiro",
        "Código | Preço",
        "PETR4 | 37,20",
        "E se falhar?",
        "Espere.",
    ]
    assert parsed.media_type.endswith("wordprocessingml.document")


def test_deleted_text_is_not_read():
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        f"<w:document {w}><w:body><w:p><w:r><w:t>fica</w:t></w:r><w:del><w:r><w:delText>saiu</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t> entrou</w:t></w:r></w:ins></w:p></w:body></w:document>"
    )

    assert read(files.repacked(files.word(), {"word/document.xml": body.encode()}), "a.docx").text == "fica entrou"


# --- xlsx and csv


def test_rows_of_a_workbook_are_lines_that_can_be_read():
    content = files.workbook(
        {
            "Cotações": [
                ["Relatório"],
                ["Código", "Data", "Preço", "Ativo"],
                ["PETR4", date(2026, 11, 20), 37.2, True],
                ["VALE3", datetime(2026, 11, 20, 18, 5), 60, None],
            ],
            "Rascunho": [["não", "ler"]],
            "Vazia": [],
        },
        hidden=["Rascunho"],
    )

    parsed = read(content, "cotacoes.xlsx")

    assert parsed.text == (
        "Cotações\n\nRelatório\nCódigo: PETR4; Data: 2026-11-20; Preço: 37.2; Ativo: TRUE\n"
        "Código: VALE3; Data: 2026-11-20 18:05:00; Preço: 60\n\nVazia"
    )
    assert [page.number for page in parsed.pages] == [1, 3]
    assert headings(parsed) == [(1, "Cotações"), (1, "Vazia")]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separator_and_encoding_of_a_csv_are_found(separator, encoding):
    rows = [
        ["Código", "Descrição", "Preço"],
        ["PETR4", "Ação, preferencial; só", "37.20"],
        ["VALE3", 'dita "ON"', "60.10"],
    ]
    text = "\r\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)

    parsed = read(text.encode(encoding), "b3.csv")

    assert parsed.text == (
        'Código: PETR4; Descrição: Ação, preferencial; só; Preço: 37.20\nCódigo: VALE3; Descrição: dita "ON"; Preço: 60.10'
    )
    assert parsed.media_type == "text/csv"


def test_brazilian_numbers_do_not_confuse_the_separator():
    parsed = read("Fundo;Cota;Data\nA;1,234;01/02/2026\nB;2,345;02/02/2026\n".encode("latin-1"), "fundos.csv")

    assert parsed.text.split("\n")[0] == "Fundo: A; Cota: 1,234; Data: 01/02/2026"


def test_a_table_of_numbers_has_no_header():
    assert read(b"1;2;3\n4;5;6\n", "n.csv").text == "1; 2; 3\n4; 5; 6"


def test_a_table_that_is_too_long_is_read_in_part():
    parsed = read(("a;b\n" + "x;y\n" * 1_000).encode(), "longa.csv", cells=100)

    assert parsed.text.count("a: x; b: y") == 48
    assert parsed.warnings == ("The file is too long: only its first rows were read",)


# --- what a file is


@pytest.mark.parametrize(
    ("content", "name", "hint", "code"),
    [
        (b"\x89PNG\r\n\x1a\n", "foto.png", "text/plain", "DOCUMENT_NOT_SUPPORTED"),
        (b"abc" + bytes(range(20)), "nota.txt", "text/plain", "DOCUMENT_NOT_SUPPORTED"),
        (b"{\\rtf1 oi}", "carta.rtf", None, "DOCUMENT_NOT_SUPPORTED"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "velho.doc", None, "DOCUMENT_NOT_SUPPORTED"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            None,
            "DOCUMENT_ENCRYPTED",
        ),
        (b"texto comum", "ata.pdf", "application/pdf", "DOCUMENT_BROKEN"),
        (b"texto comum", "ata.docx", None, "DOCUMENT_BROKEN"),
        (files.pdf(["a"]), "ata.xlsx", None, "DOCUMENT_BROKEN"),
        (b"PK\x03\x04 nada", "a.docx", None, "DOCUMENT_BROKEN"),
        (b"", "vazio.txt", None, "DOCUMENT_HAS_NO_TEXT"),
        (b" \n \n", "branco.md", None, "DOCUMENT_HAS_NO_TEXT"),
    ],
)
def test_what_is_no_readable_document_is_refused(content, name, hint, code):
    assert refusal(content, name, hint) == code


def test_content_and_name_count_and_not_what_the_sender_says():
    assert read(files.pdf(["oi"]), "sem-fim", "text/html").media_type == "application/pdf"
    assert read(b"# oi", "a.md", "application/pdf").media_type == "text/markdown"
    assert read(b"a;b\nc;d", "dados", "text/csv; charset=latin1").media_type == "text/csv"


def test_a_long_text_is_refused():
    assert refusal(b"palavra " * 200, "a.txt", text_chars=1_000) == "DOCUMENT_TOO_LARGE"
    assert refusal(b"<p>palavra</p>" * 200, "a.html", text_chars=1_000) == "DOCUMENT_TOO_LARGE"
