"""Text as terms: what is written differently and means the same is one term; nothing that can be typed breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai_svc.rag.lexicon.stems import folded, stem
from ai_svc.rag.lexicon.stopwords import STOPWORDS
from ai_svc.rag.lexicon.tokens import is_exact, run_terms, runs, term_id, term_ids, terms

PORTUGUESE = st.text(alphabet="abcdefghijlmnopqrstuvxzáâãàéêíóôõúç", min_size=1, max_size=14)


@pytest.mark.parametrize(
    "same",
    [
        ("cotação", "cotações", "COTAÇÃO", "cotacao", "cotacoes"),
        ("opção", "opções", "opcoes"),
        ("material", "materiais"),
        ("nível", "níveis", "nivel"),
        ("jovem", "jovens"),
        ("expansão", "expansões"),
        ("disponível", "disponíveis"),
        ("reunião", "reuniões", "reuniao"),
        ("fundo", "fundos"),
        ("liquidação", "liquidações"),
        ("regulamentação", "regulamentacao"),
    ],
)
def test_forms_of_one_word_are_one_term(same: tuple[str, ...]) -> None:
    assert len({tuple(terms(word)) for word in same}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("cota", "conta"), ("fundo", "fundação"), ("PETR3", "PETR4"), ("2024", "2025")]
)
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert set(terms(one)).isdisjoint(terms(other))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("PETR4", ["petr4"]),
        ("R$ 1.234,50", ["1234.5"]),
        ("1.000.000", ["1000000"]),
        ("12,5%", ["12.5"]),
        ("007", ["7"]),
        ("31/12/2025", ["2025-12-31", "2025"]),
        ("2025-12-31", ["2025-12-31", "2025"]),
        ("05/2023", ["2023-05", "2023"]),
        ("2014-2018", ["2014", "2018"]),
        ("10km", ["10", "10km"]),
        ("CO2", ["co2"]),
        ("12.345.678/0001-90", ["12345678000190", "12", "345", "678", "1", "90"]),
        ("job_baixar_arquivos_b3", ["jobbaixararquivosb3", "job", *terms("baixar"), *terms("arquivos"), "b3"]),
        ("define-se", terms("define")),
        ("o que é e de para", []),
        ("99/99/2025", ["99992025", "99", "2025"]),
    ],
)  # fmt: skip
def test_numbers_dates_and_codes(text: str, found: list[str]) -> None:
    assert terms(text) == found


def test_a_date_in_words_is_the_date_in_figures() -> None:
    assert "2025-12-31" in terms("em 31 de dezembro de 2025")
    assert "2024-03-01" in terms("no dia 1º de março de 2024")


def test_accents_that_are_typed_as_two_characters_are_the_same() -> None:
    assert terms("cotac\u0327a\u0303o") == terms("cotação")


@given(PORTUGUESE)
def test_accents_and_case_never_matter(word: str) -> None:
    assert terms(word) == terms(folded(word)) == terms(word.upper())


@given(PORTUGUESE)
def test_a_stem_is_plain_and_not_empty(word: str) -> None:
    found = stem(folded(word))
    assert found
    assert found == folded(found)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text: str) -> None:
    found = terms(text)
    assert all(found)
    assert all(len(term) <= 64 + 2 for term in found)
    assert found == [term for run in runs(text) for term in run_terms(run)]
    assert [term_id(term) for term in found] == term_ids().of(text)


@pytest.mark.parametrize("month", ["março", "Março", "MARÇO", "marc\u0327o", "março,"])
def test_ids_are_those_of_the_terms_however_a_date_is_written(month: str) -> None:
    text = f"No dia 1º  de {month} de 2024: em 31 de {month} de 2024"
    assert term_ids().of(text) == [term_id(term) for term in terms(text)]


def test_the_term_of_every_id_is_known() -> None:
    ids = term_ids()
    text = "Cotações da PETR4 em 31/12/2025; job_baixar_arquivos_b3"
    assert [ids.terms[one] for one in ids.of(text)] == terms(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_texts_side_by_side_have_both_terms(one: str, other: str) -> None:
    assert terms(f"{one}\n{other}") == terms(one) + terms(other)


@given(st.text(max_size=60))
def test_an_id_is_a_bigint(term: str) -> None:
    assert -(2**63) <= term_id(term) < 2**63


def test_stopwords_are_no_terms() -> None:
    assert all(not terms(word) for word in STOPWORDS)
    assert terms("não houve pregão")[0] == "nao"


@pytest.mark.parametrize(("term", "exact"), [("petr4", True), ("2025-12-31", True), ("fund", False)])
def test_what_has_a_figure_names_one_thing(term: str, *, exact: bool) -> None:
    assert is_exact(term) is exact
