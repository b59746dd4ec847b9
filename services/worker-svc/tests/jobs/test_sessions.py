"""Which files may still change."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from shared_utils.clock import FakeClock
from worker_svc.jobs.b3.sessions import may_be_rewritten
from worker_svc.sources.cotahist_layout import CotahistFile, Granularity

NEW_YEARS_EVE = datetime(2027, 1, 1, 2, 30, tzinfo=UTC)
"""23:30 of 31 December in São Paulo."""


@pytest.mark.parametrize("granularity", [Granularity.MONTHLY, Granularity.ANNUAL])
@pytest.mark.parametrize(
    ("day", "rewritten"), [(date(2026, 12, 30), True), (date(2027, 1, 4), False), (date(2025, 12, 30), False)]
)
async def test_the_file_of_a_period_may_change_until_its_last_day_is_over_at_the_exchange(
    granularity: Granularity, day: date, rewritten: bool
) -> None:
    environment: Any = SimpleNamespace(clock=FakeClock(NEW_YEARS_EVE))
    assert await may_be_rewritten(environment, CotahistFile(granularity, day)) is rewritten
