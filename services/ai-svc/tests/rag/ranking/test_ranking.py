"""The pure parts of an order: weights, fusion, closeness, rerank and the gate, each on cases computed by hand."""

import math

import pytest

from ai_svc.rag.ranking.evidence import Found, judged
from ai_svc.rag.ranking.fusion import fused
from ai_svc.rag.ranking.matching import Match, match, read_ids, weights
from ai_svc.rag.ranking.question import Statistics, rarest, read, respelt, weighed
from ai_svc.rag.ranking.reranking import Candidate, RuleReranker, by_rule, ordered
from ai_svc.rag.ranking.spelling import nearest, one_edit, worth_mending


def statistics(**df: int) -> Statistics:
    return Statistics(chunks=1000, tokens=60_000, df={read(word)[0].id: count for word, count in df.items()})


def candidate(chunk_id: int, *, score: float = 0.5, text: str = "", window: float = 0.0) -> Candidate:
    nothing = Match(coverage=window, window=window, proximity=window, named=0.0, found=frozenset())
    return Candidate(chunk_id, score, text, frozenset(read_ids(text)), nothing)


def test_rare_words_weigh_more() -> None:
    known = weighed(read("fundo câmbio zebra"), statistics(fundo=500, câmbio=9))
    assert [one.asked.written for one in known] == ["câmbio", "fundo", "zebra"]
    assert known[0].weight == pytest.approx(math.log(1 + 991.5 / 9.5))
    assert known[2].df == 0
    assert known[2].weight > known[0].weight


def test_candidates_come_from_the_rarest_words_and_at_least_from_one() -> None:
    known = weighed(read("fundo câmbio taxa zebra"), statistics(fundo=900, câmbio=9, taxa=80))
    assert [one.asked.written for one in rarest(known, passages=100)] == ["câmbio", "taxa"]
    assert [one.asked.written for one in rarest(known, passages=1)] == ["câmbio"]
    assert rarest(weighed(read("zebra"), statistics()), passages=100) == []


def test_fusion_is_convex_and_one_leg_is_enough() -> None:
    found = fused({1: 4.0, 2: 2.0}, {2: 0.9, 3: 0.5}, dense_weight=0.1)
    assert found == pytest.approx({1: 0.9, 2: 0.9 * 0.5 + 0.1, 3: 0.0})
    assert list(found) == [1, 2, 3]
    assert fused({1: 4.0, 2: 2.0}, {}, dense_weight=0.1) == {1: 1.0, 2: 0.5}
    assert fused({}, {7: 0.3, 8: 0.1}, dense_weight=0.1) == {7: 1.0, 8: 0.0}
    assert fused({}, {}, dense_weight=0.1) == {}


def test_words_that_stand_together_match_closer() -> None:
    asked = read("prazo de envio do informe")
    against = weights(asked, weighed(asked, statistics(prazo=10, envio=10, informe=10)))
    near = match(against, text=read_ids("O prazo de envio do informe é curto."), named=[])
    apart = match(
        against, text=read_ids("O informe. " + "coisa " * 20 + "Envio. " + "coisa " * 20 + "Prazo."), named=[]
    )
    assert near.coverage == apart.coverage == pytest.approx(1.0)
    assert (near.window, near.proximity) == (pytest.approx(1.0), pytest.approx(1.0))
    assert apart.window == pytest.approx(1 / 3)
    assert apart.proximity < 0.06
    named = match(against, text=[], named=read_ids("Informe diário"))
    assert (named.coverage, named.named, named.window) == (pytest.approx(1 / 3), pytest.approx(1 / 3), 0.0)


async def test_the_rules_put_the_closer_passage_first_and_stay_within_one() -> None:
    loose, close = candidate(1, score=0.6), candidate(2, score=0.55, window=1.0)
    scores = await RuleReranker().scores("?", [loose, close])
    assert scores == [by_rule(loose), by_rule(close)]
    assert 0 <= scores[0] < scores[1] <= 1


def test_passages_that_say_the_same_give_way() -> None:
    same = "a janela de envio fecha às dezoito horas do dia seguinte"
    one, again, other = candidate(1, text=same), candidate(2, text=same), candidate(3, text="multa por atraso")
    assert [found.chunk_id for found in ordered([again, other, one], {1: 0.9, 2: 0.8, 3: 0.1})] == [1, 3, 2]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("pregao", "pregao", False), ("pregao", "prega", True), ("pregao", "preegao", True), ("pregao", "prdgao", True),
        ("pregao", "prgeao", True), ("pregao", "pgrego", False), ("pregao", "pregoes", False), ("", "a", True),
    ],
)  # fmt: skip
def test_one_edit(one: str, other: str, *, near: bool) -> None:
    assert one_edit(one, other) is near
    assert one_edit(other, one) is near


def test_a_word_that_nobody_wrote_is_asked_for_as_the_one_that_was_meant() -> None:
    assert nearest("liqidac", [("liquidac", 3), ("liqidar", 9), ("outro", 5)]) == "liqidar"
    assert [worth_mending(term) for term in ("liquidac", "cota", "petr4x")] == [True, False, False]
    counts = statistics(pregão=5)
    known = weighed(read("pergão"), counts)
    (found,) = respelt(known, {known[0].asked.id: read("pregão")[0].term}, counts)
    assert (found.df, found.stands_for) == (5, known[0].asked.id)
    assert found.weight < counts.idf(read("pregão")[0].id)


def gate(question: str, *texts: str, **df: int) -> tuple[bool, str, list[str]]:
    """The gate's word on passages of documents of their own, scored by how many of the question's words they have."""
    asked, known = read(question), weighed(read(question), statistics(**df))
    against = weights(asked, known)
    found = []
    for place, text in enumerate(texts):
        terms = read_ids(text)
        matched = match(against, text=terms, named=[])
        score = sum(one.weight for one in known if one.asked.id in terms) * 0.55
        found.append(Found(Candidate(place, score, text, frozenset(terms), matched), place, 0, score))
    verdict = judged(asked, known, found, chunks=1000)
    return verdict.answerable, verdict.reason, list(verdict.missing)


def test_the_gate_opens_for_a_passage_that_has_the_question_together() -> None:
    words = {"prazo": 20, "envio": 15, "informe": 30, "multa": 8}
    text = "O prazo de envio do informe é de um dia."
    assert gate("Qual o prazo de envio do informe?", text, "A multa do informe.", **words) == (True, "supported", [])


def test_the_gate_stays_shut_for_a_little_here_and_a_little_there() -> None:
    words = {"prazo": 200, "envio": 150, "informe": 300, "cartório": 40}
    answerable, reason, missing = gate(
        "Qual o prazo de envio do informe ao cartório?",
        "O prazo da multa.",
        "O envio de cartas.",
        "Um informe.",
        **words,
    )
    assert (answerable, reason, missing) == (False, "weak_match", ["cartório"])


def test_the_gate_names_words_that_nobody_wrote() -> None:
    answerable, reason, missing = gate("Quem pintou a Mona Lisa no prazo?", "O prazo da multa.", prazo=200)
    assert (answerable, reason, missing) == (False, "unknown_words", ["pintou", "mona", "lisa"])
    assert gate("Quem pintou a Mona Lisa?") == (False, "nothing_found", ["pintou", "mona", "lisa"])
