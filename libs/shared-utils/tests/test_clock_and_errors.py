from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from shared_schemas.envelope import ErrorDetail
from shared_utils import errors
from shared_utils.clock import FakeClock, SystemClock, home_date, utc_now

START = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_a_fake_clock_stands_still_until_it_is_moved():
    clock = FakeClock(START)
    assert clock.now() == clock.now() == START
    assert clock.advance(timedelta(seconds=90)) == START + timedelta(seconds=90) == clock.now()
    assert clock.set(START - timedelta(days=1)) == clock.now() == START - timedelta(days=1)


def test_a_fake_clock_answers_in_utc():
    sao_paulo = timezone(timedelta(hours=-3))
    now = FakeClock(datetime(2026, 11, 20, 9, tzinfo=sao_paulo)).now()
    assert now == START
    assert now.tzinfo is UTC


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        FakeClock(datetime(2026, 11, 20))
    with pytest.raises(ValueError, match="time zone"):
        FakeClock(START).set(datetime(2026, 11, 20))


def test_the_real_clock_is_aware_and_moves_on():
    before = utc_now()
    assert before.tzinfo is UTC
    assert before <= SystemClock().now() <= utc_now()


def test_a_business_date_begins_at_midnight_in_sao_paulo():
    late_in_the_evening = datetime(2026, 11, 21, 2, 59, 59, tzinfo=UTC)
    assert home_date(late_in_the_evening) == date(2026, 11, 20)
    assert home_date(late_in_the_evening + timedelta(seconds=1)) == date(2026, 11, 21)
    assert home_date(datetime(2018, 11, 4, 3, tzinfo=UTC)) == date(2018, 11, 4), "that day began at 01:00"
    with pytest.raises(ValueError, match="time zone"):
        home_date(datetime(2026, 11, 20))


def test_the_docstring_is_the_message():
    class RoutineMissing(errors.NotFound):
        """There is no such routine."""

        code = "ROUTINE_MISSING"

    error = RoutineMissing()
    assert (error.message, str(error), error.details) == ("There is no such routine.",) * 2 + (None,)
    assert RoutineMissing("Routine 7 is gone.").message == "Routine 7 is gone."


def test_notes_for_programmers_are_not_part_of_the_message():
    assert "retry_after" not in errors.Unavailable().message
    assert "retry_after" not in errors.TooManyRequests().message
    assert errors.Unavailable().message.endswith("shortly.")


def test_every_category_has_a_message_for_people_and_a_code_of_its_own():
    ours = vars(errors).values()
    categories = [one for one in ours if isinstance(one, type) and issubclass(one, errors.AppError)]
    assert len(categories) == 14
    assert len({category.code for category in categories}) == len(categories)
    for category in categories:
        assert category().message.endswith(".")


def test_details_are_typed_or_an_object():
    detail = {"field": "a", "message": "b", "type": "c"}
    assert errors.Invalid(details=[detail]).details == [ErrorDetail(**detail)]
    assert errors.Invalid(details={"limit": 3}).details == {"limit": 3}
    with pytest.raises(ValueError, match="message"):
        errors.Invalid(details=[{"field": "a"}])
