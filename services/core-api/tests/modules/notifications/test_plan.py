"""Who is told what: pure, change by change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_api.modules.channels.schemas import RuleRead
from core_api.modules.incidents.public import Change, ChangeKind, IncidentRead, Kind, Resolution
from core_api.modules.notifications.schemas import (
    COOL_DOWN,
    GATHER,
    LONGEST_GATHER,
    LONGEST_PAUSE,
    Gathering,
    Plan,
    Receiver,
    pause_after,
)

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CHANNEL, OTHER = uuid4(), uuid4()


def rule(*channels: UUID, **fields: Any) -> RuleRead:
    values = {"kinds": [], "routine_ids": [], "tags": [], "channel_ids": list(channels) or [CHANNEL], **fields}
    return RuleRead(id=uuid4(), name="r", enabled=True, is_default=False, updated_at=NOW, updated_by="ana", **values)


def incident(subject: str = "routine:1", kind: Kind = Kind.FAILED, **fields: Any) -> IncidentRead:
    values: dict[str, Any] = {
        "id": uuid4(),
        "kind": kind,
        "subject": subject,
        "title": subject,
        "business_date": date(2026, 11, 20),
        "routine_id": None,
        "execution_id": None,
        "tags": [],
        "details": {},
        "opened_at": NOW,
        "last_seen_at": NOW,
        "occurrences": 1,
        "rounds": 1,
        "resolved_at": None,
        "resolution": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        **fields,
    }
    return IncidentRead(**values)


def over(one: IncidentRead) -> IncidentRead:
    return one.model_copy(update={"resolved_at": NOW, "resolution": Resolution.RECOVERED})


class World:
    """What is remembered from one plan to the next, as the tables do."""

    def __init__(self, *rules: RuleRead, send_resolved: bool = True) -> None:
        self.rules = list(rules) or [rule()]
        self.receivers = [Receiver(CHANNEL, send_resolved), Receiver(OTHER, send_resolved)]
        self.threads: dict[Any, Any] = {}
        self.messages: dict[UUID, Gathering] = {}
        self.incidents: dict[UUID, IncidentRead] = {}

    def tell(self, at: datetime, *changes: tuple[ChangeKind, IncidentRead]) -> None:
        plan = Plan(
            rules=self.rules,
            receivers=self.receivers,
            threads=self.threads.values(),
            gatherings=[one for one in self.messages.values() if one.send_at > at],
            now=at,
        )
        for change, one in changes:
            self.incidents[one.id] = one
            plan.take(Change(change, at, one))
        for state in [state for state in plan.threads.values() if plan.is_due(state)]:
            plan.tell_held(state, self.incidents[state.held_incident_id])
        self.threads = plan.threads
        self.messages |= {one.id: one for one in plan.gatherings.values() if one.items}

    def sent(self) -> list[tuple[str, int]]:
        """What of each message, and how many incidents are in it, in the order in which they leave."""
        return [(one.what, len(one.items)) for one in sorted(self.messages.values(), key=lambda one: one.send_at)]


def opened(one: IncidentRead) -> tuple[ChangeKind, IncidentRead]:
    return ChangeKind.OPENED, one


def resolved(one: IncidentRead) -> tuple[ChangeKind, IncidentRead]:
    return ChangeKind.RESOLVED, over(one)


def test_e16_incidents_of_one_rule_within_ten_seconds_are_one_message() -> None:
    world = World()
    world.tell(NOW, *(opened(incident(f"routine:{n}")) for n in range(5)))
    world.tell(NOW + timedelta(seconds=5), opened(incident("routine:5")), opened(incident("routine:6")))
    assert world.sent() == [("opened", 7)]
    (message,) = world.messages.values()
    assert message.send_at == NOW + timedelta(seconds=5) + GATHER


def test_e16_gathering_ends_after_thirty_seconds() -> None:
    world = World()
    for second in range(0, 60, 5):
        world.tell(NOW + timedelta(seconds=second), opened(incident(f"routine:{second}")))
    assert [count for _, count in world.sent()] == [6, 6]
    for message in world.messages.values():
        assert message.send_at - message.created_at <= LONGEST_GATHER


def test_e16_an_incident_that_two_rules_send_to_one_channel_is_told_once() -> None:
    world = World(rule(CHANNEL), rule(CHANNEL, OTHER, kinds=[Kind.FAILED]))
    world.tell(NOW, opened(incident()))
    assert sorted(one.channel_id for one in world.messages.values()) == sorted([CHANNEL, OTHER])
    assert world.sent() == [("opened", 1), ("opened", 1)]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, True),
        ({"kinds": [Kind.LATE]}, False),
        ({"kinds": [Kind.LATE, Kind.FAILED]}, True),
        ({"routine_ids": [UUID(int=1)]}, True),
        ({"routine_ids": [UUID(int=2)]}, False),
        ({"tags": ["precos"]}, True),
        ({"tags": ["outros"]}, False),
        ({"tags": ["outros"], "routine_ids": [UUID(int=1)]}, True),
    ],
)
def test_e16_rules_choose(fields: dict[str, Any], told: bool) -> None:
    world = World(rule(CHANNEL, **fields))
    world.tell(NOW, opened(incident(routine_id=UUID(int=1), tags=["precos", "b3"])))
    assert bool(world.messages) is told


def test_e16_the_engines_own_incidents_go_to_rules_for_everything_only() -> None:
    silent = incident("schedulers", Kind.SCHEDULER_SILENT)
    world = World(rule(CHANNEL, tags=["precos"]), rule(OTHER))
    world.tell(NOW, opened(silent))
    assert [one.channel_id for one in world.messages.values()] == [OTHER]


def test_e16_the_end_is_told_to_whom_the_beginning_was_told() -> None:
    one = incident()
    world = World()
    world.tell(NOW, opened(one))
    world.rules = [rule(CHANNEL, OTHER)]
    world.tell(NOW + timedelta(minutes=5), resolved(one))
    world.tell(NOW + timedelta(minutes=6), resolved(one))
    assert world.sent() == [("opened", 1), ("resolved", 1)]
    quiet = World(send_resolved=False)
    quiet.tell(NOW, opened(one))
    quiet.tell(NOW + timedelta(minutes=5), resolved(one))
    assert quiet.sent() == [("opened", 1)]


def test_e16_a_flapping_routine_does_not_flood() -> None:
    """Down and up again every minute for six hours."""
    one = incident()
    world = World()
    for minute in range(0, 360, 2):
        world.tell(NOW + timedelta(minutes=minute), opened(one))
        world.tell(NOW + timedelta(minutes=minute + 1), resolved(one))
    kinds = [what for what, _ in world.sent()]
    assert kinds.count("opened") == 1
    assert kinds.count("digest") == 5, "one in each hour after the first"
    assert kinds.count("resolved") <= 6
    digest = next(message for message in world.messages.values() if message.what == "digest")
    assert digest.items[one.id] == 30, "what happened meanwhile is counted"


def test_e16_what_fails_again_and_again_is_told_once_an_hour() -> None:
    one = incident()
    world = World()
    world.tell(NOW, opened(one))
    for minute in range(5, 130, 5):
        world.tell(NOW + timedelta(minutes=minute), (ChangeKind.REPEATED, one))
    assert [what for what, _ in world.sent()] == ["opened", "digest", "digest"]


def test_e16_quiet_after_the_cool_down_still_brings_the_digest() -> None:
    one = incident()
    world = World()
    world.tell(NOW, opened(one))
    world.tell(NOW + timedelta(minutes=10), (ChangeKind.REPEATED, one))
    world.tell(NOW + COOL_DOWN)
    world.tell(NOW + 3 * COOL_DOWN)
    assert [what for what, _ in world.sent()] == ["opened", "digest"]


def test_e16_the_next_days_failure_is_news() -> None:
    world = World()
    world.tell(NOW, opened(incident()))
    world.tell(NOW + timedelta(days=1), opened(incident(business_date=date(2026, 11, 21))))
    assert [what for what, _ in world.sent()] == ["opened", "opened"]


def test_e16_many_dates_of_one_routine_at_once_are_one_message() -> None:
    """A backfill whose every date fails."""
    world = World()
    world.tell(NOW, *(opened(incident(business_date=date(2026, 1, 1) + timedelta(days=n))) for n in range(200)))
    assert world.sent() == [("opened", 200)]


def test_channels_that_are_not_in_use_get_nothing() -> None:
    world = World(rule(uuid4()))
    world.tell(NOW, opened(incident()))
    assert world.messages == {}


steps = st.lists(
    st.tuples(st.sampled_from(["open", "repeat", "over"]), st.integers(0, 2), st.integers(1, 2400)), max_size=60
)


@given(steps)
def test_e16_whatever_happens_no_channel_gets_more_than_four_messages_an_hour_about_a_subject(steps: Any) -> None:
    world = World()
    subjects = [incident(f"routine:{n}") for n in range(3)]
    is_open = [False] * 3
    at = NOW
    for step, n, seconds in steps:
        at += timedelta(seconds=seconds)
        if step == "over" and is_open[n]:
            world.tell(at, resolved(subjects[n]))
            is_open[n] = False
        elif step != "over":
            world.tell(at, (ChangeKind.REPEATED if is_open[n] else ChangeKind.OPENED, subjects[n]))
            is_open[n] = True
        else:
            world.tell(at)
    for one in subjects:
        times = sorted(message.send_at for message in world.messages.values() if one.id in message.items)
        for first, fifth in zip(times, times[4:], strict=False):
            assert fifth - first >= COOL_DOWN - LONGEST_GATHER
        assert times or not is_open[subjects.index(one)], "what is open was told"


def test_pauses_grow_up_to_ten_minutes() -> None:
    pauses = [pause_after(n, jitter=0.5, asked_seconds=None).total_seconds() for n in range(1, 11)]
    assert pauses[:4] == [5, 10, 20, 40]
    assert max(pauses) == LONGEST_PAUSE.total_seconds()
    assert pause_after(1, jitter=0, asked_seconds=None) == timedelta(seconds=4)
    assert pause_after(1, jitter=1, asked_seconds=None) == timedelta(seconds=6)
    assert pause_after(1, jitter=0.5, asked_seconds=120) == timedelta(seconds=120)
    assert pause_after(1, jitter=0.5, asked_seconds=1e9) == LONGEST_PAUSE
