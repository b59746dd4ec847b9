"""What is embedded of a passage, and how it is told apart: the same words are embedded once per space."""

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Preparation:
    """What a model wants before its texts (E5: `query: ` and `passage: `). `version` counts the way texts are put."""

    query_prefix: str = ""
    passage_prefix: str = ""
    version: int = 1

    def dump(self) -> str:
        """As a space keeps it: two spaces with the same model and another preparation are not the same."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def load(cls, dumped: str) -> "Preparation":
        """The opposite of `dump`."""
        return cls(**json.loads(dumped))


def passage_text(heading: str, text: str) -> str:
    """A passage with the headings above it: they often hold the word that the passage only means."""
    return f"{heading}\n{text}" if heading else text


def passage_hash(heading: str, text: str) -> bytes:
    """The SHA-256 of what is embedded; `known` and `add` of `vectors_for` go by it."""
    return hashlib.sha256(passage_text(heading, text).encode()).digest()
