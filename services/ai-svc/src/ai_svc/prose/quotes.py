"""Quotes that can be relied on: what a model says that a text says, found in that text, or not at all."""

import re
from dataclasses import dataclass
from typing import Final

MIN_CHARS: Final = 3
_QUOTES: Final = re.compile("[\"'“”„«»‘’`´]")
_DASHES: Final = re.compile("[‐‑‒–—―−-]")
_ELLIPSIS: Final = re.compile(r"\[?(?:…|\.\.\.)\]?")


@dataclass(frozen=True, slots=True)
class Quote:
    """A part of a text: `text == source[start:end]`."""

    text: str
    start: int
    end: int


def find_quote(quote: str, source: str) -> Quote | None:
    """Where `source` says `quote`, word for word; blanks, kinds of quotation marks and of dashes do not matter.

    What comes back is the source's own spelling. None when the source does not say it.
    """
    wanted = quote.strip().strip("\"'“”„«»‘’` ")
    if len(wanted) < MIN_CHARS:
        return None
    exact = source.find(wanted)
    if exact >= 0:
        return Quote(wanted, exact, exact + len(wanted))
    pattern = r"\s+".join(_spelt(word) for word in _ELLIPSIS.sub("…", wanted).split())
    found = re.search(pattern, source)
    return Quote(found[0], found.start(), found.end()) if found else None


def verified(quotes: list[str], source: str) -> list[Quote]:
    """The quotes that the source really says, each once, in the source's order."""
    found = {(one.start, one.end): one for one in (find_quote(quote, source) for quote in quotes) if one is not None}
    return [found[place] for place in sorted(found)]


def _spelt(word: str) -> str:
    """A word in any of the spellings that mean the same: a linear pattern, whatever the word is."""
    return "".join(
        _QUOTES.pattern if _QUOTES.match(mark) else _DASHES.pattern if _DASHES.match(mark) else re.escape(mark)
        for mark in word
    )
