"""Calendars put together: corrected by people, combined with others. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from graphlib import TopologicalSorter

from core_api.modules.business_days.schemas import (
    EVERY_DAY,
    EVERY_DAY_END,
    EVERY_DAY_START,
    CalendarDays,
    CalendarParts,
    Combination,
    Correction,
)

type Composition = Mapping[str, Iterable[str]]
"""Which calendars are made of which."""


def downwards(codes: Iterable[str], made_of: Composition) -> set[str]:
    """These calendars and all that they are made of, directly or through others."""
    found: set[str] = set()
    waiting = list(codes)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting.extend(made_of.get(code, ()))
    return found


def upwards(codes: Iterable[str], made_of: Composition) -> set[str]:
    """These calendars and all that are made of them, directly or through others."""
    makes: dict[str, list[str]] = {}
    for code, members in made_of.items():
        for member in members:
            makes.setdefault(member, []).append(code)
    return downwards(codes, makes)


def assembled(parts: Mapping[str, CalendarParts]) -> dict[str, CalendarDays]:
    """The days of calendars that are all there with what they are made of. There must be no cycle among them."""
    built: dict[str, CalendarDays] = {}
    for code in TopologicalSorter({code: part.members for code, part in parts.items()}).static_order():
        part = parts[code]
        base = part.own
        if base is None:
            base = combined(code, part.how or "union", [built[member] for member in part.members])
        built[code] = corrected(base, part.corrections)
    return built


def every_day(code: str = EVERY_DAY) -> CalendarDays:
    """The calendar without holidays."""
    return CalendarDays(code=code, start=EVERY_DAY_START, end=EVERY_DAY_END, days=None)


def ending(calendars: Iterable[CalendarDays], today: date, *, within_days: int) -> list[CalendarDays]:
    """Those that end within so many days from `today`, or have ended; the soonest first."""
    soon = [item for item in calendars if (item.end - today).days <= within_days]
    return sorted(soon, key=lambda item: (item.end, item.code))


def corrected(calendar: CalendarDays, corrections: Iterable[Correction]) -> CalendarDays:
    """A calendar with people's corrections on top; those of dates that it does not cover say nothing."""
    known = [item for item in corrections if calendar.covers(item.day)]
    if not known:
        return calendar
    opened = {item.day for item in known if item.is_business_day}
    closed = {item.day for item in known} - opened
    days: tuple[date, ...] | None = calendar.days
    if days is None and closed:
        days = calendar.business_days(calendar.start, calendar.end)
    if days is not None:
        days = tuple(sorted((set(days) | opened) - closed))
    opening = {day: at for day, at in calendar.opening_times.items() if day not in opened | closed}
    opening |= {item.day: item.opens_at for item in known if item.opens_at is not None}
    notes = {**calendar.notes, **{item.day: item.note for item in known}}
    return replace(calendar, days=days, notes=notes, opening_times=opening)


def combined(code: str, how: Combination, members: Sequence[CalendarDays]) -> CalendarDays:
    """The calendar on whose business days any member (union), or every member (intersection), has one.

    It covers what all members cover: beyond, one of them could change the answer. A note names the member it is of. The
    opening is late when it is for the union's every open member (the earliest counts), or for any of the intersection's
    (the latest counts).
    """
    start, end = max(item.start for item in members), min(item.end for item in members)
    if start > end:
        return CalendarDays(code=code, start=start, end=end, days=())
    finite = [frozenset(item.business_days(start, end)) for item in members if item.days is not None]
    days: frozenset[date] | None = None
    if how == "intersection" and finite:
        days = frozenset.intersection(*finite)
    elif how == "union" and len(finite) == len(members):
        days = frozenset.union(*finite)
    noted = sorted({day for item in members for day in item.notes if start <= day <= end})
    return CalendarDays(
        code=code,
        start=start,
        end=end,
        days=None if days is None else tuple(sorted(days)),
        notes={
            day: "; ".join(f"{item.code}: {item.notes[day]}" for item in members if day in item.notes) for day in noted
        },
        opening_times=_openings(how, members, days),
    )


def _openings(how: Combination, members: Sequence[CalendarDays], days: frozenset[date] | None) -> dict[date, time]:
    late: dict[date, time] = {}
    for day in {day for item in members for day in item.opening_times}:
        is_open = [item for item in members if item.covers(day) and item.is_business_day(day)]
        times = [item.opening_times[day] for item in is_open if day in item.opening_times]
        if (days is None or day in days) and (times if how == "intersection" else len(times) == len(is_open)):
            late[day] = max(times) if how == "intersection" else min(times)
    return late
