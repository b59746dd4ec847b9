"""A day's loads in one paragraph: the template tells the data, and a model's text is taken only when it does, too."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ai_svc.prose.facts import names, numbers
from ai_svc.prose.load_report import DayReport, Load, LoadWarning, objection, one_paragraph, paragraph

DAY = date(2026, 11, 19)
REPORT = DayReport(
    DAY,
    (
        Load("b3-cotahist", "", "b3.cotahist.load", "SUCCEEDED", rows=12226, files=("COTAHIST_D19112026",)),
        Load("b3-recentes", "", "job_baixar_arquivos_b3", "SUCCEEDED", missing=("COTAHIST_D18112026",)),
        Load(
            *("cvm-inf-diario", "", "cvm.inf_diario.load", "SUCCEEDED", 24010),
            warnings=(LoadWarning("FEW_ROWS", "poucas"), LoadWarning("FEW_ROWS", "poucas")),
        ),
        Load(*("cvm-cadastro", "", "cvm.cadastro.load", "FAILED"), error_code="X_1", error_message="não respondeu"),
        Load("cvm-lamina", "", "cvm.lamina.load", "SKIPPED"),
    ),
)
GOOD = "Em 19/11/2026, de 5 cargas, 1 falhou (cvm-cadastro), faltou COTAHIST_D18112026 e vieram 36.236 linhas."


def test_the_template_tells_the_day() -> None:
    assert paragraph(REPORT) == (
        "Em 19/11/2026, das 5 cargas da B3 e da CVM, 2 terminaram sem avisos, 1 terminou com avisos, 1 falhou e 1 não foi "
        "concluída. Foram carregadas 36.236 linhas (12.226 por b3-cotahist e 24.010 por cvm-inf-diario). Faltou o arquivo "
        "COTAHIST_D18112026. Houve 2 avisos: cvm-inf-diario avisou FEW_ROWS (2 vezes), “poucas”. Falhou cvm-cadastro, "
        "com X_1: “não respondeu”. Não foi concluída cvm-lamina (ignorada)."
    )


def test_days_with_one_load_or_none() -> None:
    assert paragraph(DayReport(DAY)) == "Em 19/11/2026 não houve cargas da B3 e da CVM na fila."
    one = replace(REPORT, loads=REPORT.loads[:1])
    assert paragraph(one) == (
        "Em 19/11/2026, a única carga da B3 e da CVM terminou sem avisos. Foram carregadas 12.226 linhas por b3-cotahist."
    )


def test_a_true_text_has_no_objection() -> None:
    assert objection(GOOD, REPORT) is None
    assert objection(paragraph(REPORT), REPORT) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("36.236", "36.237"), "number"),
        (GOOD.replace("1 falhou", "2 falharam"), "count"),
        (GOOD.replace("1 falhou", "sete falharam"), "number"),
        (GOOD.replace("COTAHIST_D18112026", "COTAHIST_D18112027"), "name"),
        (GOOD.replace("faltou COTAHIST_D18112026 e ", ""), "left out"),
        (GOOD.replace(" (cvm-cadastro)", ""), "left out"),
        (GOOD.replace("19/11/2026", "hoje"), "date"),
        (GOOD.replace(", faltou", ".\nFaltou"), "paragraph"),
        (GOOD + " palavra" * 300, "long"),
        ("", "paragraph"),
    ],
)
def test_a_text_that_is_not_the_datas_is_not_taken(text: str, reason: str) -> None:
    assert reason in str(objection(text, REPORT))


def test_a_models_layout_becomes_one_paragraph() -> None:
    assert one_paragraph("## Resumo\n- Em 19/11/2026,\n- tudo certo.\n") == "Resumo Em 19/11/2026, tudo certo."


def test_numbers_and_names_are_read_as_brazilians_write_them() -> None:
    text = "Três de 1.234,50 em 19/11/2026 às 21h04: COTAHIST_D19112026.ZIP, inf_diario.csv e uma nota."
    assert numbers(text) == {"3", "1234.5", "19", "11", "2026"}
    assert names(text) == {"COTAHIST_D19112026.ZIP", "inf_diario.csv", "21h04"}


NAMES = st.from_regex(r"(?:b3|cvm)-[a-z]{3,8}-[0-9]{1,3}", fullmatch=True)
FILES = st.from_regex(r"[A-Z]{3,8}_D[0-9]{8}", fullmatch=True)
WARNINGS = st.builds(LoadWarning, st.sampled_from(["FEW_ROWS", "LATE"]), st.sampled_from(["poucas", "tarde"]))
LOADS = st.builds(
    Load,
    routine=NAMES,
    title=st.just(""),
    job=st.just("b3.x"),
    status=st.sampled_from(["SUCCEEDED", "SUCCEEDED", "FAILED", "SKIPPED"]),
    rows=st.none() | st.integers(0, 10**7),
    files=st.lists(FILES, max_size=1).map(tuple),
    missing=st.lists(FILES, max_size=1).map(tuple),
    warnings=st.lists(WARNINGS, max_size=3).map(tuple),
)
REPORTS = st.builds(
    DayReport, st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.lists(LOADS, min_size=1, max_size=4).map(tuple)
)


@settings(max_examples=40, deadline=None)
@given(REPORTS)
def test_the_template_never_says_what_the_data_does_not(report: DayReport) -> None:
    assert objection(paragraph(report), report) is None
    assert "\n" not in paragraph(report)


@settings(max_examples=20, deadline=None)
@given(REPORTS, st.integers(10**8, 10**9))
def test_any_number_that_is_changed_is_noticed(report: DayReport, other: int) -> None:
    text = paragraph(report)
    found = list(re.finditer(r"(?<![\w./-])\d[\d.]*(?![\w/-])", text))
    for one in found:
        assert objection(text[: one.start()] + str(other) + text[one.end() :], report) is not None
