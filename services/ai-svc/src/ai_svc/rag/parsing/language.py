"""Portuguese or English, by the small words that no text of either language does without."""

import re
from typing import Final

from ai_svc.rag.parsing.parsed import Language

SAMPLE_CHARS: Final = 20_000
MIN_HITS: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]+")
# Words that belong to one of the two only: "a", "as", "do", "no" and "me" are words of both.
_PORTUGUESE_WORDS: Final = """
que não uma um para com os das dos da de em ao aos à às se são foi por pelo pela pelos pelas mais como mas ou ser está
este esta isso sua seu seus suas também já entre sobre até quando muito nos nas num numa é e o
"""
_ENGLISH_WORDS: Final = """
the of and to in is that for it with on are was be this by from at not or which an have has were will can their been its
but they would there all when what you your we if
"""
_PORTUGUESE: Final = frozenset(_PORTUGUESE_WORDS.split())
_ENGLISH: Final = frozenset(_ENGLISH_WORDS.split())


def language_of(text: str) -> Language:
    """The language of the beginning of `text`: `pt`, `en`, or `und` when neither is clear."""
    words = [word.lower() for word in _WORD.findall(text[:SAMPLE_CHARS])]
    portuguese = sum(word in _PORTUGUESE for word in words)
    english = sum(word in _ENGLISH for word in words)
    best = max(portuguese, english)
    if best < MIN_HITS or best < 1.5 * min(portuguese, english) or best < 0.05 * len(words):
        return "und"
    return "pt" if portuguese > english else "en"
