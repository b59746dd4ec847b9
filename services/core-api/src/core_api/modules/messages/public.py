"""What other modules may do with messages."""

from core_api.modules.messages.schemas import Item, Message, What
from core_api.modules.messages.service import Told, Writer

__all__ = ["Item", "Message", "Told", "What", "Writer"]
