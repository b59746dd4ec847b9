"""Incidents in words: what happened, since when, why, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from core_api.modules.incidents.public import IncidentRead, Kind
from core_api.modules.messages.schemas import SUBJECT_LENGTH, Item, Message, What
from core_api.texts import say
from shared_utils.clock import HOME_ZONE

SHOWN_ITEMS: Final = 20
_TITLE_LENGTH: Final = 120
_TEXT_LENGTH: Final = 400
_DAY_FORMATS: Final = {"pt-BR": "%d/%m/%Y", "en": "%Y-%m-%d"}
_TIME_FORMATS: Final = {"pt-BR": "%d/%m %H:%M", "en": "%Y-%m-%d %H:%M"}


@dataclass(frozen=True, slots=True)
class Told:
    """An incident to tell of, and how often it happened again since it was last told."""

    incident: IncidentRead
    times: int = 0


class Writer:
    """Writes messages in one language, with links into the app."""

    def __init__(self, language: str, *, public_url: str, channel: str) -> None:
        self._language = language
        self._public_url = public_url.rstrip("/")
        self._channel = channel

    def incidents(
        self, message_id: UUID, what: What, told: Sequence[Told], *, now: datetime, thread: UUID | None = None
    ) -> Message:
        """One message about incidents that belong together."""
        shown = told[:SHOWN_ITEMS]
        rest = len(told) - len(shown)
        return Message(
            id=message_id,
            what=what,
            language=self._language,
            subject=_cut(self._subject(what, told), SUBJECT_LENGTH),
            items=tuple(self._item(what, one, now=now) for one in shown),
            more=self._say("more", count=rest) if rest else None,
            link_text=self._say("open_in_app"),
            url=self._public_url + "/",
            footer=self._say("footer", channel=_clean(self._channel)),
            thread=thread,
        )

    def test(self, message_id: UUID, *, by: str) -> Message:
        """A message that only shows that the channel works."""
        item = Item(
            headline=self._say("test.subject", channel=_clean(self._channel)),
            lines=(self._say("test.body", channel=_clean(self._channel), by=_clean(by)),),
            advice=None,
            url=self._public_url + "/",
            facts={},
        )
        return Message(
            id=message_id,
            what="test",
            language=self._language,
            subject=_cut(item.headline, SUBJECT_LENGTH),
            items=(item,),
            link_text=self._say("open_in_app"),
            url=self._public_url + "/",
            footer=self._say("footer", channel=_clean(self._channel)),
        )

    # --- subjects ----------------------------------------

    def _subject(self, what: What, told: Sequence[Told]) -> str:
        if len(told) == 1:
            return self._headline(what, told[0])
        kinds = {one.incident.kind for one in told}
        if what == "resolved":
            return self._say("over.many", count=len(told))
        if what == "digest":
            return self._say("digest.many", count=len(told))
        if len(kinds) == 1:
            return self._say(f"kind.{kinds.pop()}.many", count=len(told))
        return self._say("kind.mixed", count=len(told))

    def _headline(self, what: What, told: Told) -> str:
        incident = told.incident
        names = {
            "title": _cut(_clean(incident.title), _TITLE_LENGTH),
            "day": self._day(incident.business_date),
            "last_day": self._day(incident.business_date),
        }
        said = self._say(f"{'over' if what == 'resolved' else 'kind'}.{incident.kind}.one", **names)
        return self._say("digest.one", subject=said, times=told.times) if what == "digest" else said

    # --- one incident ----------------------------------------

    def _item(self, what: What, told: Told, *, now: datetime) -> Item:
        incident = told.incident
        over = incident.resolved_at is not None
        lines = [self._say("business_date", day=self._day(incident.business_date)), self._when(incident)]
        if what == "digest":
            state = self._say("state.resolved" if over else "state.open")
            lines.append(self._say("again", times=told.times, state=state))
        elif what == "opened" and over:
            lines.append(self._say("already_over"))
        if what != "resolved":
            lines.append(self._why(incident))
        return Item(
            headline=self._headline(what, told),
            lines=tuple(_cut(line, _TEXT_LENGTH) for line in lines),
            advice=None if what == "resolved" else self._say(f"do.{incident.kind}"),
            url=self._link(incident),
            facts=_facts(incident, told, now=now) | {"url": self._link(incident)},
        )

    def _when(self, incident: IncidentRead) -> str:
        if incident.resolved_at is None:
            return self._say("since", since=self._time(incident.opened_at))
        return self._say("lasted", since=self._time(incident.opened_at), until=self._time(incident.resolved_at))

    def _why(self, incident: IncidentRead) -> str:
        details = {name: _clean(value) if value is not None else "–" for name, value in incident.details.items()}
        match incident.kind:
            case Kind.LATE:
                return self._why_late(incident)
            case Kind.RECOVERED_OFTEN if incident.details.get("quarantined"):
                return self._say("why.RECOVERED_OFTEN.quarantined", **details)
            case Kind.NOT_STARTED:
                due = self._time(datetime.fromisoformat(incident.details["due_at"]))
                return self._say("why.NOT_STARTED", due=due, **details)
            case Kind.WORKERS_GONE:
                details["jobs"] = _cut(", ".join(_clean(job) for job in incident.details["jobs"]), _TITLE_LENGTH)
                return self._say("why.WORKERS_GONE", **details)
            case _:
                return self._say(f"why.{incident.kind}", **details)

    def _why_late(self, incident: IncidentRead) -> str:
        details = incident.details
        deadline = self._time(datetime.fromisoformat(details["deadline"]), ZoneInfo(details["zone"]))
        if incident.routine_id is None:
            missing = ", ".join(_cut(_clean(title), _TITLE_LENGTH) for title in details["missing"])
            return self._say(
                "why.LATE.group", deadline=deadline, missing_count=details["missing_count"], missing=missing
            )
        statuses = ", ".join(self._say(f"status.{status}") for status in details["statuses"])
        return self._say("why.LATE.routine", deadline=deadline, status=statuses)

    def _link(self, incident: IncidentRead) -> str:
        if incident.execution_id is not None:
            return f"{self._public_url}/execucao/{quote(str(incident.execution_id))}"
        return f"{self._public_url}/dia/{incident.business_date.isoformat()}"

    def _say(self, key: str, **context: Any) -> str:
        return say(f"alert.{key}", self._language, **context)

    def _day(self, day: date) -> str:
        return day.strftime(_DAY_FORMATS.get(self._language, "%Y-%m-%d"))

    def _time(self, at: datetime, zone: ZoneInfo = HOME_ZONE) -> str:
        return at.astimezone(zone).strftime(_TIME_FORMATS.get(self._language, "%Y-%m-%d %H:%M"))


def _facts(incident: IncidentRead, told: Told, *, now: datetime) -> dict[str, Any]:
    """What programs get of an incident."""
    names = {"last_seen_at", "acknowledged_at", "acknowledged_by"}
    return incident.model_dump(mode="json", exclude=names) | {
        "state": "open" if incident.resolved_at is None else "resolved",
        "times_again": told.times,
        "told_at": now.isoformat(),
    }


def _clean(value: Any) -> str:
    """A value as one line of text: names and error messages come from people and programs."""
    return " ".join("".join(char if char.isprintable() else " " for char in str(value)).split())


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
