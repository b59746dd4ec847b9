"""Text into pieces that know where they came from. Pure."""

from ai_svc.rag.chunking.pieces import DEFAULT_MAX_CHARS, OFFLINE_MAX_CHARS, Mode, Piece, chunk
from ai_svc.rag.chunking.semantic import sentences

__all__ = ["DEFAULT_MAX_CHARS", "OFFLINE_MAX_CHARS", "Mode", "Piece", "chunk", "sentences"]
