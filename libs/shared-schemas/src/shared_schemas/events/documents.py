"""Events about documents. They carry no title, text or reader: whoever may read a document asks ai-svc for it."""

from typing import ClassVar
from uuid import UUID

from shared_schemas.events.envelope import EventPayload


class DocumentIndexed(EventPayload):
    """A version of a document is what readers see from now on; `document_version` counts from 1.

    `chunks` passages it has, of which `added` are new; `removed` ones of the version before are gone.
    """

    event_type: ClassVar[str] = "document.indexed"
    document_id: UUID
    document_version: int
    source_kind: str
    collection: str
    language: str
    chunks: int
    added: int
    removed: int
