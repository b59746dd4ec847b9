"""Operations on texts that need no model, and so work without one."""

from collections import Counter
from enum import StrEnum
from typing import Any, Final

from ai_svc.rag.chunking import sentences
from ai_svc.rag.lexicon.tokens import run_terms, runs
from ai_svc.rag.parsing.cleaning import clean
from ai_svc.rag.parsing.language import language_of

MOST_KEYWORDS: Final = 15


class Operation(StrEnum):
    CLEAN = "clean"
    KEYWORDS = "keywords"
    SENTENCES = "sentences"
    STATISTICS = "statistics"
    LANGUAGE = "language"


def perform(operation: Operation, text: str) -> tuple[str, dict[str, Any]]:
    """What comes out, as text and as data."""
    match operation:
        case Operation.CLEAN:
            cleaned = clean(text)
            return cleaned, {"characters_before": len(text), "characters_after": len(cleaned)}
        case Operation.KEYWORDS:
            words = keywords(text)
            return ", ".join(one["word"] for one in words), {"keywords": words}
        case Operation.SENTENCES:
            spans = sentences(text)
            found = [{"text": text[start:end], "start": start, "end": end} for start, end in spans]
            return "\n".join(text[start:end].replace("\n", " ") for start, end in spans), {"sentences": found}
        case Operation.STATISTICS:
            counts = statistics(text)
            return ", ".join(f"{name}: {value}" for name, value in counts.items()), counts
        case Operation.LANGUAGE:
            language = language_of(text)
            return language, {"language": language}


def keywords(text: str) -> list[dict[str, Any]]:
    """The words that a text repeats most, as it writes them, with how often; words that say nothing are left out."""
    spelt: dict[str, Counter[str]] = {}
    for run in runs(text):
        stems = run_terms(run)
        if len(stems) == 1:
            spelt.setdefault(stems[0], Counter())[run] += 1
    ranked = sorted(spelt.values(), key=lambda one: (-one.total(), one.most_common(1)[0][0]))
    return [{"word": one.most_common(1)[0][0], "count": one.total()} for one in ranked[:MOST_KEYWORDS]]


def statistics(text: str) -> dict[str, int]:
    """Characters, words, sentences, paragraphs and lines."""
    return {
        "characters": len(text),
        "words": len(text.split()),
        "sentences": len(sentences(text)),
        "paragraphs": len([part for part in text.split("\n\n") if part.strip()]),
        "lines": len(text.splitlines()),
    }
