from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from core_api.database import Base
from shared_utils.db.base import UTCDateTime


class WebhookKey(Base):
    """What proves that a caller of a routine's webhook may call it: a hash of the secret.

    A signature can be checked with the secret only. So it is kept besides, sealed with a key that is not in here, when
    the settings have such a key.
    """

    __tablename__ = "webhook_keys"

    routine_id: Mapped[UUID] = mapped_column(ForeignKey("routines.id", ondelete="CASCADE"), primary_key=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sealed: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
