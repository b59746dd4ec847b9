"""Requests that are repeated with their key."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from core_api.modules.idempotency.public import RETENTIONS, IdempotencyKeyReused, remember
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

IDS = [UUID(int=1), UUID(int=2)]


async def test_a_key_stands_for_what_its_first_request_made(session: WriteSession, clock: FakeClock) -> None:
    request = {"subject": "ana", "route": "things", "key": "k", "now": clock.now()}
    assert await remember(session, **request, body={"a": 1, "b": 2}, ids=IDS) is None
    assert await remember(session, **request, body={"b": 2, "a": 1}, ids=[UUID(int=3)]) == tuple(IDS)
    with pytest.raises(IdempotencyKeyReused):
        await remember(session, **request, body={"a": 1}, ids=[UUID(int=3)])
    for other in ({"subject": "bia"}, {"route": "others"}, {"key": "k2"}):
        assert await remember(session, **{**request, **other}, body={"a": 1}, ids=IDS) is None


async def test_old_keys_are_forgotten(session: WriteSession, clock: FakeClock) -> None:
    for age in (1, 30):
        await session.execute(
            text("INSERT INTO core.idempotency_keys VALUES ('s', 'r', :key, 'h', '{}', :at)"),
            {"key": str(age), "at": clock.now() - timedelta(hours=age)},
        )
    [retention] = RETENTIONS
    assert await retention.forget(session, now=clock.now(), limit=10) == 1
    assert (await session.scalars(text("SELECT key FROM core.idempotency_keys"))).all() == ["1"]
