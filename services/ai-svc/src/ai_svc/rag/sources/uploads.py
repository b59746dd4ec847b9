"""What people upload, into a file whose name is ours."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from ai_svc.rag.parsing.bounds import MEBIBYTE
from ai_svc.rag.parsing.exceptions import DocumentTooLarge
from ai_svc.rag.sources.items import SourceItem
from ai_svc.rag.sources.names import file_name


async def spool(
    blocks: AsyncIterator[bytes], into: Path, *, name: str, media_type: str | None, max_bytes: int
) -> SourceItem:
    """Writes an upload into the file `into`, never more than `max_bytes` of it.

    Raises `DocumentNameRefused` before anything is read, `DocumentTooLarge` as soon as it is known.
    """
    shown = file_name(name)
    size = 0
    with await asyncio.to_thread(into.open, "xb") as file:
        async for block in blocks:
            size += len(block)
            if size > max_bytes:
                raise DocumentTooLarge(f"The file is larger than {max_bytes // MEBIBYTE} MiB: split it.")
            await asyncio.to_thread(file.write, block)
    return SourceItem(
        key=shown, title=shown, name=shown, media_type=media_type, uri=None, content=into, size_bytes=size
    )
