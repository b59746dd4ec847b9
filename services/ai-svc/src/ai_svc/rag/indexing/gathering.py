"""Sources that have many documents: what they list becomes what is wanted."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Final, Self

from ai_svc.database import SERVICE
from ai_svc.rag.documents.public import (
    EVERYONE,
    SERVICE_OWNER,
    DocumentAdded,
    FolderWrite,
    Listed,
    Listing,
    SourceKind,
    Synced,
    TextWrite,
    UrlWrite,
    documents_for,
)
from ai_svc.rag.indexing.building import Fetcher
from ai_svc.rag.indexing.fetching import FromFolders, FromWeb
from ai_svc.rag.sources.apis import Apis
from ai_svc.rag.sources.folders import Folders
from ai_svc.rag.sources.items import SourceItem
from ai_svc.rag.sources.product import Operations, Runbooks
from ai_svc.rag.sources.web import Web
from ai_svc.settings import Settings
from shared_utils.clock import Clock
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.http.client import ServiceClient
from shared_utils.http.outbound import Reach

ERRORS_FOR: Final = timedelta(days=30)
"""So long a failed execution is remembered as a document."""

COLLECTION: Final = "rotina"
"""The collection of the product's own documents."""

ASK_AFTER: Final = timedelta(minutes=1)
MOST_ASKED: Final = 10_000


class Gathering:
    """What this installation's sources have. Listing happens outside of transactions, a source is synced by one."""

    def __init__(
        self,
        sessionmaker: SessionFactory,
        clock: Clock,
        *,
        roots: Sequence[Path],
        folders: Folders,
        web: Web,
        apis: Apis,
        runbooks: Runbooks | None,
        operations: Operations | None,
        allow_private: bool,
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._roots = roots
        self._folders = folders
        self._web = web
        self._apis = apis
        self._runbooks = runbooks
        self._operations = operations
        self._allow_private = allow_private

    @classmethod
    async def open(cls, stack: AsyncExitStack, settings: Settings, sessionmaker: SessionFactory, clock: Clock) -> Self:
        """The sources that the settings describe."""
        reach = (
            Reach.everywhere()
            if settings.allow_private_sources
            else Reach(ports=frozenset(settings.document_url_ports))
        )
        operations = None
        if settings.core_api_url is not None and settings.internal_key is not None:
            core = ServiceClient(settings.core_api_url, service_name=SERVICE, internal_key=settings.internal_key)
            operations = Operations(await stack.enter_async_context(core))
        return cls(
            sessionmaker,
            clock,
            roots=[folder.resolve() for folder in settings.document_folders],
            folders=Folders(settings.document_folders, max_bytes=settings.document_max_bytes),
            web=Web(reach, max_bytes=settings.document_max_bytes),
            apis=Apis(settings.api_sources, reach),
            runbooks=Runbooks(settings.runbooks_dir) if settings.runbooks_dir is not None else None,
            operations=operations,
            allow_private=settings.allow_private_sources,
        )

    @property
    def fetchers(self) -> dict[str, Fetcher]:
        """Those of the kinds whose content is fetched when it is indexed."""
        return {SourceKind.URL: FromWeb(self._web), SourceKind.FOLDER: FromFolders(self._folders)}

    async def folder(self, write: FolderWrite) -> Synced:
        """Every readable file below a folder.

        Raises `FolderNotAllowed`, `FolderTooLarge`, `SourceGone` and `SourceFileRefused`.
        """
        found = await asyncio.to_thread(self._folders.listing, write.path)
        listed = tuple(
            Listed(
                key=item.key,
                title=Path(item.name).stem,
                name=item.name,
                etag=item.etag or "",
                uri=item.uri,
                media_type=item.media_type,
            )
            for item in found.items
        )
        return await self._sync(
            Listing(
                kind=SourceKind.FOLDER,
                prefix=f"{self._whole(write.path)}/",
                documents=listed,
                skipped=found.skipped + len(found.refused),
                collection=write.collection,
                tags=tuple(write.tags),
                readers=(EVERYONE,) if write.readers is None else tuple(write.readers),
                chunking=write.chunking,
            )
        )

    def _whole(self, path: str) -> PurePosixPath:
        """A path may leave the only root out."""
        below = PurePosixPath(path)
        return below if below.is_absolute() else PurePosixPath(self._roots[0], below)

    async def api(self, name: str) -> Synced:
        """All items of a configured API. Raises what `Apis.items` raises."""
        prefix = f"{name}:"
        return await self._sync_items(SourceKind.API, prefix, self._apis.items(name), collection=name)

    async def product(self) -> list[Synced]:
        """Runbooks, what routines are for, and the errors of the last month; those that are not set are left out."""
        done: list[Synced] = []
        if self._runbooks is not None:
            done.append(await self._sync_items(SourceKind.PRODUCT, "runbook:", self._runbooks.items()))
        if self._operations is not None:
            routines = self._operations.routines()
            done.append(await self._sync_items(SourceKind.PRODUCT, "routine:", routines))
            errors = self._operations.errors(since=self._clock.now() - ERRORS_FOR)
            done.append(await self._sync_items(SourceKind.PRODUCT, "error:", errors))
        return done

    async def web(self) -> int:
        """Has every address asked for news; returns how many there are."""
        async with transaction(self._sessionmaker) as session:
            documents = documents_for(session, clock=self._clock)
            before = self._clock.now() - ASK_AFTER
            return await documents.ask_again([SourceKind.URL], checked_before=before, limit=MOST_ASKED)

    async def url(self, write: UrlWrite) -> DocumentAdded:
        """An address, as the service's own document; read by everyone unless `readers` says otherwise."""
        async with transaction(self._sessionmaker) as session:
            documents = documents_for(session, clock=self._clock, allow_private=self._allow_private)
            return await documents.add_url(_open(write), owner=SERVICE_OWNER)

    async def text(self, write: TextWrite) -> DocumentAdded:
        """A text, as the service's own document; read by everyone unless `readers` says otherwise."""
        async with transaction(self._sessionmaker) as session:
            return await documents_for(session, clock=self._clock).write(_open(write), owner=SERVICE_OWNER)

    async def _sync_items(
        self, kind: SourceKind, prefix: str, items: AsyncIterator[SourceItem], *, collection: str = COLLECTION
    ) -> Synced:
        documents = tuple([_listed(prefix, item) async for item in items])
        return await self._sync(Listing(kind=kind, prefix=prefix, documents=documents, collection=collection))

    async def _sync(self, listing: Listing) -> Synced:
        async with transaction(self._sessionmaker) as session:
            return await documents_for(session, clock=self._clock).sync(listing)


def _open[WriteT: (UrlWrite, TextWrite)](write: WriteT) -> WriteT:
    return write if write.readers is not None else write.model_copy(update={"readers": [EVERYONE]})


def _listed(prefix: str, item: SourceItem) -> Listed:
    content = item.content if isinstance(item.content, bytes) else b""
    return Listed(
        key=item.key if item.key.startswith(prefix) else f"{prefix}{item.key}",
        title=item.title,
        titled=True,
        name=item.name,
        # What the product writes about itself may change with a release, without its date: the content decides.
        etag=hashlib.sha256(content).hexdigest(),
        uri=item.uri,
        media_type=item.media_type,
        content=content,
    )
