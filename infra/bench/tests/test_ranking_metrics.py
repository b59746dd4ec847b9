"""The metrics on cases computed by hand."""

import pytest

from bench.ranking_metrics import auroc, quality, rank_of


@pytest.mark.parametrize(
    ("order", "rank"),
    [(["b", "a"], 2), (["b", "b", "b", "a"], 2), (["a"], 1), ([], None), ([*"bcdefghijk", "a"], None), ([*"bcdefghij", "a"], 10)],
)  # fmt: skip
def test_a_passage_has_the_place_of_its_first_chunk(order: list[str], rank: int | None) -> None:
    assert rank_of("a", order) == rank


def test_quality_of_four_questions() -> None:
    found = quality([1, 3, None, 2], empty=1)
    assert found.ndcg == pytest.approx((1 + 0.5 + 0 + 0.63093) / 4, abs=1e-5)  # 1/log2(2), 1/log2(4), -, 1/log2(3)
    assert found.recall == 0.75
    assert found.mrr == pytest.approx((1 + 1 / 3 + 0 + 1 / 2) / 4)
    assert (found.empty, found.questions) == (0.25, 4)


def test_auroc() -> None:
    assert auroc([2, 3], [0, 1]) == 1
    assert auroc([0, 1], [2, 3]) == 0
    assert auroc([1, 3], [1, 2]) == (0.5 + 0 + 1 + 1) / 4
