"""Every move of the state machine, tried from every status, through the statement that makes it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from factories.executions import SLOT, add_one, force, row_of
from factories.workers import register

from core_api.modules.attempts.repository import RunRepository
from core_api.modules.dispatch.repository import DispatchRepository
from core_api.modules.executions.public import (
    TRANSITIONS,
    ActionRepository,
    Move,
    Settlement,
    Skip,
    Status,
)
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession

NOW = SLOT + timedelta(minutes=5)
REPO = Path(__file__).resolve().parents[5]


def _settling(move: Move) -> Callable[[WriteSession, UUID], Awaitable[object]]:
    async def settle(session: WriteSession, execution: UUID) -> object:
        settlement = Settlement(
            execution_id=execution,
            attempt=1,
            move=move,
            due_at=NOW,
            failures=0,
            recoveries=0,
            started_at=NOW,
            finished_at=NOW,
        )
        return await RunRepository(session).settle([(settlement, "FAILED")], now=NOW)

    return settle


async def _queue(session: WriteSession, execution: UUID) -> object:
    return await DispatchRepository(session).queue([execution], now=NOW)


async def _recall(session: WriteSession, execution: UUID) -> object:
    return await DispatchRepository(session).recall([execution], now=NOW)


async def _claim(session: WriteSession, execution: UUID) -> object:
    await register(session, FakeClock(NOW))
    return await RunRepository(session).claim(
        1, worker_id="worker-one", now=NOW, lease_until=NOW + timedelta(seconds=9)
    )


async def _cancel(session: WriteSession, execution: UUID) -> object:
    return await ActionRepository(session).cancel([execution], by="somebody", now=NOW)


async def _skip(session: WriteSession, execution: UUID) -> object:
    return await ActionRepository(session).skip([Skip(execution, "MISFIRED", {})], now=NOW)


async def _reopen(session: WriteSession, execution: UUID) -> object:
    return await ActionRepository(session).reopen([execution], by="somebody", now=NOW)


STATEMENTS: dict[Move, Callable[[WriteSession, UUID], Awaitable[object]]] = {
    Move.QUEUE: _queue,
    Move.RECALL: _recall,
    Move.CLAIM: _claim,
    Move.CANCEL: _cancel,
    Move.SKIP: _skip,
    Move.REOPEN: _reopen,
    **{
        move: _settling(move)
        for move in (
            *(Move.SUCCEED, Move.FAIL, Move.RETRY_LATER, Move.HAND_BACK),
            *(Move.LOSE, Move.GIVE_UP, Move.CONFIRM_CANCEL),
        )
    },
}

# Written out by hand: an expectation that is computed from the table under test would agree with any mistake in it.
LEGAL = {
    (Move.QUEUE, Status.PENDING, Status.QUEUED),
    (Move.QUEUE, Status.RECOVERY, Status.QUEUED),
    (Move.RECALL, Status.QUEUED, Status.PENDING),
    (Move.CLAIM, Status.QUEUED, Status.RUNNING),
    (Move.SUCCEED, Status.RUNNING, Status.SUCCEEDED),
    (Move.FAIL, Status.RUNNING, Status.FAILED),
    (Move.RETRY_LATER, Status.RUNNING, Status.PENDING),
    (Move.HAND_BACK, Status.RUNNING, Status.PENDING),
    (Move.LOSE, Status.RUNNING, Status.RECOVERY),
    (Move.GIVE_UP, Status.RUNNING, Status.FAILED),
    (Move.GIVE_UP, Status.RECOVERY, Status.FAILED),
    (Move.CANCEL, Status.PENDING, Status.CANCELLED),
    (Move.CANCEL, Status.QUEUED, Status.CANCELLED),
    (Move.CANCEL, Status.RECOVERY, Status.CANCELLED),
    (Move.CONFIRM_CANCEL, Status.RUNNING, Status.CANCELLED),
    (Move.SKIP, Status.PENDING, Status.SKIPPED),
    (Move.REOPEN, Status.FAILED, Status.PENDING),
    (Move.REOPEN, Status.CANCELLED, Status.PENDING),
    (Move.REOPEN, Status.SKIPPED, Status.PENDING),
}
TARGETS = {(move, source): target for move, source, target in LEGAL}


def test_every_move_has_a_statement_that_is_tried() -> None:
    assert set(STATEMENTS) == set(Move) == set(TRANSITIONS)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("move", list(Move))
async def test_a_move_changes_a_row_only_from_where_it_is_legal(
    move: Move, status: Status, session: WriteSession
) -> None:
    execution = await add_one(session)
    await force(session, execution, status=status.value, attempt=1, worker_id="worker-one")
    before = await row_of(session, execution)

    await STATEMENTS[move](session, execution)

    after = await row_of(session, execution)
    if (move, status) in TARGETS:
        assert after.status == TARGETS[move, status]
    else:
        assert after == before


async def test_a_settlement_of_another_attempt_changes_nothing(session: WriteSession) -> None:
    execution = await add_one(session)
    await force(session, execution, status="RUNNING", attempt=2, worker_id="worker-one")
    before = await row_of(session, execution)
    await STATEMENTS[Move.SUCCEED](session, execution)
    assert await row_of(session, execution) == before


def test_the_drawing_in_the_docs_is_the_table_in_the_code() -> None:
    text = (REPO / ".docs/state-machine.md").read_text(encoding="utf-8")
    rows = {
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in text.splitlines()
        if line.startswith("| `")
    }
    documented = {row[:4] for row in rows if len(row) == 5}
    expected = {
        (move.value, ", ".join(sorted(step.sources)), step.target.value, step.made_by)
        for move, step in TRANSITIONS.items()
    }
    assert documented == expected
    arrows = {tuple(line.split(":")[0].split(" --> ")) for line in map(str.strip, text.splitlines()) if "-->" in line}
    drawn = {(source, target) for source, target in arrows if "[*]" not in (source, target)}
    assert drawn == {(source.value, step.target.value) for step in TRANSITIONS.values() for source in step.sources}
