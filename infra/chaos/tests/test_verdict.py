"""A judge that finds nothing wrong with anything would be worth nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chaos.fleet import HOME, SimulatedRoutine
from chaos.simulation import Outage
from chaos.verdict import Row, Verdict, judge_ends, judge_slots, most_at_once, slots_to_leave_out

DAY = date(2018, 11, 5)
NOON = datetime(2018, 11, 5, 14, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)
EXPECTED = {("a", NOON): DAY, ("a", LATER): DAY}
GOOD = [Row("1", "a", NOON, DAY, "SUCCEEDED", None, 1), Row("2", "a", LATER, DAY, "SUCCEEDED", None, 2)]
ROUTINE = SimulatedRoutine(name="a", zone=HOME, days="sessions", times=("12:00", "14:00"))


def slots(rows: list[Row]) -> set[str]:
    verdict = Verdict()
    judge_slots(verdict, rows, EXPECTED)
    return set(verdict.broken)


def ends(rows: list[Row], routine: SimulatedRoutine = ROUTINE) -> set[str]:
    verdict = Verdict()
    judge_ends(verdict, rows, {"a": routine}, EXPECTED)
    return set(verdict.broken)


def test_a_ledger_that_is_right_passes() -> None:
    assert slots(GOOD) == set()
    assert ends(GOOD) == set()


def test_missing_doubled_and_surplus_slots_are_found() -> None:
    assert slots(GOOD[:1]) == {"slots missing"}
    assert slots([*GOOD, replace(GOOD[0], id="3")]) == {"slots doubled"}
    surplus = replace(GOOD[0], id="3", slot=NOON + timedelta(minutes=1))
    assert slots([*GOOD, surplus]) == {"slots that nobody asked for"}
    moved = replace(GOOD[1], business_date=DAY + timedelta(days=1))
    assert slots([GOOD[0], moved]) == {"slots on another business date"}


def test_ends_that_must_not_be_are_found() -> None:
    assert ends([GOOD[0], replace(GOOD[1], status="RUNNING")]) == {"executions not in a final state"}
    otherwise = {"executions that ended otherwise than they had to"}
    assert ends([GOOD[0], replace(GOOD[1], status="FAILED")]) == otherwise
    assert ends([GOOD[0], replace(GOOD[1], status="SKIPPED", reason="COALESCED")]) == otherwise
    assert (
        ends([GOOD[0], replace(GOOD[1], status="SKIPPED", reason="COALESCED")], replace(ROUTINE, coalesce=True))
        == set()
    )
    assert ends(GOOD, replace(ROUTINE, end=("FAILED", "PERMANENT_ERROR"))) == otherwise


def test_what_an_outage_had_to_leave_out_is_counted_by_hand() -> None:
    outage = Outage(NOON - timedelta(hours=5), LATER + timedelta(hours=1, seconds=5))
    almost = LATER + timedelta(minutes=30)  # missed for less than the grace of an hour
    slots = [("a", NOON), ("a", LATER), ("a", almost)]

    def left_out(policy: str, grace: int | None) -> dict[datetime, str]:
        routine = replace(ROUTINE, catch_up=policy, grace=grace)
        return {slot: why for (_, slot), why in slots_to_leave_out(slots, {"a": routine}, [outage]).items()}

    assert left_out("none", 3600) == {NOON: "MISFIRED", LATER: "MISFIRED"}
    assert left_out("latest", 3600) == {NOON: "SUPERSEDED"}
    assert left_out("all", 3600) == {}
    assert left_out("none", None) == {}, "without a grace nothing is ever a misfire"


def test_a_missed_slot_that_ran_all_the_same_is_found() -> None:
    outage = Outage(NOON - timedelta(hours=1), LATER + timedelta(hours=3))
    verdict = Verdict()
    judge_ends(verdict, GOOD, {"a": replace(ROUTINE, catch_up="none", grace=3600)}, EXPECTED, [outage])
    assert len(verdict.broken["executions that ended otherwise than they had to"]) == 2


def test_overlaps_are_counted_at_their_worst_moment() -> None:
    def span(start: int, end: int) -> tuple[datetime, datetime]:
        return NOON + timedelta(seconds=start), NOON + timedelta(seconds=end)

    assert most_at_once([span(0, 5), span(5, 9)]) == 1
    assert most_at_once([span(0, 5), span(4, 9), span(4, 6)]) == 3
    assert most_at_once([]) == 0
