"""What the layout of printed pages did to a text, undone: broken words, split accents, running heads, short lines."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

# --- accents that stand beside their letter -------------------------------------------------------------------------
# Fonts without accented letters print the accent and the letter one over the other; a PDF gives them one after the
# other, in either order, and sometimes loses the letter: "Introdu¸˜o" (docling issue 1296).
_COMBINING: Final = {"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "˜": "\u0303", "¨": "\u0308"}
_LOST_TILDE: Final = (("¸˜o", "ção"), ("¸˜e", "çõe"), ("¸˜O", "ÇÃO"), ("¸˜E", "ÇÕE"))
_CEDILLA: Final = re.compile(r"¸ ?([cC])|([cC]) ?¸")
_TILDE: Final = re.compile(r"([aonAON]?) ?˜ ?([aonAON]?)")
_ACCENT_BEFORE: Final = re.compile(r"([´ˆ`¨]) ?([aeiouıAEIOU])")
_ACCENT_AFTER: Final = re.compile(r"([aeiouAEIOU]) ?([´ˆ¨])(?=[a-zà-ÿ])")


def with_accents(text: str) -> str:
    """Accents put back onto their letters, and letters that only a Portuguese accent can have carried."""
    if not any(mark in text for mark in "¸˜´ˆ`¨"):
        return text
    for broken, whole in _LOST_TILDE:
        text = text.replace(broken, whole)
    text = _CEDILLA.sub(lambda found: "ç" if (found[1] or found[2]) == "c" else "Ç", text)
    text = _TILDE.sub(_tilde, text)
    text = _ACCENT_BEFORE.sub(lambda found: _composed(found[2], found[1]), text)
    text = _ACCENT_AFTER.sub(lambda found: _composed(found[1], found[2]), text)
    return text.replace("¸", "ç")


def _tilde(found: re.Match[str]) -> str:
    before, after = found[1], found[2]
    # "a˜o" is "ão": "aõ" is not Portuguese. "c˜ao" is "ção" with the accent before its letter.
    if before and after and before.lower() in "ao":
        return _composed(before, "˜") + after
    if after:
        return before + _composed(after, "˜")
    return _composed(before, "˜") if before else found[0]


def _composed(letter: str, accent: str) -> str:
    return unicodedata.normalize("NFC", letter.replace("ı", "i") + _COMBINING[accent])


# --- words broken at the end of a line ------------------------------------------------------------------------------
# Found by its hyphen: a pattern that begins with the word would take forever on long data without blanks.
_BROKEN: Final = re.compile(r"(?<=\w)[-\u2010\u2011]\n[ \t]{0,100}(\w{1,60})")
_LEFT: Final = re.compile(r"[^\W\d_][\w-]*\Z")
_LEFT_CHARS: Final = 60
_HYPHENATED: Final = re.compile(r"\b[^\W\d_]+(?:-[^\W\d_]+)+\b")
_PLAIN_WORD: Final = re.compile(r"\b[^\W\d_]{4,}\b")
_PREFIXES: Final = frozenset({"vice", "pré", "pós", "pró", "recém", "além", "aquém", "grã", "grão"})
_AFTER_EX_WORDS: Final = "presidente presidentes diretor diretora diretores ministro ministra sócio sócios funcionário"
_AFTER_EX: Final = frozenset(_AFTER_EX_WORDS.split())
_COMPOUND_WORDS: Final = """
guarda-chuva guarda-chuvas guarda-roupa guarda-roupas guarda-costas porta-voz porta-vozes porta-aviões arco-íris
segunda-feira terça-feira quarta-feira quinta-feira sexta-feira segundas-feiras terças-feiras quartas-feiras
quintas-feiras sextas-feiras matéria-prima matérias-primas mão-de-obra decreto-lei decretos-lei salário-mínimo
salário-família data-base datas-base valor-base ano-base carro-chefe norte-americano norte-americana norte-americanos
sul-americano sul-americana sul-africano meio-dia meia-noite bem-estar bem-sucedido bem-sucedida bem-vindo mal-estar
médico-hospitalar econômico-financeiro econômico-financeira econômico-financeiras econômico-financeiros
político-econômico sócio-gerente palavra-chave palavras-chave saldo-devedor contas-correntes conta-corrente
cartão-resposta banco-central auto-estima anti-inflacionário anti-inflacionária curto-circuito diretor-presidente
diretor-geral diretora-presidente secretário-geral procurador-geral alto-falante couve-flor beija-flor
micro-ondas micro-organismo infra-estrutura inter-regional super-resistente sub-região pan-americano
"""
_COMPOUNDS: Final = frozenset(_COMPOUND_WORDS.split())
_NOT_CLITIC_WORDS: Final = "fra-se qua-se deta-lhe deta-lhes entu-lhe bata-lha apare-lho aparê-lhos roda-la"
_NOT_CLITIC: Final = frozenset(_NOT_CLITIC_WORDS.split())
# A pronoun behind a verb, by how the verb ends before it: "encontra-se", "fazê-lo", "fizeram-no", "deu-lhe".
_CLITICS: Final = (
    (re.compile(r"\w{2,}[aeouêmr]"), frozenset({"se"})),
    (re.compile(r"\w*[áêíôúi]"), frozenset({"lo", "la", "los", "las"})),
    (re.compile(r"\w+(?:m|ão|õe)"), frozenset({"no", "na", "nos", "nas"})),
    (re.compile(r"\w+[aei]mo"), frozenset({"nos"})),
    (re.compile(r"\w+[aeioumr]"), frozenset({"lhe", "lhes", "o", "a", "os", "as"})),
)


def with_whole_words(text: str) -> str:
    """Words that a line's end broke joined; a hyphen that belongs to the word ("guarda-chuva", "fazê-lo") stays."""
    if not _BROKEN.search(text):
        return text
    hyphenated = {word.lower() for word in _HYPHENATED.findall(text)}
    plain = {word.lower() for word in _PLAIN_WORD.findall(text)}

    def join(found: re.Match[str]) -> str:
        before = _LEFT.search(text[max(0, found.start() - _LEFT_CHARS) : found.start()])
        if before is None:  # "2024-\n2025"
            return found[0]
        return f"-{found[1]}" if _keeps_hyphen(before[0], found[1], hyphenated, plain) else found[1]

    return _BROKEN.sub(join, text)


def _keeps_hyphen(left: str, right: str, hyphenated: set[str], plain: set[str]) -> bool:
    """Whether "left-right" is how the word is written: the document itself knows best, then the language's rules."""
    if not right[0].islower():  # "PETR-\n4", "COVID-\n19", "Rio-\nSão Paulo"
        return not (left.isupper() and right.isupper())
    first, second = left.lower(), right.lower()
    whole = f"{first}-{second}"
    if whole in hyphenated or "-" in first:
        return True
    if first + second in plain:
        return False
    if whole in _COMPOUNDS or first in _PREFIXES or (first == "ex" and second in _AFTER_EX):
        return True
    return whole not in _NOT_CLITIC and any(second in pronouns and verb.fullmatch(first) for verb, pronouns in _CLITICS)


# --- running heads and page numbers ---------------------------------------------------------------------------------
EDGE_LINES: Final = 3
MIN_PAGES: Final = 3
REPEATED_SHARE: Final = 0.6
_DIGITS: Final = re.compile(r"\d+")


def without_running_heads(pages: Sequence[str]) -> list[str]:
    """Pages without the first and last lines that, numbers aside, most of them share."""
    lines = [page.strip("\n").split("\n") for page in pages]
    filled = [each for each in lines if any(line.strip() for line in each)]
    if len(filled) < MIN_PAGES:
        return list(pages)
    heads = Counter(shape for each in filled for shape in {_shape(line) for line in each[:EDGE_LINES]})
    feet = Counter(shape for each in filled for shape in {_shape(line) for line in each[-EDGE_LINES:]})
    enough = max(MIN_PAGES, REPEATED_SHARE * len(filled))
    running_heads = {shape for shape, count in heads.items() if count >= enough and shape}
    running_feet = {shape for shape, count in feet.items() if count >= enough and shape}
    return ["\n".join(_without(each, running_heads, running_feet)) for each in lines]


def _without(lines: list[str], heads: set[str], feet: set[str]) -> list[str]:
    """From each edge inwards, as far as lines are blank or shared."""
    first, last = 0, len(lines)
    while first < min(EDGE_LINES, last) and (_shape(lines[first]) in heads or not lines[first].strip()):
        first += 1
    while last > max(first, len(lines) - EDGE_LINES) and (
        _shape(lines[last - 1]) in feet or not lines[last - 1].strip()
    ):
        last -= 1
    # A table whose every line looks alike is no running head.
    return lines[first:last] or lines


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()).lower())


# --- lines that end where the paper ends ----------------------------------------------------------------------------
_BLANKS: Final = re.compile(r"[ \t\u00a0]+")
_ENDS: Final = (".", "!", "?", ":", ";")
_ITEM: Final = re.compile(r"(?:[-•*–·▪]|\(?\w{1,3}[.)]|§|art\b|\d+(?:\.\d+)*\s)", re.IGNORECASE)
FULL_LINE: Final = 0.75


def with_whole_lines(text: str) -> str:
    """Lines of a paragraph joined: one that ends without a full stop and is full, or goes on in lower case."""
    lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    width = sorted(len(line) for line in lines if line)
    usual = width[int(0.9 * (len(width) - 1))] if width else 0
    joined: list[str] = []
    last = ""  # the line of the page that came last, before it was joined
    for line in lines:
        if joined and line and last and _goes_on(last, line, usual):
            joined[-1] += " " + line
        else:
            joined.append(line)
        last = line
    return "\n".join(joined)


def _goes_on(last: str, line: str, usual: int) -> bool:
    if last.endswith(_ENDS) or _ITEM.match(line):
        return False
    return (line[0].islower() and len(last) > 20) or (len(last) >= FULL_LINE * usual and len(last) > 40)
