import re
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Final, Protocol, Self
from uuid import UUID

from ai_svc.rag.documents.exceptions import DocumentNotFound, DocumentNotReadable, DocumentNotYours, ReadersInvalid
from ai_svc.rag.documents.models import Chunk, Document
from ai_svc.rag.documents.repository import (
    PART_BYTES,
    AccessRepository,
    ChunkRepository,
    DocumentRepository,
    OriginalRepository,
    Seer,
)
from ai_svc.rag.documents.schemas import (
    DocumentAdded,
    DocumentRead,
    Erased,
    Found,
    Listed,
    Listing,
    Outcome,
    SourceKind,
    Status,
    Synced,
    TextWrite,
    UrlWrite,
    Wanted,
)
from ai_svc.rag.search.public import index_for, principals_of
from ai_svc.tasks.public import erase as erase_tasks
from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession
from shared_utils.http.outbound import check_url

_READER: Final = re.compile(r"\*|role:(viewer|operator|admin)|user:\S.*")


class Follower(Protocol):
    """What keeps copies of access ids beside the passages: the word index, and vectors."""

    async def move(self, chunk_ids: Sequence[int], *, access_id: int) -> None:
        """Gives passages to other readers."""
        ...

    async def relist(self, moves: dict[int, int]) -> None:
        """Gives the passages of some access lists to others: old id -> new id."""
        ...


def seer(caller: AuthContext) -> Seer:
    """Who a caller is among readers."""
    return Seer(caller.subject, principals_of(caller), manages=caller.may(Role.ADMIN))


class DocumentService:
    """Documents as people and routines add, change and remove them. What it asks for is indexed by others."""

    def __init__(
        self,
        documents: DocumentRepository,
        access: AccessRepository,
        chunks: ChunkRepository,
        originals: OriginalRepository,
        clock: Clock,
        *,
        followers: Sequence[Follower],
        allow_private: bool = False,
    ) -> None:
        self._documents = documents
        self._access = access
        self._chunks = chunks
        self._originals = originals
        self._clock = clock
        self._followers = followers
        self._allow_private = allow_private

    @classmethod
    def within(cls, session: WriteSession, *, clock: Clock, allow_private: bool = False) -> Self:
        """Documents in the session's transaction. Vectors follow their passages by triggers; the word index is told."""
        return cls(
            DocumentRepository(session),
            AccessRepository(session),
            ChunkRepository(session),
            OriginalRepository(session),
            clock,
            followers=[index_for(session)],
            allow_private=allow_private,
        )

    async def put(self, wanted: Wanted, *, parts: AsyncIterator[bytes] | None = None) -> DocumentAdded:
        """Adds a document, or a new version of the one with the same owner, kind and key.

        The same content again asks for nothing, unless the last attempt failed. `parts` is the content of at most
        1 MiB each, for what is not fetched later.
        """
        now = self._clock.now()
        readers = _with_owner(wanted.readers or (), wanted.owner)
        values = wanted.columns() | {"due_at": now, "created_at": now, "updated_at": now}
        values |= {"access_id": await self._access.id_of(readers), "chunking": wanted.chunking}
        document, made = await self._documents.take_key(values)
        if made:
            await self._keep(document, parts)
            await self._documents.wake()
            return DocumentAdded(document=described(document, readers), outcome=Outcome.CREATED)
        return await self._update(document, wanted, values=values, parts=parts)

    async def _update(
        self, document: Document, wanted: Wanted, *, values: dict[str, Any], parts: AsyncIterator[bytes] | None
    ) -> DocumentAdded:
        if wanted.readers is not None:
            await self._give(document, access_id=values["access_id"])
        again = _must_index(document, wanted)
        changes = {
            name: values[name]
            for name in ("source_uri", "source_config", "title", "collection", "tags", "wanted_sha256", "chunking")
            if getattr(document, name) != values[name]
        }
        if not wanted.titled:
            # The title that the content gave; it gives the next one too.
            changes.pop("title", None)
        if again:
            changes |= self._asked_again(document)
        if changes:
            document = await self._documents.change(document.id, changes | {"updated_at": values["updated_at"]})
        if again:
            await self._keep(document, parts)
            await self._documents.wake()
        seen = await self._documents.seen(document.id, by=Seer(wanted.owner, (), manages=True))
        readers = seen[1] if seen else []
        return DocumentAdded(
            document=described(document, readers), outcome=Outcome.UPDATED if again else Outcome.UNCHANGED
        )

    async def _keep(self, document: Document, parts: AsyncIterator[bytes] | None) -> None:
        if parts is not None:
            await self._originals.keep(document.id, revision=document.revision, parts=parts)

    def _asked_again(self, document: Document) -> dict[str, Any]:
        """One revision more. Whoever is at the one before keeps the lease and comes back to this one."""
        asked = {"revision": document.revision + 1, "status": Status.INDEXING, "attempts": 0}
        return asked if document.lease is not None else asked | {"due_at": self._clock.now()}

    async def write(self, write: TextWrite, *, owner: str) -> DocumentAdded:
        """Adds a text, or a new version of it."""
        return await self.put(write.wanted(owner), parts=_parts(write.text.encode()))

    async def add_url(self, write: UrlWrite, *, owner: str) -> DocumentAdded:
        """Adds what is at an address; one that is there already is asked for news. Raises `AddressNotAllowed`."""
        check_url(write.url, allow_private=self._allow_private)
        return await self.put(write.wanted(owner))

    async def page(
        self, *, by: AuthContext, found: Found, limit: int, before: UUID | None
    ) -> tuple[list[DocumentRead], bool]:
        """One page of what the caller may see, the latest added first, and whether there is another one."""
        rows = await self._documents.page(by=seer(by), found=found, limit=limit + 1, before=before)
        return [described(document, readers) for document, readers in rows[:limit]], len(rows) > limit

    async def read(self, document_id: UUID, *, by: AuthContext) -> DocumentRead:
        """A document's description. Raises `DocumentNotFound`, also when the caller may not see it."""
        document, readers = await self._seen(document_id, by=by)
        return described(document, readers)

    async def chunks(
        self, document_id: UUID, *, by: AuthContext, limit: int, after: int | None
    ) -> tuple[list[Chunk], bool]:
        """A page of a document's passages. Raises `DocumentNotReadable` for who may only manage it."""
        document, readers = await self._seen(document_id, by=by)
        if document.owner != by.subject and not set(readers) & set(principals_of(by)):
            raise DocumentNotReadable
        rows = await self._chunks.page(document_id, limit=limit + 1, after=after)
        return rows[:limit], len(rows) > limit

    async def reindex(self, document_id: UUID, *, by: AuthContext) -> DocumentRead:
        """Has a document fetched, parsed and cut again, even if nothing changed."""
        document, readers = await self._changeable(document_id, by=by)
        asked = self._asked_again(document) | {"forced": True}
        await self._documents.wake()
        return described(await self._documents.change(document.id, asked), readers)

    async def give(self, document_id: UUID, *, readers: Sequence[str], by: AuthContext) -> DocumentRead:
        """Sets who may read a document; its passages follow in the same transaction, nothing is indexed again."""
        document, _ = await self._changeable(document_id, by=by)
        wanted = _with_owner(readers, document.owner)
        await self._give(document, access_id=await self._access.id_of(wanted))
        changed = await self._documents.change(document.id, {"updated_at": self._clock.now()})
        return described(changed, wanted)

    async def delete(self, document_id: UUID, *, by: AuthContext) -> None:
        """Removes a document and everything made of it; whoever is indexing it finds it gone."""
        document, _ = await self._changeable(document_id, by=by)
        await self._documents.delete([document.id])

    async def erase(self, subject: str) -> tuple[int, int, int]:
        """Removes a person's documents, and the person from the readers of others' documents.

        Returns how many documents, passages and lists of readers that were.
        """
        owned = await self._documents.owned_by(subject)
        chunks = await self._chunks.ids(owned)
        await self._documents.delete(owned)
        reader = f"user:{subject}"
        lists = await self._access.naming(reader)
        if lists:
            remaining = [[name for name in one.readers if name != reader] or ["role:admin"] for one in lists]
            moves = dict(zip([one.id for one in lists], await self._access.ids_of(remaining), strict=True))
            await self._documents.relist(moves)
            for follower in self._followers:
                await follower.relist(moves)
            await self._access.forget(list(moves))
        return len(owned), len(chunks), len(lists)

    async def sync(self, listing: Listing) -> Synced:
        """Makes the documents below a prefix what the source has: adds, asks again, removes, in a few statements.

        Two that sync the same source at once take turns at its rows; the second one finds little to do.
        """
        before = {
            document.source_key: document
            for document in await self._documents.below(owner=listing.owner, kind=listing.kind, prefix=listing.prefix)
        }
        now = self._clock.now()
        access_id = await self._access.id_of(_with_owner(listing.readers, listing.owner))
        new = [one for one in listing.documents if one.key not in before]
        placed = {"access_id": access_id, "due_at": now, "created_at": now, "updated_at": now}
        rows = [listing.columns(one) | placed for one in new]
        added = await self._documents.add(rows) if rows else {}
        changed = [one for one in listing.documents if one.key in before and _must_ask(before[one.key], listing, one)]
        pairs = [(before[one.key].id, one) for one in changed]
        asked = await self._documents.ask_listed(pairs, chunking=listing.chunking, now=now) if pairs else {}
        contents = [(added[one.key], 1, one.content) for one in new if one.content is not None and one.key in added]
        contents += [
            (before[one.key].id, asked[before[one.key].id], one.content) for one in changed if one.content is not None
        ]
        if contents:
            await self._originals.keep_small(contents)
        listed = {one.key for one in listing.documents}
        await self._place([one for key, one in before.items() if key in listed], listing, access_id=access_id)
        gone = [document.id for key, document in before.items() if key not in listed]
        if gone:
            await self._documents.delete(gone)
        if added or asked:
            await self._documents.wake()
        return Synced(
            created=len(added),
            updated=len(asked),
            unchanged=len(listing.documents) - len(added) - len(asked),
            removed=len(gone),
            skipped=listing.skipped,
        )

    async def _place(self, documents: Sequence[Document], listing: Listing, *, access_id: int) -> None:
        tags = sorted(set(listing.tags))
        wanted = (access_id, listing.collection, tags)
        misplaced = [one for one in documents if (one.access_id, one.collection, sorted(one.tags)) != wanted]
        if not misplaced:
            return
        ids = [one.id for one in misplaced if one.access_id != access_id]
        await self._documents.place(
            [one.id for one in misplaced], access_id=access_id, collection=listing.collection, tags=tags
        )
        await self._move(ids, access_id=access_id)

    async def ask_again(self, kinds: Sequence[SourceKind], *, checked_before: datetime, limit: int) -> int:
        """Has documents of these kinds fetched again if their source changed; returns how many are looked at."""
        now = self._clock.now()
        ids = await self._documents.from_kinds(kinds, checked_before=checked_before, limit=limit)
        if ids:
            await self._documents.ask_again(ids, now=now)
            await self._documents.wake()
        return len(ids)

    async def _give(self, document: Document, *, access_id: int) -> None:
        if document.access_id == access_id:
            return
        await self._documents.change(document.id, {"access_id": access_id})
        await self._move([document.id], access_id=access_id)

    async def _move(self, documents: Sequence[UUID], *, access_id: int) -> None:
        """The passages of documents, and all that carries their readers, follow."""
        moved = await self._chunks.move(documents, access_id=access_id)
        for follower in self._followers:
            await follower.move(moved, access_id=access_id)

    async def _seen(self, document_id: UUID, *, by: AuthContext) -> tuple[Document, list[str]]:
        found = await self._documents.seen(document_id, by=seer(by))
        if found is None:
            raise DocumentNotFound(document_id)
        return found

    async def _changeable(self, document_id: UUID, *, by: AuthContext) -> tuple[Document, list[str]]:
        """The locked document. Raises `DocumentNotFound` and `DocumentNotYours`."""
        document, readers = await self._seen(document_id, by=by)
        if document.owner != by.subject and not by.may(Role.ADMIN):
            raise DocumentNotYours
        locked = await self._documents.get(document_id, lock=True)
        if locked is None:
            raise DocumentNotFound(document_id)
        return locked, readers


class RunsOfPeople(Protocol):
    """Answers that are being given (`ai_svc.live.runs`)."""

    async def erase(self, owner: str) -> int:
        """Ends and forgets every run of a person; returns how many there were."""
        ...


class PersonalData:
    """What this service holds of a person: what is erased together, and what stays."""

    def __init__(self, session: WriteSession, documents: DocumentService, runs: RunsOfPeople) -> None:
        self._session = session
        self._documents = documents
        self._runs = runs

    async def erase(self, subject: str) -> Erased:
        """Removes documents, tasks and answers, and the person from others' readers.

        Stays: who called a model how often (no content; the books add up for `AI_SVC_KEEP_MODEL_CALLS_DAYS`), and who
        wrote a version of a prompt or moved a label (they are the team's, and their history is an audit).
        """
        documents, chunks, lists = await self._documents.erase(subject)
        tasks = await erase_tasks(self._session, subject)
        runs = await self._runs.erase(subject)
        return Erased(subject=subject, documents=documents, chunks=chunks, access_lists=lists, tasks=tasks, runs=runs)


async def _parts(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), PART_BYTES):
        yield data[start : start + PART_BYTES]


def described(document: Document, readers: Sequence[str]) -> DocumentRead:
    """What is said about a document."""
    names = DocumentRead.model_fields.keys() - {"readers"}
    return DocumentRead.model_validate({name: getattr(document, name) for name in names} | {"readers": list(readers)})


def _with_owner(readers: Sequence[str], owner: str) -> list[str]:
    """The owner reads always, so that access is one comparison."""
    wrong = [reader for reader in readers if not _READER.fullmatch(reader)]
    if wrong:
        raise ReadersInvalid(details={"readers": wrong})
    return sorted({*readers, f"user:{owner}"})


def _must_ask(document: Document, listing: Listing, one: Listed) -> bool:
    return (
        document.wanted_sha256 != one.fingerprint
        or document.chunking != listing.chunking
        or document.error_code is not None
    )


def _must_index(document: Document, wanted: Wanted) -> bool:
    """Whether the source has something new to say: other content, another way to cut it, or a failure to repeat."""
    return (
        wanted.sha256 is None
        or document.wanted_sha256 != wanted.sha256
        or document.chunking != wanted.chunking
        or (wanted.titled and document.title != wanted.title)
        or document.error_code is not None
    )
