"""Long texts in windows that a model can take."""

from typing import Final

from ai_svc.rag.chunking import chunk
from ai_svc.rag.parsing import ParsedText

CHARS_PER_TOKEN: Final = 3.2
"""Of Portuguese, on the safe side: the tokenizers of today's models take 3.5 to 4.4 characters for a token."""
MIN_CHARS: Final = 400


def windows(text: str, *, max_tokens: int) -> list[str]:
    """The text in parts of about `max_tokens` tokens, cut at paragraphs, lines, sentences or words, in this order.

    Nothing but blanks between the parts is left out.
    """
    max_chars = max(MIN_CHARS, int(max_tokens * CHARS_PER_TOKEN))
    if len(text) <= max_chars:
        return [text]
    parsed = ParsedText(
        text=text, media_type="text/plain", title=None, headings=(), pages=(), language="und", warnings=()
    )
    return [piece.text for piece in chunk(parsed, mode="fixed", max_chars=max_chars, overlap=0)]


def packed(parts: list[str], *, max_tokens: int) -> list[list[str]]:
    """Neighbours put together as long as they fit into `max_tokens`; at least two, so that reducing gets anywhere."""
    max_chars = max(MIN_CHARS, int(max_tokens * CHARS_PER_TOKEN))
    groups: list[list[str]] = []
    size = 0
    for part in parts:
        if not groups or (size + len(part) > max_chars and len(groups[-1]) > 1):
            groups.append([])
            size = 0
        groups[-1].append(part)
        size += len(part)
    return groups
