"""An event becomes an episode once, whatever else its envelope carries."""

import json
from collections.abc import AsyncIterator

import ai_events
import pytest
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.memory.consumers import remember
from ai_svc.memory.models import Episode
from ai_svc.memory.repository import EpisodeWriter
from ai_svc.memory.schemas import EpisodeType
from ai_svc.memory.service import CONTRACTS, EpisodeRecorder
from shared_schemas.events.executions import ExecutionSucceeded
from shared_utils.db.ids import uuid7
from shared_utils.db.session import WriteSession
from shared_utils.testing.sessions import savepoint_session


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[WriteSession]:
    async with savepoint_session(engine) as session:
        yield session


async def test_a_failed_run_is_remembered_with_its_payload(session: WriteSession) -> None:
    event_id = uuid7()
    await remember(session, ai_events.message(ai_events.failed(), event_id=event_id))
    episode = (await session.scalars(select(Episode))).one()
    assert (episode.event_id, episode.event_type, episode.occurred_at) == (event_id, "execution.failed", ai_events.NOON)
    assert (episode.source_service, episode.correlation_id) == ("core-api", "c-1")
    assert episode.summary["routine_name"] == "b3-cotahist-download"
    assert episode.summary["business_date"] == "2026-11-19"


async def test_the_same_event_twice_is_one_episode(session: WriteSession) -> None:
    message, payload = ai_events.message(ai_events.loaded()), ai_events.loaded()
    recorder = EpisodeRecorder(EpisodeWriter(session))
    said = [await recorder.record(message.envelope, payload=payload) for _ in range(2)]
    assert said == [True, False]
    assert len((await session.scalars(select(Episode))).all()) == 1


async def test_fields_of_a_newer_contract_are_left_behind(session: WriteSession) -> None:
    envelope = json.loads(ai_events.message(ai_events.worker_lost()).data)
    envelope["payload"]["mood"] = "gloomy"
    envelope["region"] = "south"
    await remember(session, ai_events.delivered("events:worker.lost", json.dumps(envelope)))
    episode = (await session.scalars(select(Episode))).one()
    assert episode.summary == {"worker_id": "worker-1-abcdef", "host": "node-1", "executions": 2}


@pytest.mark.parametrize("missing", ["routine_name", "error_code", "slot"])
async def test_a_payload_that_breaks_its_contract_is_refused(session: WriteSession, missing: str) -> None:
    envelope = json.loads(ai_events.message(ai_events.failed()).data)
    del envelope["payload"][missing]
    with pytest.raises(ValidationError, match=missing):
        await remember(session, ai_events.delivered("events:execution.failed", json.dumps(envelope)))


async def test_an_event_that_is_not_notable_is_refused(session: WriteSession) -> None:
    envelope = json.loads(ai_events.message(ai_events.failed()).data) | {"event_type": "execution.dreamt"}
    with pytest.raises(ValueError, match=r"execution\.dreamt"):
        await remember(session, ai_events.delivered("events:execution.failed", json.dumps(envelope)))


def test_every_episode_type_has_its_contract() -> None:
    assert {kind: contract.event_type for kind, contract in CONTRACTS.items()} == {
        kind: kind.value for kind in EpisodeType
    }


def test_expected_successes_are_no_episodes() -> None:
    assert ExecutionSucceeded.event_type not in set(EpisodeType)
