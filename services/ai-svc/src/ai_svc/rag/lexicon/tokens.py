"""Text as search terms: stems of words, and numbers, dates and codes in one spelling each.

    terms("As cotações de PETR4 em 31/12/2025: R$ 1.234,50")
    -> ["cot", "petr4", "2025-12-31", "2025", "1234.5"]

The same function reads passages and questions, so what is written differently but means the same meets in one term.
"""

import re
import unicodedata
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from typing import Final

from ai_svc.rag.lexicon.stems import folded, stem
from ai_svc.rag.lexicon.stopwords import STOPWORDS

_KEPT: Final = 65_536
"""Words whose terms are known by heart: nearly all of a text's, in about 30 MB when they are that many."""
_LONGEST: Final = 64
"""Longer runs of letters are no words: keys, base64, torn tables. They are cut, not dropped."""

_MONTHS: Final = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_ANY_MONTH: Final = frozenset(_MONTHS)
# A run of letters and digits with what may join them inside: 12.345/2025, SBMS-500, job_baixar_arquivos_b3.
_RUN: Final = re.compile(r"[^\W_]++(?:[-_./,][^\W_]++)*+")
_PART: Final = re.compile(r"[^\W_]+")
_WRITTEN_DATE: Final = re.compile(rf"\b(\d{{1,2}})[ºo°]? de ({'|'.join(_MONTHS)})(?: de (\d{{4}}))")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_MONTH_YEAR: Final = re.compile(r"(\d{1,2})/(\d{4})")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_DECIMAL: Final = re.compile(r"\d+[.,]\d+")
_AMOUNT_WITH_UNIT: Final = re.compile(r"(\d+)([a-z]{1,3})")
_STOPPED: Final = frozenset(folded(word) for word in STOPWORDS)


def terms(text: str) -> list[str]:
    """The terms of a text in its order, without words that say nothing alone. A date is its day and its year; a code
    is itself and its parts.
    """
    return list(chain.from_iterable(map(word_terms, words(text))))


def words(text: str) -> list[str]:
    """What stands between the spaces of a text, in lower case; a date in words is also there in figures."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    found = lowered.split()
    if _ANY_MONTH.isdisjoint(found):
        return found
    return _WRITTEN_DATE.sub(_in_figures, lowered).split()


def runs(text: str) -> list[str]:
    """The text's words, numbers and codes as they are written, but in lower case."""
    return list(chain.from_iterable(map(_RUN.findall, words(text))))


@lru_cache(_KEPT)
def word_terms(word: str) -> tuple[str, ...]:
    """The terms of one of `words`: of the runs in it, since none has a space inside."""
    return tuple(chain.from_iterable(map(run_terms, _RUN.findall(word))))


def run_terms(run: str) -> tuple[str, ...]:
    """The terms of one run of characters."""
    plain = folded(run)[:_LONGEST]
    if plain.isalpha():
        return _word(plain)
    return tuple(dict.fromkeys(_compound(plain)))


def term_id(term: str) -> int:
    """A term as PostgreSQL keeps it: the first 64 bits of its BLAKE2b, signed."""
    return int.from_bytes(blake2b(term.encode(), digest_size=8).digest(), signed=True)


class TermIds(dict[str, tuple[int, ...]]):
    """The ids of the terms of words as they are written, looked up without a call, word after word.

    A text is cut at its spaces, and a word is put into lower case and taken apart once, not each time it is there:
    neither NFKC nor lower case looks past a space, so the terms are those of `words`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.terms: dict[int, str] = {}
        """The term of each id that was given out."""
        self._months: set[str] = set()

    def of(self, text: str) -> list[int]:
        """The ids of the terms of a text, in their order."""
        found = text.split()
        read = list(chain.from_iterable(map(self.__getitem__, found)))
        if self._months.isdisjoint(found):
            return read
        return list(chain.from_iterable(map(self.__getitem__, words(text))))

    def __missing__(self, word: str) -> tuple[int, ...]:
        lowered = unicodedata.normalize("NFKC", word).lower().split()
        if not _ANY_MONTH.isdisjoint(lowered):
            self._months.add(word)
        read = list(chain.from_iterable(map(word_terms, lowered)))
        found = self[word] = tuple(map(term_id, read))
        self.terms.update(zip(found, read, strict=True))
        return found


@lru_cache(1)
def _kept() -> TermIds:
    return TermIds()


def term_ids() -> TermIds:
    """The ids of words that were read before. Who counts texts keeps the same ones until the end: there are new ones
    when these are too many.
    """
    if len(_kept()) >= _KEPT:
        _kept.cache_clear()
    return _kept()


def is_exact(term: str) -> bool:
    """Whether the term names one thing: a number, a date, a ticker, a code. A passage has it or is about something
    else.
    """
    return any(char.isdigit() for char in term)


def _word(plain: str) -> tuple[str, ...]:
    return () if len(plain) == 1 or plain in _STOPPED else (stem(plain),)


def _compound(run: str) -> list[str]:
    if not any(char.isdigit() for char in run):
        found = [term for part in _PART.findall(run) for term in _word(part)]
        return [*found, run] if "_" in run else found  # a name from a program is looked for whole, too
    for reading in (_date, _number, _amount):
        read = reading(run)
        if read:
            return read
    return _code(run)


def _date(run: str) -> list[str]:
    if found := _DAY_FIRST.fullmatch(run):
        day, month, year = found.groups()
    elif found := _YEAR_FIRST.fullmatch(run):
        year, month, day = found.groups()
    elif found := _MONTH_YEAR.fullmatch(run):
        month, year = found.groups()
        return [f"{year}-{int(month):02}", year] if 1 <= int(month) <= 12 else []
    else:
        return []
    plausible = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return [f"{year}-{int(month):02}-{int(day):02}", year] if plausible else []


def _number(run: str) -> list[str]:
    """As Brazilians write them: a dot before three digits parts thousands, a comma parts decimals."""
    if run.isdecimal():
        return [run.lstrip("0") or "0"] if len(run) <= 4 else [run]
    if _THOUSANDS.fullmatch(run):
        whole, _, fraction = run.replace(".", "").partition(",")
    elif _DECIMAL.fullmatch(run):
        whole, _, fraction = run.replace(",", ".").partition(".")
    else:
        return []
    whole, fraction = whole.lstrip("0") or "0", fraction.rstrip("0")
    return [f"{whole}.{fraction}" if fraction else whole]


def _amount(run: str) -> list[str]:
    found = _AMOUNT_WITH_UNIT.fullmatch(run)
    return [found[1].lstrip("0") or "0", run] if found else []


def _code(run: str) -> list[str]:
    parts = _PART.findall(run)
    if len(parts) == 1:
        return [run]
    found = [term for part in parts for term in (_number(part) if part.isdecimal() else _part_of_code(part))]
    joined = "".join(parts)
    only_numbers = joined.isdecimal() and len(parts) <= 2
    return found if only_numbers else [joined, *found]


def _part_of_code(part: str) -> list[str]:
    return list(_word(part)) if part.isalpha() else [part]


def _in_figures(found: re.Match[str]) -> str:
    day, month, year = found.groups()
    return f"{found[0]} {year}-{_MONTHS.index(month) + 1:02}-{int(day):02}"
