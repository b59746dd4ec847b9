"""What documents announce."""

from ai_svc.database import OUTBOX, SERVICE
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import WriteSession


def outbox_of(session: WriteSession, *, clock: Clock) -> Outbox:
    """Events leave with the session's transaction."""
    return Outbox(session, source_service=SERVICE, clock=clock, table=OUTBOX)
