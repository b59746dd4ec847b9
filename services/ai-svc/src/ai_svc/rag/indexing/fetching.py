"""Where each kind of document's content is."""

from collections.abc import Mapping
from pathlib import Path

from ai_svc.rag.indexing.building import Fetcher
from ai_svc.rag.indexing.work import Fetched, Unchanged, Work
from shared_utils.errors import Invalid


class SourceNotSupported(Invalid):
    """Documents of this kind cannot be fetched by this installation: add the file itself."""

    code = "SOURCE_NOT_SUPPORTED"


class Sources:
    """Asks the fetcher of a document's kind."""

    def __init__(self, by_kind: Mapping[str, Fetcher]) -> None:
        self._by_kind = by_kind

    async def fetch(self, work: Work, folder: Path) -> Fetched | Unchanged:
        """Raises `SourceNotSupported` and what the kind's fetcher raises."""
        fetcher = self._by_kind.get(work.kind)
        if fetcher is None:
            raise SourceNotSupported
        return await fetcher.fetch(work, folder)
