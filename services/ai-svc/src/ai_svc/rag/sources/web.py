"""Documents at addresses that people enter."""

from pathlib import Path
from typing import Final

from ai_svc.rag.parsing.bounds import MEBIBYTE
from ai_svc.rag.parsing.exceptions import DocumentTooLarge
from ai_svc.rag.sources.exceptions import SourceGone
from ai_svc.rag.sources.items import SourceItem
from ai_svc.rag.sources.names import name_of_url
from shared_utils.http.outbound import OutboundFailed, OutboundTooLarge, Reach, download

_GONE: Final = frozenset({404, 410})


class Web:
    """The public web, and what the operator adds to it."""

    def __init__(self, reach: Reach, *, max_bytes: int = 50 * MEBIBYTE, timeout_seconds: float = 60) -> None:
        self._reach = reach
        self._max_bytes = max_bytes
        self._timeout_seconds = timeout_seconds

    async def fetch(
        self, url: str, into: Path, *, etag: str | None = None, last_modified: str | None = None
    ) -> SourceItem | None:
        """What is at `url`, in the file `into`; None when it is still what `etag` or `last_modified` name.

        Raises `AddressNotAllowed`, `OutboundFailed`, `DocumentTooLarge`, and `SourceGone` for 404 and 410.
        """
        try:
            got = await download(
                url,
                into,
                reach=self._reach,
                max_bytes=self._max_bytes,
                etag=etag,
                last_modified=last_modified,
                timeout_seconds=self._timeout_seconds,
            )
        except OutboundTooLarge as error:
            raise DocumentTooLarge(f"The file is larger than {self._max_bytes // MEBIBYTE} MiB.") from error
        except OutboundFailed as error:
            if error.status in _GONE:
                raise SourceGone from error
            raise
        if got.unchanged:
            return None
        name = name_of_url(got.url)
        return SourceItem(
            key=url,
            title=name,
            name=name,
            media_type=got.media_type,
            uri=url,
            content=into,
            etag=got.etag,
            last_modified=got.last_modified,
            size_bytes=got.size,
        )
