"""Vectors of one space can be compared with each other, and with no others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Space:
    """What makes vectors comparable: the model, its size, and how texts are prepared for it."""

    id: int
    provider: str
    model: str
    dimensions: int
    preparation: str
    dense_weight: float
    """How much of the fused score of a hybrid search comes from vectors of this space, from 0 to 1."""


class Embedder(Protocol):
    """Makes vectors of one space; they have length 1."""

    space: Space

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of stored texts."""
        ...

    async def query(self, text: str, *, user: str) -> list[float]:
        """The vector of a question, on the account of `user` where it costs something."""
        ...
