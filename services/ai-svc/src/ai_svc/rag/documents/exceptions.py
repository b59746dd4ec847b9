"""What can go wrong with documents. Messages name files and fields, never content."""

from uuid import UUID

from shared_utils.errors import Forbidden, Invalid, NotFound


class DocumentNotFound(NotFound):
    code = "DOCUMENT_NOT_FOUND"

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"There is no document {document_id} that you may see; GET /api/v1/rag/documents lists them.")


class DocumentNotYours(Forbidden):
    """Only its owner and administrators may change this document."""

    code = "DOCUMENT_NOT_YOURS"


class DocumentNotReadable(Forbidden):
    """You may manage this document but not read it: its owner, or you, can add you to its readers."""

    code = "DOCUMENT_NOT_READABLE"


class UploadIncomplete(Invalid):
    """Send the document as multipart/form-data with one part named `file` that has a file name."""

    code = "UPLOAD_INCOMPLETE"


class ReadersInvalid(Invalid):
    """A reader is `*`, `role:viewer`, `role:operator`, `role:admin` or `user:` and a subject."""

    code = "READERS_INVALID"
