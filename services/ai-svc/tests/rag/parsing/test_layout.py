"""What printing did to a text, undone."""

import pytest

from ai_svc.rag.parsing.layout import with_accents, with_whole_lines, with_whole_words, without_running_heads


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("Introdu¸˜o", "Introdução"),
        ("Introdu¸c˜ao", "Introdução"),
        ("Introduc¸a˜o", "Introdução"),
        ("opera¸c˜oes e opera¸˜es", "operações e operações"),
        ("hist´oria, sa´ude, pa´ıs", "história, saúde, país"),
        ("trˆes mˆes", "três mês"),
        ("N˜ao h´a nada", "Não há nada"),
        ("c¸", "ç"),
        ("já está certo: ação", "já está certo: ação"),
    ],
)
def test_accents_go_back_to_their_letters(broken, whole):
    assert with_accents(broken) == whole


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("liqui-\ndação do pregão", "liquidação do pregão"),
        ("uma guarda-\nchuva", "uma guarda-chuva"),
        ("encontra-\nse aqui", "encontra-se aqui"),
        ("fazê-\nlo agora", "fazê-lo agora"),
        ("enviá-\nlas", "enviá-las"),
        ("fizeram-\nno", "fizeram-no"),
        ("análi-\nse", "análise"),
        ("a esco-\nla e a huma-\nna", "a escola e a humana"),
        ("vice-\npresidente na segunda-\nfeira", "vice-presidente na segunda-feira"),
        ("ex-\nportação pelo ex-\nministro", "exportação pelo ex-ministro"),
        ("COVID-\n19 e PETR-\n4", "COVID-19 e PETR-4"),
        ("o tri-\n  mestre", "o trimestre"),
        ("o mão-de-\nobra", "o mão-de-obra"),
        ("texto -\nmais texto", "texto -\nmais texto"),
        ("fim-\n\nOutro", "fim-\n\nOutro"),
    ],
)
def test_broken_words_are_joined_and_real_hyphens_stay(broken, whole):
    assert with_whole_words(broken) == whole


def test_the_document_itself_knows_best_how_a_word_is_written():
    assert with_whole_words("O swap-cupom caiu. O swap-\ncupom subiu.") == "O swap-cupom caiu. O swap-cupom subiu."
    assert with_whole_words("O dizse caiu. O diz-\nse subiu.") == "O dizse caiu. O dizse subiu."


def test_running_heads_and_page_numbers_go():
    themes = ["A bolsa subiu", "O fundo rendeu", "O dólar caiu", "A taxa ficou", "O índice variou"]
    pages = [
        f"Relatório Anual\n\n{theme} hoje.\nE ontem.\n\nPágina {n} de 5" for n, theme in enumerate(themes, start=1)
    ]

    clean = without_running_heads(pages)

    assert [page.strip().split("\n")[0] for page in clean] == [f"{theme} hoje." for theme in themes]
    assert all("Relatório Anual" not in page and "Página" not in page for page in clean)


def test_what_two_pages_share_stays():
    pages = ["Ata\num", "Ata\ndois"]

    assert without_running_heads(pages) == pages


def test_pages_that_are_alike_from_top_to_bottom_are_not_emptied():
    pages = ["10\n20", "30\n40", "50\n60"]

    assert without_running_heads(pages) == pages


def test_lines_of_a_paragraph_are_joined_and_items_stay():
    text = (
        "O conselho de administração aprovou ontem a distribuição de\n"
        "dividendos aos acionistas que tinham ações na data de corte.\n"
        "Itens:\n- primeiro item da lista\n- segundo item da lista\n1. numerado"
    )

    assert with_whole_lines(text).split("\n") == [
        "O conselho de administração aprovou ontem a distribuição de dividendos aos acionistas que tinham ações na data de corte.",
        "Itens:",
        "- primeiro item da lista",
        "- segundo item da lista",
        "1. numerado",
    ]
