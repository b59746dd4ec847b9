"""What can be said about a text without any model: its most telling sentences, and those that answer a question.

Every sentence that comes out stands in the text, word for word, so nothing is ever made up.
"""

import math
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final, Literal

import Stemmer

Language = Literal["pt", "en"]

MAX_SENTENCES: Final = 2000
"""A longer text is ranked by its first sentences alone; whoever wants all of it summarises it in parts."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ABBREVIATIONS: Final = _set(
    "sr sra srs sras dr dra drs prof profa art arts inc al fl fls pág págs p pp n nº no núm num vol cap ed obs ex etc "
    "av cia ltda fig figs tab eq "
    "adm min máx aprox tel mr mrs ms st vs i.e e.g jan fev mar abr mai jun jul ago set out nov dez"
)
_STOPWORDS: Final[dict[Language, frozenset[str]]] = {
    "pt": _set(
        "a à às ao aos as o os e é de da das do dos em na nas no nos por pela pelas pelo pelos para com sem sob sobre "
        "que quê se um uma uns umas ou mas como mais menos muito já também só seu sua seus suas ele ela eles elas isso "
        "isto esse essa esses essas este esta estes estas aquele aquela entre quando onde qual quais quem há foi foram "
        "ser são está estão estava era eram tem têm tinha ter teve não nem até após num numa lhe me te nós vos eu você "
        "vocês seja sendo sido pode podem deve devem cada todo toda todos todas outro outra outros outras mesmo mesma "
        "então porque pois quanto quantos quantas houve"
    ),
    "en": _set(
        "a an the and or but of in on at to for from by with without about as is are was were be been being it its "
        "this that these those he she they them his her their we you i not no nor so if then than too very can could "
        "may might must shall should will would do does did have has had what which who whom when where why how all "
        "each more most other some such only own same into over under after before up down out there"
    ),
}
_ENDS: Final = re.compile(
    r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-ZÀ-Ý0-9])"
    r"|\n(?=\s*(?:[-*•–]|\d+[.)])\s)"
    r"|\n(?!\s*[a-zà-ý(])"  # a line that goes on in lower case was only wrapped
)
_LAST_WORD: Final = re.compile(r"([\w.]+)\.[\"'”’)\]]*$")
_WORDS: Final = re.compile(r"[^\W_]+(?:[.,/-]\d+)*")
_BULLET: Final = re.compile(r"^\s*(?:[-*•–#>]+|\d+[.)])\s+")


def language_of(text: str) -> Language:
    """Portuguese or English, by which small words there are more of; Portuguese when there is nothing to tell by."""
    words = [word.lower() for word in _WORDS.findall(text[:4000])]
    portuguese = sum(word in _STOPWORDS["pt"] for word in words)
    return "en" if sum(word in _STOPWORDS["en"] for word in words) > portuguese else "pt"


def sentences(text: str) -> list[str]:
    """The text's sentences, list items and lines, without bullets; abbreviations and wrapped lines do not end one."""
    found: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        begun = ""
        start = 0
        for match in (*_ENDS.finditer(paragraph), None):
            piece = paragraph[start : match.start() + len(match.group().rstrip()) if match else len(paragraph)]
            begun = f"{begun} {piece.strip()}" if begun else piece.strip()
            start = match.end() if match else start
            if match is not None and "\n" not in match.group() and _abbreviated(begun):
                continue
            found.append(_BULLET.sub("", begun))
            begun = ""
    return [sentence for sentence in found if _WORDS.search(sentence)]


def summarise(text: str, *, max_sentences: int = 3, language: Language = "pt") -> str:
    """The `max_sentences` sentences that say most of what the text says, in the text's order, as one paragraph.

    A sentence counts by how often the text speaks of its words (Luhn, "The automatic creation of literature
    abstracts", 1958; with logarithms), more at the beginning, less when it repeats one that was taken.
    """
    candidates = _distinct(sentences(text)[:MAX_SENTENCES])
    if len(candidates) <= max_sentences:
        return " ".join(map(_closed, candidates))
    stems = [frozenset(_stems(sentence, language=language)) for sentence in candidates]
    frequency = Counter(stem for sentence in stems for stem in sentence)
    scores = [_weight(one, frequency) * _position(place) for place, one in enumerate(stems)]
    taken: list[int] = []
    while len(taken) < max_sentences:
        rest = [place for place in range(len(candidates)) if place not in taken]
        taken.append(max(rest, key=lambda place: scores[place] * (1 - _overlap(stems, place, taken))))
    return " ".join(_closed(candidates[place]) for place in sorted(taken))


def answer_sentences(question: str, text: str, *, max_sentences: int = 3, language: Language = "pt") -> list[str]:
    """The sentences of `text` that share the question's rarer words, in the text's order; none when there are none."""
    candidates = _distinct(sentences(text)[:MAX_SENTENCES])
    stems = [frozenset(_stems(sentence, language=language)) for sentence in candidates]
    spread = Counter(stem for sentence in stems for stem in sentence)
    weights = {
        stem: math.log(1 + len(stems) / spread[stem]) for stem in set(_stems(question, language=language)) & set(spread)
    }
    scores = [sum(weights.get(stem, 0.0) for stem in sentence) for sentence in stems]
    best = max(scores, default=0.0)
    if best <= 0:
        return []
    ranked = sorted(range(len(scores)), key=lambda place: -scores[place])[:max_sentences]
    # A sentence that shares half of what the best one shares says something too; less is chance.
    return [candidates[place] for place in sorted(ranked) if scores[place] >= best / 2]


def _weight(stems: frozenset[str], frequency: Counter[str]) -> float:
    if not stems:
        return 0.0
    total = sum(math.log1p(frequency[stem]) for stem in stems)
    # Short sentences say little, long ones would win by length alone: the square root is between sum and mean.
    return total / math.sqrt(len(stems) + 4)


def _position(place: int) -> float:
    return 1.0 + 0.3 / (1 + place)


def _overlap(stems: list[frozenset[str]], place: int, taken: list[int]) -> float:
    mine = stems[place]
    return max((len(mine & stems[one]) / max(1, len(mine)) for one in taken), default=0.0)


def _abbreviated(text: str) -> bool:
    last = _LAST_WORD.search(text)
    return last is not None and (
        last.group(1).lower() in _ABBREVIATIONS or re.fullmatch("[A-Z]", last.group(1)) is not None
    )


def _closed(sentence: str) -> str:
    return sentence if sentence[-1:] in ".!?…:;" else f"{sentence}."


def _distinct(found: list[str]) -> list[str]:
    return list(dict.fromkeys(found))


def _stems(text: str, *, language: Language) -> list[str]:
    words = [word.lower() for word in _WORDS.findall(text)]
    stemmed: list[str] = _stemmer(language).stemWords([word for word in words if word not in _STOPWORDS[language]])
    return [_folded(word) for word in stemmed]


@lru_cache(maxsize=2)
def _stemmer(language: Language) -> Stemmer.Stemmer:
    return Stemmer.Stemmer("portuguese" if language == "pt" else "english")


def _folded(word: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))
