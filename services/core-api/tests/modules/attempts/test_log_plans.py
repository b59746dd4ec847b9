"""E15: a page of a long log is read from its index, whoever asks for it."""

from typing import Any

import pytest
from factories.executions import add_one
from sqlalchemy import text

from core_api.modules.attempts import repository
from shared_utils.db.session import WriteSession

LINES = 20_000
PAGE = 200


@pytest.mark.parametrize(
    ("attempt", "after"),
    [(None, (0, 0)), (2, (2, 0)), (2, (2, LINES // 2)), (None, (1, LINES - 10))],
    ids=["first page", "first of an attempt", "middle", "across attempts"],
)
async def test_e15_a_page_of_a_long_log_reads_no_more_than_itself(
    session: WriteSession, attempt: int | None, after: tuple[int, int]
) -> None:
    execution = await add_one(session)
    await session.execute(
        text("""
            INSERT INTO core.execution_logs (execution_id, attempt, seq, at, level, message)
            SELECT :id, attempt, seq, now(), 'INFO', 'line' FROM generate_series(1, 2) AS attempt,
                generate_series(1, :lines) AS seq
        """),
        {"id": execution, "lines": LINES},
    )
    parameters = {
        "id": execution,
        "after_attempt": after[0],
        "after_seq": after[1],
        "only": attempt,
        "limit": PAGE,
    }
    await session.execute(repository._FROM_THE_INDEX)
    for mode in ("force_custom_plan", "force_generic_plan"):
        await session.execute(text("SELECT set_config('plan_cache_mode', :mode, true)"), {"mode": mode})
        statement = text(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {repository._PAGE.element.text}")
        [(document,)] = (await session.execute(statement, parameters)).all()
        scans = [node for node in _nodes(document[0]["Plan"]) if "Relation Name" in node and node["Actual Loops"]]
        read = sum(node["Actual Rows"] + node.get("Rows Removed by Filter", 0) for node in scans)
        assert {node["Node Type"] for node in scans} == {"Index Scan"}, document
        assert read <= PAGE + 1, document


def _nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _nodes(child))]
