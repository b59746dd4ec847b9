"""A team's calendars, pools, day groups and routines as one document: exported, compared, applied.

A document says what should be, not what to do: what it describes is created or made equal to it, a field that it
leaves out takes its default. What it does not describe stays, unless pruning is asked for; a section that is missing
is never pruned. Applying a second time changes nothing. Planning makes all the changes in a transaction that is undone,
so a plan cannot promise what applying would refuse.

Secrets are never written into a document: it has `***` in their places, which keeps what is stored there. Where nothing
is, the document is refused with the place.
"""

import hashlib
import json
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, Protocol

from pydantic import ValidationError

from core_api.modules.definitions.exceptions import DefinitionsInvalid, PlanOutdated
from core_api.modules.definitions.schemas import VERSION, Action, Change, Counts, Entry, FieldChange, Kind, PlanRead
from core_api.yaml_documents import MAX_PROBLEMS, Document, Problem, UnreadableYaml, dotted, read, write
from shared_utils.errors import AppError

SECTIONS: Final[tuple[tuple[str, Kind], ...]] = (
    ("calendars", "calendar"),
    ("pools", "pool"),
    ("day_groups", "day_group"),
    ("routines", "routine"),
)
MAX_ENTRIES: Final = 5000


class Section(Protocol):
    """One kind of thing, as documents write it and as its own module keeps it."""

    key: str
    """The field that names a thing."""

    def parse(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields of a thing with all defaults; raises `ValidationError`."""
        ...

    async def current(self) -> dict[str, Mapping[str, Any]]:
        """What is there, by name, with all secrets."""
        ...

    def completed(self, fields: Mapping[str, Any], before: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields of a document with what its masks stand for, as far as it is stored."""
        ...

    def shown(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The fields as people may read them."""
        ...

    async def create(self, entry: Entry) -> None: ...
    async def update(self, entry: Entry) -> None: ...
    async def delete(self, name: str) -> None: ...
    def upstreams(self, fields: Mapping[str, Any]) -> Sequence[str]:
        """Names of things of the same kind that must be there first."""
        ...

    def short(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """A thing as a person would write it: its name first, without what has its default."""
        ...


class DefinitionService:
    def __init__(self, sections: Mapping[Kind, Section]) -> None:
        self._sections = sections

    async def export(self) -> str:
        """Everything as one document; what has its default is left out."""
        document: dict[str, Any] = {"version": VERSION}
        for title, kind in SECTIONS:
            section = self._sections[kind]
            current = await section.current()
            document[title] = [section.short(section.shown(fields)) for _, fields in sorted(current.items())]
        return write(document)

    async def apply(self, text: str, *, prune: bool, expected: str | None = None) -> PlanRead:
        """Makes everything as the document says. Raises `DefinitionsInvalid` and `PlanOutdated`."""
        document = _document(text)
        entries = _entries(document, self._sections)
        changes: list[Change] = []
        doomed: list[tuple[Kind, str]] = []
        problems: list[Problem] = []
        for title, kind in SECTIONS:
            if title not in document.value:
                continue
            current = await self._sections[kind].current()
            changes += await self._make(kind, _in_order(entries[kind], self._sections[kind]), current, problems)
            if problems:  # what the next section needs may be among what was refused
                raise DefinitionsInvalid(problems[:MAX_PROBLEMS])
            wanted = {entry.name for entry in entries[kind]}
            gone = [name for name in current if name not in wanted] if prune else []
            doomed += [(kind, name) for name in _last_first(gone, current, self._sections[kind])]
        changes += await self._remove(doomed)
        plan = _plan(changes)
        if expected is not None and expected != plan.fingerprint:
            raise PlanOutdated
        return plan

    async def _make(
        self, kind: Kind, entries: Sequence[Entry], current: Mapping[str, Mapping[str, Any]], problems: list[Problem]
    ) -> list[Change]:
        changes = []
        section = self._sections[kind]
        failed: set[str] = set()
        for entry in entries:
            if failed.intersection(section.upstreams(entry.fields)):
                failed.add(entry.name)  # what follows from a problem is no problem of its own
                continue
            before = current.get(entry.name)
            wanted = entry if before is None else replace(entry, fields=section.completed(entry.fields, before))
            change = _change(kind, wanted, before, section)
            changes.append(change)
            if change.action == "unchanged":
                continue
            make = section.create if before is None else section.update
            problem = await _problem_of(entry, make(wanted))
            if problem is not None:
                failed.add(entry.name)
                problems.append(problem)
        return changes

    async def _remove(self, doomed: Iterable[tuple[Kind, str]]) -> list[Change]:
        # What uses others goes before what it uses: the sections stand the other way round.
        by_kind = {kind: number for number, (_, kind) in enumerate(SECTIONS)}
        changes = []
        for kind, name in sorted(doomed, key=lambda item: -by_kind[item[0]]):
            try:
                await self._sections[kind].delete(name)
            except AppError as error:
                problem = Problem(None, f"{kind} {name}", f"cannot be removed: {error.message}", error.code)
                raise DefinitionsInvalid([problem]) from error
            changes.append(Change(kind=kind, name=name, action="delete", line=None, fields=[]))
        return changes


def _document(text: str) -> Document:
    try:
        document = read(text)
    except UnreadableYaml as error:
        raise DefinitionsInvalid([error.problem]) from error
    value = document.value
    titles = {title for title, _ in SECTIONS}
    if not isinstance(value, dict):
        raise DefinitionsInvalid([Problem(1, None, f"begin with `version: {VERSION}` and a section", "document")])
    problems = []
    if value.get("version") != VERSION:
        problems.append(Problem(document.line_of(["version"]), "version", f"`version: {VERSION}` is needed", "version"))
    for title in value.keys() - titles - {"version"}:
        advice = f"there is no section {title}; there are {', '.join(sorted(titles))}"
        problems.append(Problem(document.line_of([title]), title, advice, "section"))
    for title in titles & value.keys():
        items = value[title] = value[title] if value[title] is not None else []
        if not isinstance(items, list) or len(items) > MAX_ENTRIES:
            problems.append(Problem(document.line_of([title]), title, f"give a list of at most {MAX_ENTRIES}", "list"))
    if problems:
        raise DefinitionsInvalid(sorted(problems, key=lambda problem: problem.line or 0))
    return document


def _entries(document: Document, sections: Mapping[Kind, Section]) -> dict[Kind, list[Entry]]:
    """Every thing of a document, complete; all problems of a document are told at once."""
    problems: list[Problem] = []
    found: dict[Kind, list[Entry]] = {}
    for title, kind in SECTIONS:
        entries = [
            _entry(document, sections[kind], raw, (title, index), problems)
            for index, raw in enumerate(document.value.get(title, ()))
        ]
        found[kind] = _once([entry for entry in entries if entry is not None], problems)
    if problems:
        raise DefinitionsInvalid(problems[:MAX_PROBLEMS])
    return found


def _entry(
    document: Document, section: Section, raw: Any, path: tuple[str | int, ...], problems: list[Problem]
) -> Entry | None:
    line = document.line_of(path)
    if not isinstance(raw, dict):
        problems.append(Problem(line, dotted(path), "give a mapping of fields", "mapping"))
        return None
    try:
        fields = section.parse(raw)
    except ValidationError as error:
        problems += [_problem(document, path, item) for item in error.errors(include_url=False)]
        return None
    return Entry(name=str(fields[section.key]), fields=fields, line=line, raw=raw, path=path)


def _problem(document: Document, path: tuple[str | int, ...], item: Mapping[str, Any]) -> Problem:
    loc = (*path, *(step for step in item["loc"] if isinstance(step, str | int)))
    return Problem(document.line_of(loc), dotted(loc), str(item["msg"])[:500], str(item["type"]))


def _once(entries: Sequence[Entry], problems: list[Problem]) -> list[Entry]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        first = seen.setdefault(entry.name, entry)
        if first is not entry:
            message = f"{entry.name} is described on line {first.line} already"
            problems.append(Problem(entry.line, dotted(entry.path), message, "repeated"))
    return list(seen.values())


def _in_order(entries: Sequence[Entry], section: Section) -> list[Entry]:
    """Upstreams first, and else as the document has them. Raises `DefinitionsInvalid` with the path of a cycle."""
    by_name = {entry.name: entry for entry in entries}
    graph = {entry.name: [one for one in section.upstreams(entry.fields) if one in by_name] for entry in entries}
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        cycle = list(reversed(error.args[1]))
        message = f"these wait for each other in a circle: {' -> '.join(cycle)}"
        raise DefinitionsInvalid([Problem(by_name[cycle[0]].line, None, message, "cycle")]) from error


def _last_first(names: Sequence[str], current: Mapping[str, Mapping[str, Any]], section: Section) -> list[str]:
    graph = {name: [one for one in section.upstreams(current[name]) if one in names] for name in names}
    return list(TopologicalSorter(graph).static_order())[::-1]


def _change(kind: Kind, entry: Entry, before: Mapping[str, Any] | None, section: Section) -> Change:
    shown_before, shown_after = None if before is None else section.shown(before), section.shown(entry.fields)
    fields = [
        FieldChange(field=name, before=shown_before and shown_before.get(name), after=shown_after[name])
        for name, value in entry.fields.items()
        if before is None or before.get(name) != value
    ]
    action: Action = "create" if before is None else "update" if fields else "unchanged"
    return Change(kind=kind, name=entry.name, action=action, line=entry.line, fields=fields)


async def _problem_of(entry: Entry, work: Awaitable[None]) -> Problem | None:
    """A refusal, told later: one answer tells all of them, and the transaction is lost either way."""
    try:
        await work
    except AppError as error:
        details = error.details if isinstance(error.details, list) else []
        more = dict.fromkeys(detail.message for detail in details[:3] if detail.message not in error.message)
        message = "; ".join([error.message, *more])
        return Problem(entry.line, dotted(entry.path), message, error.code)
    return None


def _plan(changes: Sequence[Change]) -> PlanRead:
    real = [change.model_dump(mode="json", exclude={"line"}) for change in changes if change.action != "unchanged"]
    digest = hashlib.sha256(json.dumps(real, sort_keys=True).encode()).hexdigest()
    actions = [change.action for change in changes]
    counts = Counts(
        create=actions.count("create"),
        update=actions.count("update"),
        delete=actions.count("delete"),
        unchanged=actions.count("unchanged"),
    )
    return PlanRead(applied=False, fingerprint=digest, counts=counts, changes=list(changes))
