"""HTTP of documents: who may read one sees it, who added it and administrators change it."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import ValidationError

from ai_svc.rag.documents.dependencies import DocumentChanges, DocumentReads, ErasablePerson, ReceivedUpload
from ai_svc.rag.documents.exceptions import (
    DocumentNotFound,
    DocumentNotReadable,
    DocumentNotYours,
    ReadersInvalid,
    UploadIncomplete,
)
from ai_svc.rag.documents.schemas import (
    AccessWrite,
    ChunkKey,
    ChunkRead,
    DocumentAdded,
    DocumentKey,
    DocumentRead,
    Erased,
    Found,
    SourceKind,
    Status,
    TextWrite,
    UploadWrite,
    UrlWrite,
)
from ai_svc.rag.parsing.exceptions import DocumentTooLarge
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.outbound import AddressNotAllowed
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit, cursor_meta, decode_cursor
from shared_utils.http.security import Admin, Operator, Viewer

router = APIRouter(prefix="/rag/documents", tags=["documents"])
people = APIRouter(prefix="/rag/people", tags=["documents"])

_REFUSED: Final = (Unauthenticated, Forbidden)
_FORM: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        **UploadWrite.model_json_schema(ref_template="#/components/schemas/{model}")["properties"],
                    },
                }
            }
        },
    }
}


@router.post(
    "",
    summary="Upload a document",
    status_code=202,
    openapi_extra=_FORM,
    responses=problems(*_REFUSED, UploadIncomplete, DocumentTooLarge),
)
async def upload_document(upload: ReceivedUpload, documents: DocumentChanges) -> ApiResponse[DocumentAdded, None]:
    """Adds a file (md, txt, html, pdf, docx, xlsx, csv), or a new version of the one with the same key.

    It is searchable once its status is READY; until then, and if reading it fails, the version before answers. The same
    content again changes nothing. Without `readers` only you may read it.
    """
    return ok(await documents.put(upload.wanted, parts=upload.parts()))


@router.post("/text", summary="Write a document", status_code=202, responses=problems(*_REFUSED, ReadersInvalid))
async def write_document(
    write: TextWrite, documents: DocumentChanges, caller: Operator
) -> ApiResponse[DocumentAdded, None]:
    """Adds a text, read as Markdown, or a new version of the one with the same key."""
    return ok(await documents.write(write, owner=caller.subject))


@router.post(
    "/url", summary="Add a document from an address", status_code=202, responses=problems(*_REFUSED, AddressNotAllowed)
)
async def add_document_from_url(
    write: UrlWrite, documents: DocumentChanges, caller: Operator
) -> ApiResponse[DocumentAdded, None]:
    """Has an address fetched now, and again by the job `rag.refresh` when its source changed.

    Only public addresses are fetched; redirects are followed as long as they lead to public ones.
    """
    return ok(await documents.add_url(write, owner=caller.subject))


@router.get("", summary="List documents", responses=problems(*_REFUSED, InvalidCursor))
async def list_documents(
    caller: Viewer,
    documents: DocumentReads,
    collection: Annotated[str | None, Query(max_length=100, description="Only of this collection.")] = None,
    tag: Annotated[list[str] | None, Query(max_length=20, description="Only with all of these tags.")] = None,
    status: Annotated[Status | None, Query(description="Only with this status.")] = None,
    source: Annotated[SourceKind | None, Query(description="Only from this kind of source.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[DocumentRead], CursorMeta]:
    """Documents that you may read, the latest added first; administrators see the descriptions of all."""
    found = Found(collection=collection, tags=tuple(tag or ()), status=status, source_kind=source)
    key = _key(DocumentKey, cursor)
    page, more = await documents.page(by=caller, found=found, limit=limit, before=key.id if key else None)
    return ok(page, meta=cursor_meta(limit=limit, next_key={"id": str(page[-1].id)} if more else None))


@router.get("/{document_id}", summary="Read a document", responses=problems(*_REFUSED, DocumentNotFound))
async def get_document(document_id: UUID, documents: DocumentReads, caller: Viewer) -> ApiResponse[DocumentRead, None]:
    """A document's description: where it comes from, what readers see of it, and what went wrong last, if anything."""
    return ok(await documents.read(document_id, by=caller))


@router.get(
    "/{document_id}/chunks",
    summary="List a document's passages",
    responses=problems(*_REFUSED, DocumentNotFound, DocumentNotReadable, InvalidCursor),
)
async def list_document_chunks(
    document_id: UUID, documents: DocumentReads, caller: Viewer, cursor: Cursor = None, limit: Limit = 50
) -> ApiResponse[list[ChunkRead], CursorMeta]:
    """The passages that searches find, in their order."""
    key = _key(ChunkKey, cursor)
    page, more = await documents.chunks(document_id, by=caller, limit=limit, after=key.ordinal if key else None)
    meta = cursor_meta(limit=limit, next_key={"ordinal": page[-1].ordinal} if more else None)
    return ok([ChunkRead.model_validate(chunk) for chunk in page], meta=meta)


@router.post(
    "/{document_id}/reindex",
    summary="Index a document again",
    status_code=202,
    responses=problems(*_REFUSED, DocumentNotFound, DocumentNotYours),
)
async def reindex_document(
    document_id: UUID, documents: DocumentChanges, caller: Operator
) -> ApiResponse[DocumentRead, None]:
    """Fetches, reads and cuts it again, also when its source did not change; the version before answers meanwhile."""
    return ok(await documents.reindex(document_id, by=caller))


@router.put(
    "/{document_id}/access",
    summary="Set who may read a document",
    responses=problems(*_REFUSED, DocumentNotFound, DocumentNotYours, ReadersInvalid),
)
async def set_document_access(
    document_id: UUID, write: AccessWrite, documents: DocumentChanges, caller: Operator
) -> ApiResponse[DocumentRead, None]:
    """Holds from this answer on for every search. The owner reads always."""
    return ok(await documents.give(document_id, readers=write.readers, by=caller))


@router.delete(
    "/{document_id}",
    summary="Delete a document",
    status_code=204,
    responses=problems(*_REFUSED, DocumentNotFound, DocumentNotYours),
)
async def delete_document(document_id: UUID, documents: DocumentChanges, caller: Operator) -> None:
    """Removes it with its passages, words, vectors and the uploaded file."""
    await documents.delete(document_id, by=caller)


@people.delete("/{subject}", summary="Erase a person's data", responses=problems(*_REFUSED))
async def erase_person(
    subject: Annotated[str, Path(min_length=1, max_length=255)], person: ErasablePerson, _: Admin
) -> ApiResponse[Erased, None]:
    """Removes a person's documents with all that was made of them, tasks, answers, and the person from others' readers.

    The log of calls to models, which holds no content, and the history of prompts stay. Doing it again removes nothing
    more and says so.
    """
    return ok(await person.erase(subject))


def _key[KeyT: (DocumentKey, ChunkKey)](kind: type[KeyT], cursor: str | None) -> KeyT | None:
    if cursor is None:
        return None
    try:
        return kind.model_validate(decode_cursor(cursor))
    except ValidationError as error:
        raise InvalidCursor from error
