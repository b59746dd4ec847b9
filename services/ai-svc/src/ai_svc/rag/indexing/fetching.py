"""Where each kind of document's content is."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from ai_svc.rag.indexing.building import Fetcher
from ai_svc.rag.indexing.work import Fetched, Unchanged, Work
from ai_svc.rag.sources.folders import Folders
from ai_svc.rag.sources.web import Web
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


class FromWeb:
    """Documents at addresses, asked for only when they changed."""

    def __init__(self, web: Web) -> None:
        self._web = web

    async def fetch(self, work: Work, folder: Path) -> Fetched | Unchanged:
        """Raises what `Web.fetch` raises."""
        path = folder / "content"
        item = await self._web.fetch(work.uri or work.key, path, etag=work.etag, last_modified=work.last_modified)
        if item is None:
            return Unchanged(etag=work.etag, last_modified=work.last_modified)
        return Fetched(
            path=path, name=item.name, media_type=item.media_type, etag=item.etag, last_modified=item.last_modified
        )


class FromFolders:
    """Files below the folders that are open."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    async def fetch(self, work: Work, folder: Path) -> Fetched:
        """Raises what `Folders.fetch` raises."""
        path = folder / "content"
        item = await asyncio.to_thread(self._folders.fetch, work.key, path)
        return Fetched(path=path, name=item.name, media_type=item.media_type, etag=item.etag)
