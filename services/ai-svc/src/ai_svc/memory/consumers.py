"""Messages in: the event streams that the assistant remembers from."""

from ai_svc.memory.repository import EpisodeWriter
from ai_svc.memory.schemas import EpisodeType
from ai_svc.memory.service import CONTRACTS, EpisodeRecorder
from shared_schemas.events.envelope import event_stream
from shared_utils.db.session import WriteSession
from shared_utils.messaging.consumer import StreamMessage

STREAMS: tuple[str, ...] = tuple(event_stream(event_type) for event_type in EpisodeType)


async def remember(session: WriteSession, message: StreamMessage) -> None:
    """Handles one event in the consumer's transaction.

    Raises `ValueError` for an event that is not notable and pydantic's `ValidationError` for a payload that breaks its
    contract: the consumer tries again and then sets the entry aside.
    """
    contract = CONTRACTS[EpisodeType(message.envelope.event_type)]
    await EpisodeRecorder(EpisodeWriter(session)).record(message.envelope, payload=message.read(contract))
