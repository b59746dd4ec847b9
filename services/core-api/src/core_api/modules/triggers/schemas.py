"""Triggers as people write them: when a routine runs, in its own zone (DESIGN, E2).

A trigger says which local minutes of a local date it names, and nothing about clocks: `service.instant_of` is the one
place that knows what becomes of a local time that a clock change takes away or gives twice.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Annotated, Any, Final, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    TypeAdapter,
    model_validator,
)

from core_api.inputs import Input, StorableText
from core_api.modules.triggers.exceptions import CronInvalid

MINUTES_OF_A_DAY: Final = 24 * 60

EndedStatus = Literal["SUCCEEDED", "FAILED", "CANCELLED", "SKIPPED"]

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def _sorted_and_unique[TextT: str](items: tuple[TextT, ...]) -> tuple[TextT, ...]:
    return tuple(sorted(set(items)))


def _local_minute(at: datetime) -> datetime:
    if at.tzinfo is not None:
        raise ValueError("give local time without an offset; the routine's time_zone says where")
    if at.second or at.microsecond:
        raise ValueError("give a whole minute")
    return at


def _minute_of(text: str) -> int:
    at = time.fromisoformat(text)
    return at.hour * 60 + at.minute


# --- cron -----------------------------------------------------------------------------------------------------------

_MONTHS: Final = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_WEEKDAYS: Final = {name: n for n, name in enumerate(["sun", "mon", "tue", "wed", "thu", "fri", "sat"])}
_LONGEST_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class _CronField:
    """One of the five fields: its name for people, its bounds, and the names that may stand for numbers."""

    name: str
    low: int
    high: int
    names: dict[str, int]

    def numbers(self, item: str) -> list[int]:
        """What one item of a list means: `*`, a number or name, a range, any of them with a step."""
        base, slash, step = item.partition("/")
        first, last = self._range(base, stepped=bool(slash))
        width = self._step(step, item) if slash else 1
        return list(range(first, last + 1, width))

    def number(self, text: str) -> int:
        known = self.names.get(text)
        if known is not None:
            return known
        if not text.isascii() or not text.isdigit():
            raise self.error(f"{text!r} is not a number{' or a name' if self.names else ''}")
        if not self.low <= (value := int(text[:9])) <= self.high:
            raise self.error(f"{text} is not between {self.low} and {self.high}")
        return value

    def error(self, problem: str) -> CronInvalid:
        return CronInvalid(f"{self.name}: {problem}")

    def _range(self, base: str, *, stepped: bool) -> tuple[int, int]:
        if base == "*":
            return self.low, self.high
        start, dash, end = base.partition("-")
        first = self.number(start)
        if not dash:
            return first, self.high if stepped else first
        last = self.number(end)
        if self is _DAY_OF_WEEK and last == 0 < first:
            last = 7  # fri-sun
        if first > last:
            raise self.error(f"range {base!r} runs backwards; write it as two ranges")
        return first, last

    def _step(self, text: str, item: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= self.high:
            raise self.error(f"the step of {item!r} is not a number from 1 to {self.high}")
        return int(text)


_MINUTE: Final = _CronField("minute", 0, 59, {})
_HOUR: Final = _CronField("hour", 0, 23, {})
_DAY_OF_MONTH: Final = _CronField("day of month", 1, 31, {})
_MONTH: Final = _CronField("month", 1, 12, _MONTHS)
_DAY_OF_WEEK: Final = _CronField("day of week", 0, 7, _WEEKDAYS)
_FIELDS: Final = (_MINUTE, _HOUR, _DAY_OF_MONTH, _MONTH, _DAY_OF_WEEK)

type DayTest = Callable[[date], bool]


@dataclass(frozen=True)
class Cron:
    """A parsed expression. `days` and `weekdays` hold one test per item; an unrestricted field is a test that is true.

    As in every cron since Vixie's: with both fields restricted a date counts when either says so, and a field that
    begins with `*` counts as unrestricted, even with a step (cron(8), crontab(5) of Debian).
    """

    minutes: tuple[int, ...]
    """Minutes of the day, ascending."""
    months: frozenset[int]
    days: tuple[DayTest, ...]
    weekdays: tuple[DayTest, ...]
    either: bool

    def runs_on(self, day: date) -> bool:
        """Whether the expression names this date at all."""
        if day.month not in self.months:
            return False
        by_day, by_weekday = (any(test(day) for test in tests) for tests in (self.days, self.weekdays))
        return by_day or by_weekday if self.either else by_day and by_weekday


@lru_cache(maxsize=4096)
def parse_cron(expression: str) -> Cron:
    """Reads `minute hour day-of-month month day-of-week`. Raises `CronInvalid`, which names the field at fault."""
    texts = expression.lower().split()
    if len(texts) != len(_FIELDS):
        names = ", ".join(field.name for field in _FIELDS)
        raise CronInvalid(f"a cron expression has five fields ({names}); this one has {len(texts)}")
    minute, hour, day, month, weekday = (_items(text, field) for text, field in zip(texts, _FIELDS, strict=True))
    hours, minutes = _all_numbers(hour, _HOUR), _all_numbers(minute, _MINUTE)
    months = frozenset(_all_numbers(month, _MONTH))
    either = not (texts[2].startswith("*") or texts[4].startswith("*"))
    if not either:
        _refuse_never(day, months)
    return Cron(
        minutes=tuple(sorted({h * 60 + m for h in hours for m in minutes})),
        months=months,
        days=tuple(_day_test(item) for item in day),
        weekdays=tuple(_weekday_test(item) for item in weekday),
        either=either,
    )


def _items(text: str, field: _CronField) -> list[str]:
    items = text.split(",")
    if not all(items):
        raise field.error(f"{text!r} has an empty item")
    return items


def _all_numbers(items: Sequence[str], field: _CronField) -> set[int]:
    return {number for item in items for number in field.numbers(item)}


def _day_test(item: str) -> DayTest:
    if item == "lw":
        return _is_last_weekday
    if item == "l" or item.startswith("l-"):
        before = 0 if item == "l" else _DAY_OF_MONTH.number(item[2:])
        if before > 30:
            raise _DAY_OF_MONTH.error(f"{item.upper()!r}: no month has that many days before its last one")
        return lambda day: day.day == monthrange(day.year, day.month)[1] - before
    wanted = frozenset(_DAY_OF_MONTH.numbers(item))
    return lambda day: day.day in wanted


def _weekday_test(item: str) -> DayTest:
    name, sharp, nth = item.partition("#")
    if sharp:
        weekday = _DAY_OF_WEEK.number(name) % 7
        if nth not in {"1", "2", "3", "4", "5"}:
            raise _DAY_OF_WEEK.error(f"in {item!r} the number after # must be 1 to 5")
        return lambda day: day.isoweekday() % 7 == weekday and (day.day + 6) // 7 == int(nth)
    if item != "l" and item.endswith("l") and item not in _WEEKDAYS:
        weekday = _DAY_OF_WEEK.number(item[:-1]) % 7
        return lambda day: day.isoweekday() % 7 == weekday and day.day + 7 > monthrange(day.year, day.month)[1]
    wanted = frozenset(number % 7 for number in _DAY_OF_WEEK.numbers(item))
    return lambda day: day.isoweekday() % 7 in wanted


def _is_last_weekday(day: date) -> bool:
    last = monthrange(day.year, day.month)[1]
    beyond = max(0, date(day.year, day.month, last).isoweekday() - 5)
    return day.day == last - beyond


def _refuse_never(items: Sequence[str], months: frozenset[int]) -> None:
    """`0 0 30 2 *` would wait for ever, which nobody means."""
    if any(item.startswith("l") for item in items):
        return
    longest = max(_LONGEST_MONTH[month - 1] for month in months)
    if min(_all_numbers(items, _DAY_OF_MONTH)) > longest:
        raise _DAY_OF_MONTH.error("none of these days exists in any of the months")


def _valid_cron(expression: str) -> str:
    parse_cron(expression)
    return " ".join(expression.split())


# --- what people write ----------------------------------------------------------------------------------------------


class TimesTrigger(Input):
    """At these local times of every day that the day group allows."""

    type: Literal["times"]
    times: Annotated[tuple[TimeOfDay, ...], Field(min_length=1, max_length=288), AfterValidator(_sorted_and_unique)]

    @cached_property
    def _minutes(self) -> tuple[int, ...]:
        return tuple(_minute_of(at) for at in self.times)

    def minutes_on(self, day: date) -> Sequence[int]:  # noqa: ARG002 - one signature for all triggers
        """The minutes of the local day, ascending."""
        return self._minutes


class IntervalTrigger(Input):
    """Every `every_minutes` minutes of local time from `start` to `end`, both included, starting anew each day."""

    type: Literal["interval"]
    every_minutes: int = Field(ge=1, le=1440, strict=True)
    start: TimeOfDay = "00:00"
    end: TimeOfDay = "23:59"

    @model_validator(mode="after")
    def _window(self) -> Self:
        if self.start > self.end:
            raise ValueError("the window's start is after its end; a window does not cross midnight")
        return self

    def minutes_on(self, day: date) -> Sequence[int]:  # noqa: ARG002 - one signature for all triggers
        """The minutes of the local day, ascending."""
        return range(_minute_of(self.start), _minute_of(self.end) + 1, self.every_minutes)


class CronTrigger(Input):
    """At the local minutes of a five-field cron expression: minute, hour, day of month, month, day of week.

    Names (`mon`, `jan`), lists, ranges, steps, `L` (last day; `L-2`: two days before it; `5L`: last Friday), `LW` (last
    Monday to Friday) and `2#1` (first Tuesday) are understood. With both day fields restricted, either is enough.
    """

    type: Literal["cron"]
    expression: Annotated[
        str, StringConstraints(max_length=200), AfterValidator(_valid_cron), Field(examples=["*/15 9-18 * * mon-fri"])
    ]

    @cached_property
    def _cron(self) -> Cron:
        return parse_cron(self.expression)

    def minutes_on(self, day: date) -> Sequence[int]:
        """The minutes of the local day, ascending."""
        return self._cron.minutes if self._cron.runs_on(day) else ()


class OnceTrigger(Input):
    """Once, at a local date and time; the day group is still asked."""

    type: Literal["once"]
    at: Annotated[datetime, AfterValidator(_local_minute)]

    def minutes_on(self, day: date) -> Sequence[int]:
        """The minutes of the local day, ascending."""
        return (self.at.hour * 60 + self.at.minute,) if self.at.date() == day else ()


class _NotByTime(Input):
    """Triggers that know no clock."""

    def minutes_on(self, day: date) -> Sequence[int]:  # noqa: ARG002 - one signature for all triggers
        """The minutes of the local day: none."""
        return ()


class ManualTrigger(_NotByTime):
    """Only when a person or a program asks."""

    type: Literal["manual"]


class ExecutionEventTrigger(_NotByTime):
    """When an execution of another routine ends in one of these ways; its business date is handed on."""

    type: Literal["event"]
    on: Literal["execution"]
    routine: UUID
    statuses: Annotated[
        tuple[EndedStatus, ...], Field(min_length=1, max_length=4), AfterValidator(_sorted_and_unique)
    ] = ("SUCCEEDED",)


class DatasetEventTrigger(_NotByTime):
    """When a data set was loaded; the business date is the date that the data is about."""

    type: Literal["event"]
    on: Literal["dataset"]
    dataset: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$"), Field(examples=["b3.cotahist"])]


class FileEventTrigger(_NotByTime):
    """When a file arrived whose name fits `pattern` (`*` and `?` stand for any text and any character)."""

    type: Literal["event"]
    on: Literal["file"]
    pattern: Annotated[
        StorableText, StringConstraints(min_length=1, max_length=200), Field(examples=["COTAHIST_D*.ZIP"])
    ]


class WebhookTrigger(_NotByTime):
    """When another program calls the routine's own address with its secret."""

    type: Literal["webhook"]


def _kind(trigger: Any) -> str | None:
    """Which trigger it is: its type, and of an event what it is an event of."""
    if isinstance(trigger, Mapping):
        kind, on = trigger.get("type"), trigger.get("on")
    else:
        kind, on = getattr(trigger, "type", None), getattr(trigger, "on", None)
    return f"{kind} on {on}" if kind == "event" else kind if isinstance(kind, str) else None


# The tags are ours, since OpenAPI's discriminator knows one property only; a program goes by `type`, then by `on`.
Trigger = Annotated[
    Annotated[TimesTrigger, Tag("times")]
    | Annotated[IntervalTrigger, Tag("interval")]
    | Annotated[CronTrigger, Tag("cron")]
    | Annotated[OnceTrigger, Tag("once")]
    | Annotated[ManualTrigger, Tag("manual")]
    | Annotated[ExecutionEventTrigger, Tag("event on execution")]
    | Annotated[DatasetEventTrigger, Tag("event on dataset")]
    | Annotated[FileEventTrigger, Tag("event on file")]
    | Annotated[WebhookTrigger, Tag("webhook")],
    Discriminator(_kind),
]
TRIGGERS: TypeAdapter[Trigger] = TypeAdapter(Trigger)


# --- what people read -----------------------------------------------------------------------------------------------


class Output(BaseModel):
    model_config = ConfigDict(from_attributes=True, frozen=True)


class TimesTriggerRead(Output):
    type: Literal["times"]
    times: list[str]


class IntervalTriggerRead(Output):
    type: Literal["interval"]
    every_minutes: int
    start: str
    end: str


class CronTriggerRead(Output):
    type: Literal["cron"]
    expression: str


class OnceTriggerRead(Output):
    type: Literal["once"]
    at: datetime


class ManualTriggerRead(Output):
    type: Literal["manual"]


class ExecutionEventTriggerRead(Output):
    type: Literal["event"]
    on: Literal["execution"]
    routine: UUID
    statuses: list[EndedStatus]


class DatasetEventTriggerRead(Output):
    type: Literal["event"]
    on: Literal["dataset"]
    dataset: str


class FileEventTriggerRead(Output):
    type: Literal["event"]
    on: Literal["file"]
    pattern: str


class WebhookTriggerRead(Output):
    type: Literal["webhook"]


TriggerRead = Annotated[
    Annotated[TimesTriggerRead, Tag("times")]
    | Annotated[IntervalTriggerRead, Tag("interval")]
    | Annotated[CronTriggerRead, Tag("cron")]
    | Annotated[OnceTriggerRead, Tag("once")]
    | Annotated[ManualTriggerRead, Tag("manual")]
    | Annotated[ExecutionEventTriggerRead, Tag("event on execution")]
    | Annotated[DatasetEventTriggerRead, Tag("event on dataset")]
    | Annotated[FileEventTriggerRead, Tag("event on file")]
    | Annotated[WebhookTriggerRead, Tag("webhook")],
    Discriminator(_kind),
]
