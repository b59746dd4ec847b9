"""Deliveries: their shape for people, and the plan that says who is told what, which is pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from core_api.modules.channels.public import RuleRead
from core_api.modules.incidents.public import Change, ChangeKind, IncidentRead
from core_api.modules.messages.public import What
from shared_utils.db.ids import uuid7

GATHER: Final = timedelta(seconds=10)
"""A message waits so long for others of its rule after each that joins it,"""
LONGEST_GATHER: Final = timedelta(seconds=30)
"""and no longer than this in all."""
COOL_DOWN: Final = timedelta(hours=1)
"""After a message about a subject, what happens again is only counted, and told in a digest when this is over."""
MAX_ATTEMPTS: Final = 10
FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=10)

DeliveryStatus = Literal["PENDING", "SENT", "DEAD"]


class DeliveryRead(BaseModel):
    """One message to one channel. PENDING waits for `send_at`; DEAD was given up after ten tries, see `last_error`.

    `id` is what the receiver sees as `X-Rotina-Delivery` or in the Message-ID.
    """

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    channel_id: UUID
    channel_name: str
    rule_id: UUID
    what: Literal["opened", "resolved", "digest"]
    status: DeliveryStatus
    incident_ids: list[UUID]
    created_at: datetime
    send_at: datetime
    attempts: int
    sent_at: datetime | None
    last_error: str | None


class ChannelTestRead(BaseModel):
    """Whether the test message was accepted; `error` says why not."""

    ok: bool
    error: str | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """A channel in use."""

    id: UUID
    send_resolved: bool


@dataclass(slots=True, kw_only=True)
class ThreadState:
    """What a channel knows of one kind of trouble with one subject."""

    channel_id: UUID
    thread: str
    rule_id: UUID
    told_at: datetime
    delivery_id: UUID
    told: set[UUID] = field(default_factory=set)
    held: int = 0
    held_incident_id: UUID | None = None


@dataclass(slots=True, kw_only=True)
class Gathering:
    """A message that others may still join. `items` are those that join it now, with how often each happened again."""

    id: UUID
    channel_id: UUID
    rule_id: UUID
    what: What
    created_at: datetime
    send_at: datetime
    is_new: bool = False
    items: dict[UUID, int] = field(default_factory=dict)


class Plan:
    """Decides who is told what: give it what is known, then changes in order; `threads` and `gatherings` result."""

    def __init__(
        self,
        *,
        rules: Sequence[RuleRead],
        receivers: Iterable[Receiver],
        threads: Iterable[ThreadState],
        gatherings: Iterable[Gathering],
        now: datetime,
    ) -> None:
        self._rules = rules
        self._receivers = {receiver.id: receiver for receiver in receivers}
        self._now = now
        self.threads = {(state.channel_id, state.thread): state for state in threads}
        self.gatherings = {(one.channel_id, one.rule_id, one.what): one for one in gatherings}
        self._open = {one.id: one for one in self.gatherings.values()}
        self.touched: set[tuple[UUID, str]] = set()

    def take(self, change: Change) -> None:
        """Plans what follows from one change."""
        told: set[UUID] = set()
        for rule in self._rules:
            if not rule.applies(change.incident):
                continue
            for channel_id in rule.channel_ids:
                if channel_id in self._receivers and channel_id not in told:
                    told.add(channel_id)
                    self._tell(change, rule.id, self._receivers[channel_id])

    def is_due(self, state: ThreadState) -> bool:
        """Whether something was held back and its time has come."""
        return state.held > 0 and self._now - state.told_at >= COOL_DOWN

    def tell_held(self, state: ThreadState, incident: IncidentRead) -> None:
        """The cool-down is over: what was only counted is told in a digest."""
        if state.channel_id in self._receivers:
            self._send(state, state.rule_id, "digest", incident, times=state.held)
        state.held, state.held_incident_id = 0, None
        self.touched.add((state.channel_id, state.thread))

    def _tell(self, change: Change, rule_id: UUID, receiver: Receiver) -> None:
        incident = change.incident
        key = (receiver.id, incident.thread)
        state = self.threads.get(key)
        if change.change is ChangeKind.RESOLVED:
            self._tell_end(state, rule_id, receiver, incident)
        elif state is None:
            state = ThreadState(
                channel_id=receiver.id, thread=incident.thread, rule_id=rule_id, told_at=self._now, delivery_id=uuid7()
            )
            self.threads[key] = state
            self._send(state, rule_id, "opened", incident)
        elif self._joins(state):
            self._join(state, incident)
        elif self._now - state.told_at < COOL_DOWN:
            state.held += 1
            state.held_incident_id = incident.id
        else:
            times = state.held + 1
            again = incident.id in state.told or state.held > 0
            self._send(state, rule_id, "digest" if again else "opened", incident, times=times if again else 0)
            state.held, state.held_incident_id = 0, None
        if key in self.threads:
            self.touched.add(key)

    def _tell_end(self, state: ThreadState | None, rule_id: UUID, receiver: Receiver, incident: IncidentRead) -> None:
        """The end is told to whom the beginning was told."""
        if state is None or incident.id not in state.told:
            return
        state.told.discard(incident.id)
        if receiver.send_resolved:
            self._gathering(receiver.id, rule_id, "resolved").items.setdefault(incident.id, 0)

    def _joins(self, state: ThreadState) -> bool:
        """Whether the last message of this thread has not left yet."""
        return state.delivery_id in self._open

    def _join(self, state: ThreadState, incident: IncidentRead) -> None:
        self._open[state.delivery_id].items.setdefault(incident.id, 0)
        state.told.add(incident.id)

    def _send(self, state: ThreadState, rule_id: UUID, what: What, incident: IncidentRead, *, times: int = 0) -> None:
        gathering = self._gathering(state.channel_id, rule_id, what)
        gathering.items[incident.id] = times
        state.delivery_id, state.rule_id, state.told_at = gathering.id, rule_id, self._now
        if incident.resolved_at is None:
            state.told.add(incident.id)

    def _gathering(self, channel_id: UUID, rule_id: UUID, what: What) -> Gathering:
        """The message that gathers now; each that joins gives others a little more time, up to a limit."""
        key = (channel_id, rule_id, what)
        found = self.gatherings.get(key)
        if found is None:
            found = Gathering(
                id=uuid7(),
                channel_id=channel_id,
                rule_id=rule_id,
                what=what,
                created_at=self._now,
                send_at=self._now + GATHER,
                is_new=True,
            )
            self.gatherings[key] = found
            self._open[found.id] = found
        found.send_at = max(found.send_at, min(self._now + GATHER, found.created_at + LONGEST_GATHER))
        return found


def pause_after(attempts: int, *, jitter: float, asked_seconds: float | None) -> timedelta:
    """How long to wait after so many tries: twice as long each time, give or take a fifth, or as the receiver asks.

    `jitter` is from 0 to 1.
    """
    usual = min(FIRST_PAUSE.total_seconds() * 2.0 ** (attempts - 1), LONGEST_PAUSE.total_seconds())
    asked = min(asked_seconds or 0, LONGEST_PAUSE.total_seconds())
    return timedelta(seconds=max(usual * (0.8 + 0.4 * jitter), asked))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this process's to send, until its lease runs out."""

    id: UUID
    channel_id: UUID
    what: What
    attempts: int
    created_at: datetime
    times: Mapping[UUID, int]
    thread: UUID | None
    """The first message about the same incident, which this one continues."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended."""

    error: str | None = None
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What sending needs of the settings."""

    public_url: str
    allow_private: bool
