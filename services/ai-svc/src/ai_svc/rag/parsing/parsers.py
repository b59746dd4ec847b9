"""The parsers as the service sees them."""

import asyncio
from pathlib import Path
from typing import Self

from ai_svc.rag.parsing.exceptions import error_of
from ai_svc.rag.parsing.formats import parse
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal


class Parsers:
    """Reads documents, each in a child process of its own; one for the whole service, opened by the lifespan.

    async with Parsers() as parsers:
        parsed = await parsers.parse(path, media_type="application/pdf", name="ata.pdf")
    """

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_exc: object) -> None:
        return None

    async def parse(self, content: bytes | Path, *, media_type: str | None, name: str) -> ParsedText:
        """The text of a file; `media_type` is a hint that content and `name` overrule.

        Raises an error of `ai_svc.rag.parsing.exceptions` (DOCUMENT_TOO_LARGE, DOCUMENT_BROKEN, DOCUMENT_ENCRYPTED,
        DOCUMENT_HAS_NO_TEXT, DOCUMENT_TIMED_OUT, DOCUMENT_NOT_SUPPORTED, DOCUMENT_DANGEROUS): only this document fails.
        """
        try:
            return await asyncio.to_thread(parse, content, media_type=media_type, name=name)
        except Refusal as refusal:
            raise error_of(refusal) from None
