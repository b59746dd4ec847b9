"""Wiring of documents for HTTP, and uploads as they arrive."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Annotated, BinaryIO

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from ai_svc.rag.documents.exceptions import UploadIncomplete
from ai_svc.rag.documents.repository import PART_BYTES
from ai_svc.rag.documents.schemas import SourceKind, UploadWrite, Wanted
from ai_svc.rag.documents.service import DocumentService, PersonalData
from ai_svc.rag.parsing.exceptions import DocumentTooLarge
from shared_schemas.auth import AuthContext
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep
from shared_utils.http.security import Operator

MAX_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has arrived, spooled to disk when it is large, and what was said about it."""

    wanted: Wanted
    file: BinaryIO

    async def parts(self) -> AsyncIterator[bytes]:
        """The content from its beginning, in parts as they are stored."""
        await asyncio.to_thread(self.file.seek, 0)
        while part := await asyncio.to_thread(self.file.read, PART_BYTES):
            yield part


def _service(session: WriteSession, request: Request) -> DocumentService:
    state = request.state
    return DocumentService.within(session, clock=state.clock, allow_private=state.settings.allow_private_sources)


async def document_changes(session: WriteSessionDep, request: Request) -> DocumentService:
    return _service(session, request)


async def document_reads(session: ReadSessionDep, request: Request) -> DocumentService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _service(WriteSession(session), request)


async def personal_data(session: WriteSessionDep, request: Request) -> PersonalData:
    return PersonalData(session, _service(session, request), request.state.runs)


async def upload(caller: Operator, request: Request) -> AsyncIterator[Upload]:
    """Reads the body only once the caller is known to be allowed to send it.

    Raises `UploadIncomplete`, `DocumentTooLarge`, and what a form of the wrong shape raises.
    """
    limit = request.state.settings.document_max_bytes
    async with request.form(max_files=1, max_fields=MAX_FIELDS) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise UploadIncomplete
        if (file.size or 0) > limit:
            raise DocumentTooLarge(
                f"A document may have at most {limit // 1024**2} MB: split it, or add only the part that matters."
            )
        said = _said(form)
        sha256 = await asyncio.to_thread(_sha256, file.file)
        yield Upload(_wanted(file, said, caller, sha256), file.file)


def _said(form: FormData) -> UploadWrite:
    fields: dict[str, object] = {
        name: value for name, value in form.items() if isinstance(value, str) and name not in {"tags", "readers"}
    }
    fields |= {name: form.getlist(name) for name in ("tags", "readers") if name in form}
    try:
        return UploadWrite.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error


def _wanted(file: UploadFile, said: UploadWrite, caller: AuthContext, sha256: bytes) -> Wanted:
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name.strip()
    if not name or not name.isprintable():
        raise UploadIncomplete
    return Wanted(
        kind=SourceKind.UPLOAD,
        key=said.key or (f"{said.collection}/{name}" if said.collection else name),
        owner=caller.subject,
        title=said.title or PurePosixPath(name).stem or name,
        titled=said.title is not None,
        name=name[:300],
        media_type=file.content_type,
        collection=said.collection,
        tags=tuple(said.tags),
        readers=None if said.readers is None else tuple(said.readers),
        chunking=said.chunking,
        sha256=sha256,
        size_bytes=file.size,
    )


def _sha256(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(PART_BYTES):
        digest.update(part)
    return digest.digest()


DocumentChanges = Annotated[DocumentService, Depends(document_changes)]
DocumentReads = Annotated[DocumentService, Depends(document_reads)]
ErasablePerson = Annotated[PersonalData, Depends(personal_data)]
ReceivedUpload = Annotated[Upload, Depends(upload)]
