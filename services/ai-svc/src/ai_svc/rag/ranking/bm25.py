"""The two numbers of BM25."""

from typing import Final

K1: Final = 0.9
"""How soon a word that is repeated says nothing new."""
B: Final = 0.4
"""How much a long passage must have more. Ours are cut to like lengths: the 0.75 for whole documents would favour the
stumps.
"""
