"""The short simulation, with every CI run; `make chaos` is the long one."""

import secrets
from pathlib import Path

import pytest

from chaos.run import simulate
from chaos.scenario import short

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]


async def test_e01_days_under_random_kills_miss_no_slot_and_double_no_effect(tmp_path: Path) -> None:
    scenario = short(secrets.randbelow(1_000_000))
    outcome = await simulate(scenario, tmp_path)
    assert outcome.passed, f"seed {scenario.seed}\n{outcome.verdict.table()}"
    assert outcome.cast.kills.total() >= scenario.kills * 95 // 100
    assert {"scheduler", "worker", "redis"} <= set(outcome.cast.kills)
