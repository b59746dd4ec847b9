"""Portuguese words as stems: one form for singular and plural, with and without accents.

A word is folded first (lower case, no accents) and the endings whose accents the Snowball stemmer needs are put back
by rule, so that `cotação`, `cotações`, `COTACAO` and `cotacoes` are one stem by construction and not by luck. Plurals
that Snowball leaves apart (`material`, `materiais`; `jovem`, `jovens`) are joined before it.
"""

import unicodedata
from functools import lru_cache
from typing import Final

import Stemmer

_SNOWBALL: Final = Stemmer.Stemmer("portuguese", 0)  # words come through the cache below, not through its own
_CACHED_WORDS: Final = 65_536
_SHORTEST_PLURAL: Final = 5

# The plural as it is written without accents, and its singular.
_PLURALS: Final = (
    ("coes", "cao"),
    ("soes", "sao"),
    ("oes", "ao"),
    ("aes", "ao"),
    ("ais", "al"),
    ("eis", "el"),
    ("ois", "ol"),
    ("uis", "ul"),
    ("ens", "em"),
)
# Endings without their accents, and as Snowball knows them.
_ACCENTED: Final = (
    ("cao", "ção"),
    ("avel", "ável"),
    ("ivel", "ível"),
    ("ancia", "ância"),
    ("encia", "ência"),
    ("ancias", "âncias"),
    ("encias", "ências"),
    ("logia", "logía"),
    ("logias", "logías"),
)


def folded(text: str) -> str:
    """Lower case, compatibility forms resolved, no accents: `Ação` and `ACAO` are `acao`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return plain if plain.isascii() else "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(_CACHED_WORDS)
def stem(word: str) -> str:
    """The stem of one folded word; what is no plain word of letters stays as it is."""
    if not word.isalpha():
        return word
    singular = _singular(word)
    return folded(_SNOWBALL.stemWord(_accented(singular)))


def _singular(word: str) -> str:
    if len(word) >= _SHORTEST_PLURAL and word.endswith("s"):
        for plural, singular in _PLURALS:
            if word.endswith(plural):
                return word[: -len(plural)] + singular
    return word


def _accented(word: str) -> str:
    for plain, accented in _ACCENTED:
        if word.endswith(plain):
            return word[: -len(plain)] + accented
    return word
