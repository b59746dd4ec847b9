"""A document's sections: what stands under one heading."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from ai_svc.rag.parsing.parsed import Heading, ParsedText


@dataclass(frozen=True, slots=True)
class Section:
    """`text[start:end]` under the headings of `path`, outermost first; `bare` when it is nothing but its heading."""

    start: int
    end: int
    path: tuple[str, ...]
    bare: bool

    def __len__(self) -> int:
        return self.end - self.start


def sections(parsed: ParsedText) -> list[Section]:
    """Sections that together are the whole text, in its order."""
    found = list(_cut(parsed))
    return found or [Section(0, len(parsed.text), (), bare=False)]


def joined(found: list[Section], *, small: int, limit: int) -> list[Section]:
    """Sections of fewer than `small` characters put together with the next one under the same parent, while both fit
    into `limit`: a heading that stands alone says nothing, and neither does a line.
    """
    result: list[Section] = []
    for section in found:
        last = result[-1] if result else None
        joins = last is not None and (last.bare or len(last) < small) and _related(last, section)
        if last is not None and joins and section.end - last.start <= limit:
            result[-1] = _together(last, section)
        else:
            result.append(section)
    return result


def _cut(parsed: ParsedText) -> Iterator[Section]:
    text = parsed.text
    open_headings: list[Heading] = []
    start, title = 0, ""
    path: tuple[str, ...] = ()
    for heading in parsed.headings:
        if text[start : heading.offset].strip():
            yield _section(text, start, heading.offset, path, title)
            start = heading.offset
        while open_headings and open_headings[-1].level >= heading.level:
            open_headings.pop()
        open_headings.append(heading)
        path, title = tuple(each.title for each in open_headings), heading.title
    if text[start:].strip():
        yield _section(text, start, len(text), path, title)


def _section(text: str, start: int, end: int, path: tuple[str, ...], title: str) -> Section:
    lines = text[start:end].strip().split("\n")
    underlined = len(lines) == 2 and not lines[1].strip("=- ")
    bare = bool(title) and (len(lines) == 1 or underlined)
    return Section(start, end, path, bare=bare)


def _related(last: Section, section: Section) -> bool:
    shared = len(_shared(last.path, section.path))
    return shared >= len(last.path) - 1


def _together(last: Section, section: Section) -> Section:
    lone = last.bare or not last.path
    deeper = section.path[: len(last.path)] == last.path
    path = section.path if lone and deeper else _shared(last.path, section.path)
    return Section(last.start, section.end, path, bare=False)


def _shared(left: tuple[str, ...], right: tuple[str, ...]) -> tuple[str, ...]:
    """The headings that both paths begin with."""
    return tuple(mine for mine, _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))
