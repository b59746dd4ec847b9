"""Estimates of tokens against what OpenAI's tokenizer counts (o200k_base by `bpe-openai` 0.1.4, counted once)."""

import pytest

from ai_svc.brain import tokens
from ai_svc.brain.chat import ChatMessage, ChatRequest, Usage
from ai_svc.brain.schemas import ProviderName

COUNTED = {
    "A carga diária da B3 terminou às 20h15 com três avisos: o arquivo COTAHIST chegou com duas horas de "
    "atraso, faltaram as cotas de doze fundos e uma rotina foi executada novamente depois de uma falha "
    "de conexão.": 54,
    "Os fundos de investimento devem informar diariamente o valor da cota, o patrimônio líquido e o "
    "número de cotistas à Comissão de Valores Mobiliários, conforme a regulamentação vigente.": 36,
    "Quais rotinas da equipe de dados não terminaram dentro do prazo na última sexta-feira, e quem foi avisado?": 25,
    "O pregão de 14/11/2024 teve volume de R$ 23,4 bilhões, queda de 0,75% no índice e 3.482.190 "
    "negócios; o dólar fechou a R$ 5,79.": 52,
    "Se a verificação falhar, não repita a carga: confira primeiro se o arquivo do dia está completo, "
    "depois compare a quantidade de linhas com a do dia anterior e só então execute a rotina de "
    "recuperação descrita no manual de operação.": 49,
    "A exploração de petróleo em águas profundas exige estudos ambientais sobre correntes marinhas, "
    "sedimentos e a fauna da plataforma continental brasileira.": 26,
}


@pytest.mark.parametrize(("text", "counted"), COUNTED.items())
def test_a_sentence_in_portuguese_is_estimated_within_a_sixth(text: str, counted: int) -> None:
    assert tokens.count(text) == pytest.approx(counted, rel=0.16)


def test_all_of_them_together_are_within_a_twentieth() -> None:
    assert sum(map(tokens.count, COUNTED)) == pytest.approx(sum(COUNTED.values()), rel=0.05)


def test_models_with_other_tokens_are_estimated_higher_and_nothing_is_nothing() -> None:
    text = next(iter(COUNTED))
    assert tokens.count(text, provider=ProviderName.ANTHROPIC) == pytest.approx(tokens.count(text) * 1.25, abs=1)
    assert (tokens.count(""), tokens.count(" ")) == (0, 1)


def test_counts_that_cannot_be_true_are_told_apart() -> None:
    request = ChatRequest((ChatMessage("user", "olá"),), max_output_tokens=10)
    assert tokens.plausible(Usage(8, 10), request)
    assert not any(tokens.plausible(usage, request) for usage in (Usage(-1, 1), Usage(8, 10**6), Usage(10**6, 1)))
