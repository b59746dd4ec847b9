"""The loops of a scheduler: hand out what is ready, take up what was lost, send again what got lost."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID

import redis.asyncio
from sqlalchemy.engine import Row

from core_api.database import OUTBOX
from core_api.modules.attempts.public import protocol_for
from core_api.modules.dispatch.repository import DispatchRepository
from core_api.modules.dispatch.schemas import NEARLY_DUE_SECONDS, Look, RefillPace, Tick, When
from core_api.modules.executions.public import (
    Candidate,
    Choice,
    Held,
    Move,
    Room,
    Settlement,
    Verdict,
    choose,
    events,
    outbox_for,
)
from core_api.modules.schedulers.public import LogEvent, Note, api_is_steady, note
from core_api.modules.skips.public import judge
from core_api.modules.workers.public import LostWorker, lost_event, worker_service
from shared_schemas.jobs import band_of, work_stream
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import SessionFactory, WriteSession, transaction
from shared_utils.messaging.relay import OutboxRelay

LONGEST_SLEEP_SECONDS: Final = 1.0
AFTER_ANOTHERS_TURN_SECONDS: Final = 0.1
SWEEP_SECONDS: Final = 1.0
SLOW_SECONDS: Final = 0.02
PARK_AFTER: Final = timedelta(seconds=5)
MOST_PARKED_AT_ONCE: Final = 2000
LOOK_AT_PARKED_SECONDS: Final = 0.25
GAP_SECONDS: Final = 5.0
TURN_NOTED_SECONDS: Final = 1.0
KEEP_GAPS: Final = timedelta(days=62)
MOST_DRIFT_SECONDS: Final = 2.0
FORGET_STARTS_EVERY: Final = timedelta(minutes=10)
LONGEST_RATE: Final = timedelta(days=1)
RELAY_POLL_SECONDS: Final = 0.5
LONGEST_RESEND_WAIT_SECONDS: Final = 60.0
_BATCH: Final = 10_000


class Signal(Protocol):
    def set(self) -> None: ...


# --- handing out (E3-E5) ---------------------------------------------------------------------------------------------


async def tick(
    session: WriteSession,
    clock: Clock,
    *,
    ageing_seconds: float = 0,
    watch: "TurnWatch | None" = None,
    refill: When = When.AFTER_LIVE,
) -> Tick:
    """One turn of the dispatcher: what is ready becomes QUEUED and gets its outbox rows, in one transaction."""
    queue = DispatchRepository(session)
    if not await queue.take_turn():
        return Tick(turn=False)
    now = clock.now()
    room, handed = await queue.room(now=now, ageing_seconds=ageing_seconds)
    if watch is not None:
        await _remember(session, queue, watch, room, now=now)
        if room.parked and watch.may_look_at_parked():
            await queue.unpark(now=now)
    look = Look(room=room, handed=handed, now=now, ageing_seconds=ageing_seconds)
    begun = time.perf_counter()
    candidates = await queue.candidates(look)
    if watch is not None and time.perf_counter() - begun > watch.slow_seconds:
        await queue.park(now=now, blocked_since=now - PARK_AFTER, limit=MOST_PARKED_AT_ONCE)
    later = look.may_refill_later(candidates, refill)
    if not later:
        candidates = await _refilled(queue, candidates, look)
    choice, skipped = await _choice(session, clock, candidates, look)
    if later and refill is not When.LATER and not choice.queue and not skipped:
        later, candidates = False, await _refilled(queue, candidates, look)
        choice, skipped = await _choice(session, clock, candidates, look)
    if choice.recall:
        recalled = await queue.recall([item.id for item in choice.recall], now=now)
        if len(recalled) < len(choice.recall):
            # A worker claimed one at this moment: what should have taken its place may not fit any more. Look again.
            return Tick(turn=True, recalled=len(recalled), more=True)
    chosen = await _not_paused(queue, choice.queue)
    if chosen:
        await _hand_out(queue, outbox_for(session, clock), chosen, now=now)
    return Tick(
        turn=True,
        handed=len(chosen),
        live=sum(candidate.backfill_id is None for candidate in chosen),
        recalled=len(choice.recall),
        more=skipped or (bool(choice.queue) and len(candidates) == look.limit),
        owing=later,
        next_due_at=room.next_due_at,
    )


async def _not_paused(queue: DispatchRepository, chosen: Sequence[Candidate]) -> Sequence[Candidate]:
    """Without what belongs to a backfill that was paused since the turn began; a cancel pauses first.

    The others cannot be paused before this turn is over: a pause finds all that was handed out, and takes it back.
    """
    backfills = {candidate.backfill_id for candidate in chosen if candidate.backfill_id is not None}
    paused = await queue.hold(sorted(backfills)) if backfills else set()
    return [candidate for candidate in chosen if candidate.backfill_id not in paused]


async def _choice(
    session: WriteSession, clock: Clock, candidates: Sequence[Candidate], look: Look
) -> tuple[Choice, bool]:
    """What of the candidates is handed out; and whether some were skipped, which may have made others ready."""
    doomed = [candidate for candidate in candidates if candidate.doomed]
    skipped = {one.id for one in await judge(session, clock, doomed)} if doomed else set[UUID]()
    ready = [one for one in candidates if one.verdict == Verdict.MET and one.id not in skipped]
    return choose(ready, look.handed, look.room), bool(skipped)


async def _refilled(queue: DispatchRepository, live: Sequence[Candidate], look: Look) -> list[Candidate]:
    """The most urgent of all: live ones, and with them what of backfills has room."""
    again = await queue.refill_candidates(look)
    return sorted([*live, *again], key=lambda one: (one.priority, one.slot, one.id))[: look.limit]


async def _hand_out(queue: DispatchRepository, outbox: Outbox, chosen: Sequence[Candidate], *, now: datetime) -> None:
    rows = {row.id: row for row in await queue.queue([candidate.id for candidate in chosen], now=now)}
    ordered = [rows[candidate.id] for candidate in chosen if candidate.id in rows]
    _send(outbox, ordered)
    for row in ordered:
        outbox.add(events.queued(row), **events.context_of(row))


def _send(outbox: Outbox, rows: Sequence[Row[Any]]) -> None:
    """Entries for the work streams, in the order of the rows."""
    for row in rows:
        outbox.add_entries(work_stream(row.queue, band_of(row.priority)), [{"execution_id": str(row.id)}])


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which no scheduler took turns, or in which only the clock was moved."""

    started_at: datetime
    ended_at: datetime
    clock_jumped: bool


class TurnWatch:
    """Tells a time without any dispatcher from a clock that was moved (NTP, a resumed machine).

    Slots of the former may count as missed (E11), of the latter they only run late. The database knows the instant of
    the last turn, whoever took it; how long ago that was really, only a process that lived through it can tell.
    """

    def __init__(self, clock: Clock, *, slow_seconds: float = SLOW_SECONDS) -> None:
        self.slow_seconds = slow_seconds
        """From when on looking for work takes so long that what is blocked is put aside."""
        self._clock = clock
        self._seen: float | None = None
        self._looked = -math.inf

    def may_look_at_parked(self) -> bool:
        """Now and then, since every parked edge is looked at."""
        passed = self._clock.monotonic()
        if passed - self._looked < LOOK_AT_PARKED_SECONDS:
            return False
        self._looked = passed
        return True

    def seen(self) -> None:
        """Some scheduler took a turn at this moment."""
        self._seen = self._clock.monotonic()

    def gap(self, last_turn_at: datetime | None, *, now: datetime) -> Gap | None:
        """What lies between the last turn and now, if it is longer than turns are apart."""
        if last_turn_at is None or (now - last_turn_at).total_seconds() < GAP_SECONDS:
            return None
        lived_through = self._seen is not None and self._clock.monotonic() - self._seen < GAP_SECONDS
        return Gap(last_turn_at, now, clock_jumped=lived_through)


async def _remember(
    session: WriteSession, queue: DispatchRepository, watch: TurnWatch, room: Room, *, now: datetime
) -> None:
    """Notes the turn about once a second, and what was before it when that was long."""
    gap = watch.gap(room.last_turn_at, now=now)
    if gap is not None:
        if not gap.clock_jumped:
            await queue.remember_gap(gap.started_at, gap.ended_at, forget_before=now - KEEP_GAPS)
        await note(session, [_gap_note(gap)], now=now)
    if room.last_turn_at is None or abs((now - room.last_turn_at).total_seconds()) >= TURN_NOTED_SECONDS:
        await queue.remember_turn(now=now)


def _gap_note(gap: Gap) -> Note:
    seconds = round((gap.ended_at - gap.started_at).total_seconds())
    if gap.clock_jumped:
        message = f"The clock was moved forwards by about {seconds} s; what fell due meanwhile runs late."
    else:
        message = f"No scheduler handed out work for {seconds} s; slots of that time follow their routine's catch-up."
    return Note(
        event=LogEvent.CLOCK_JUMPED if gap.clock_jumped else LogEvent.DISPATCH_GAP,
        level="WARNING",
        message=message,
        fields={"from": gap.started_at.isoformat(), "to": gap.ended_at.isoformat()},
    )


class DispatchLoop:
    """Ticks whenever it is woken, and exactly when the next execution falls due."""

    def __init__(self, sessionmaker: SessionFactory, clock: Clock, *, relay: Signal, ageing_seconds: float = 0) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._relay = relay
        self._ageing_seconds = ageing_seconds
        self._watch = TurnWatch(clock)
        self._pace = RefillPace(clock)
        self._next_due_at: datetime | None = None

    async def step(self) -> float:
        await self._wait_for_what_is_nearly_due()
        refill = self._pace.when(self._next_due_at)
        async with transaction(self._sessionmaker) as session:
            done = await tick(
                session, self._clock, ageing_seconds=self._ageing_seconds, watch=self._watch, refill=refill
            )
        self._watch.seen()
        if not done.turn:
            return AFTER_ANOTHERS_TURN_SECONDS
        self._next_due_at = done.next_due_at
        if done.handed:
            self._relay.set()
        refill_in = self._pace.after(done)
        if done.more:
            return 0.0
        sleep = LONGEST_SLEEP_SECONDS if refill_in is None else refill_in
        if done.next_due_at is not None:
            sleep = min(sleep, max((done.next_due_at - self._clock.now()).total_seconds(), 0.0))
        return min(sleep, LONGEST_SLEEP_SECONDS)

    async def _wait_for_what_is_nearly_due(self) -> None:
        """A turn that is wanted just before something falls due would keep that waiting: one turn then does both."""
        if self._next_due_at is None:
            return
        early = (self._next_due_at - self._clock.now()).total_seconds()
        if 0 < early < NEARLY_DUE_SECONDS:
            await asyncio.sleep(early)


class RelayLoop:
    """Moves the outbox to Redis."""

    def __init__(self, sessionmaker: SessionFactory, streams: redis.asyncio.Redis, *, batch: int = 500) -> None:
        self._relay = OutboxRelay(sessionmaker, streams, OUTBOX, batch=batch)
        self._batch = batch

    async def step(self) -> float:
        sent = await self._relay.relay_once()
        return 0.0 if sent == self._batch else RELAY_POLL_SECONDS


# --- recovery (E5, E7) -----------------------------------------------------------------------------------------------


class SweepLoop:
    """Takes up the runs of silent workers and sends again what nobody claimed.

    A lease says something only while it can be renewed. When PostgreSQL or every API process was away, and after a
    start, when nobody knows what was before, workers get a whole lease to come back before anything is called lost.
    """

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        lease_seconds: float,
        requeue_after_seconds: float,
        steady: bool = False,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._requeue_after_seconds = requeue_after_seconds
        self._steady_since = clock.now() - timedelta(seconds=lease_seconds) if steady else None
        self._behind: float | None = None
        self._forgot_at: datetime | None = None

    async def step(self) -> float:
        now = self._clock.now()
        self._steady_since = self._steady_since or now
        try:
            self._mind_the_clock(now)
            if now - self._steady_since >= timedelta(seconds=self._lease_seconds):
                async with transaction(self._sessionmaker) as session:
                    if await api_is_steady(session, now=now, for_seconds=self._lease_seconds):
                        await recover(session, self._clock, lease_seconds=self._lease_seconds)
            async with transaction(self._sessionmaker) as session:
                await send_again(session, self._clock, first_wait_seconds=self._requeue_after_seconds)
        except BaseException:
            self._steady_since = None
            raise
        await self._forget_starts(now)
        return SWEEP_SECONDS

    def _mind_the_clock(self, now: datetime) -> None:
        """When the clock was moved, leases say nothing: workers get a whole one to come back."""
        behind = now.timestamp() - self._clock.monotonic()
        if self._behind is not None and abs(behind - self._behind) > MOST_DRIFT_SECONDS:
            self._steady_since = now
        self._behind = behind

    async def _forget_starts(self, now: datetime) -> None:
        if self._forgot_at is None or now - self._forgot_at >= FORGET_STARTS_EVERY:
            async with transaction(self._sessionmaker) as session:
                await DispatchRepository(session).forget_starts(before=now - LONGEST_RATE)
            self._forgot_at = now


async def recover(session: WriteSession, clock: Clock, *, lease_seconds: float) -> list[tuple[Held, Settlement]]:
    """Executions whose lease ran out turn RECOVERY (or fail, or are cancelled); their workers are noted as lost."""
    recovered = await protocol_for(session, clock=clock, lease_seconds=lease_seconds).recover()
    lost = await worker_service(session, clock=clock, lease_seconds=lease_seconds).mark_lost()
    outbox = outbox_for(session, clock)
    notes = [_lost_note(worker, recovered) for worker in lost]
    for worker in lost:
        outbox.add(lost_event(worker_id=worker.id, host=worker.host, executions=_runs_of(worker, recovered)))
    notes += [_recovered_note(held, settlement) for held, settlement in recovered]
    await note(session, notes, now=clock.now())
    return recovered


def _runs_of(worker: LostWorker, recovered: Sequence[tuple[Held, Settlement]]) -> int:
    return sum(held.worker_id == worker.id for held, _ in recovered)


def _lost_note(worker: LostWorker, recovered: Sequence[tuple[Held, Settlement]]) -> Note:
    runs = _runs_of(worker, recovered)
    return Note(
        event=LogEvent.WORKER_LOST,
        level="WARNING",
        message=f"Worker {worker.id} on {worker.host} went silent with {runs} runs.",
        fields={"worker_id": worker.id, "host": worker.host, "executions": runs},
    )


def _recovered_note(held: Held, settlement: Settlement) -> Note:
    given_up = settlement.move is not Move.LOSE
    verb = "is over" if given_up else "will run again"
    return Note(
        event=LogEvent.EXECUTION_GIVEN_UP if given_up else LogEvent.EXECUTION_RECOVERED,
        level="WARNING",
        message=f"{held.routine_name} of {held.business_date} lost its worker in attempt {held.attempt} and {verb}.",
        fields={
            "execution_id": str(held.id),
            "attempt": held.attempt,
            "worker_id": held.worker_id,
            "recoveries": settlement.recoveries,
            "move": settlement.move,
        },
    )


async def send_again(session: WriteSession, clock: Clock, *, first_wait_seconds: float) -> int:
    """Puts entries of unclaimed executions on their streams once more; a second entry is harmless (E6)."""
    rows = await DispatchRepository(session).take_unclaimed(
        now=clock.now(),
        first_wait_seconds=first_wait_seconds,
        longest_wait_seconds=LONGEST_RESEND_WAIT_SECONDS,
        limit=_BATCH,
    )
    if not rows:
        return 0
    _send(outbox_for(session, clock), sorted(rows, key=lambda row: (row.priority, row.id)))
    fields = {"entries": len(rows), "most_often": max(row.sent_count for row in rows)}
    message = f"{len(rows)} executions were not claimed in time and were sent to the workers again."
    await note(
        session,
        [Note(event=LogEvent.ENTRIES_RESENT, level="WARNING", message=message, fields=fields)],
        now=clock.now(),
    )
    return len(rows)
