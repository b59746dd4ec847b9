"""The outbox of core-api, whatever announces something; what was announced is counted when it is committed."""

from core_api.database import OUTBOX, SERVICE
from core_api.metrics import count
from shared_utils.clock import Clock
from shared_utils.db.outbox import Outbox
from shared_utils.db.session import WriteSession


def outbox_for(session: WriteSession, clock: Clock) -> Outbox:
    """The outbox in this session's transaction."""
    return Outbox(session, source_service=SERVICE, clock=clock, table=OUTBOX, committed=count)
