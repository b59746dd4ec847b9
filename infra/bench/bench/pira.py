"""Pirá (C4AI, CC0): questions that people wrote about the Brazilian coast, and the passage that each was written from.

Generic questions are those that Pirá's own readers marked so (`question_generic` is 1): they do not say what they are about
("O que se pode afirmar a respeito da ameaça de extinção de algumas espécies?") and many passages answer them. Of the 225
questions of the validation part 58 are, and 167 are not (157 marked 0, 10 without a mark).
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from local_stack.tools import shared_data_dir


@dataclass(frozen=True)
class Question:
    text: str
    paraphrase: str | None
    passage: int
    generic: bool


@dataclass(frozen=True)
class Pira:
    passages: list[str]
    questions: list[Question]

    @property
    def specific(self) -> list[Question]:
        return [question for question in self.questions if not question.generic]


def pira_file() -> Path:
    """Where the validation part is, if it is there."""
    return shared_data_dir() / "pira" / "validation.csv"


def read_pira(path: Path) -> Pira:
    """The Portuguese passages, each once, and the questions by the passage's place among them."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places: dict[str, int] = {}
    questions = [
        Question(
            text=row["question_pt_origin"],
            paraphrase=row["question_pt_paraphase"] or None,
            passage=places.setdefault(row["abstract_translated_pt"].strip(), len(places)),
            generic=row["question_generic"] == "1.0",
        )
        for row in rows
    ]
    return Pira(list(places), questions)


OUT_OF_DOMAIN = (
    "Qual é a receita de pão de queijo mineiro?",
    "Quem ganhou a Copa do Mundo de futebol de 1994?",
    "Como trocar o pneu de um carro?",
    "Qual é a capital da Mongólia?",
    "Quantos jogadores tem um time de vôlei?",
    "Como se conjuga o verbo caber no pretérito?",
    "Quem escreveu Dom Casmurro?",
    "Qual a dose recomendada de paracetamol para adultos?",
    "Como instalar uma placa de vídeo no computador?",
    "Qual é o prazo para declarar o imposto de renda?",
    "Quem pintou a Mona Lisa?",
    "Como fazer um bolo de cenoura com cobertura de chocolate?",
    "Qual o melhor horário para visitar o Cristo Redentor?",
    "O que significa sonhar com dentes caindo?",
    "Como tirar mancha de vinho do tapete?",
    "Qual a diferença entre violão e guitarra?",
    "Quantas cordas tem um cavaquinho?",
    "Quem foi o primeiro homem a pisar na Lua?",
    "Como renovar a carteira de motorista vencida?",
    "Qual é a fórmula de Bhaskara?",
    "Qual cantora lançou o disco Tropicália?",
    "Como ensinar um cachorro a sentar?",
    "Qual é o salário mínimo em Portugal?",
    "Quando foi inventada a máquina de escrever?",
    "Como funciona um motor a diesel de caminhão?",
    "Qual é o enredo do filme Cidade de Deus?",
    "Quais vacinas um bebê toma aos seis meses?",
    "Como jogar xadrez para iniciantes?",
    "Quem é o padroeiro da cidade de Aparecida?",
    "Qual o preço médio de um apartamento em Curitiba?",
    "Como formatar um currículo para o primeiro emprego?",
    "Quais são os ingredientes da feijoada?",
    "Quem dirigiu o filme Central do Brasil?",
    "Como se diz obrigado em japonês?",
    "Qual é o símbolo químico do ouro?",
    "Quando começa o horário de verão em Paris?",
    "Como aplicar um torniquete na perna?",
    "Quantos graus tem um ângulo reto?",
    "Qual banda gravou a música Pais e Filhos?",
    "Como cancelar a assinatura de um serviço de streaming?",
    "Qual a altura da Torre Eiffel?",
    "Quem inventou a lâmpada elétrica?",
    "Como cuidar de orquídeas em apartamento?",
    "Qual a raça de gato mais dócil?",
    "O que é um soneto?",
    "Quais são os sintomas da dengue hemorrágica?",
    "Como pedir segunda via do título de eleitor?",
    "Qual técnico treinou a seleção brasileira em 2002?",
)
"""Questions of everyday life that no passage about the coast answers. One of them, answered by mistake, led to the rule of
unknown words in the gate, so they are no longer wholly untouched; no weight was fitted to them."""
