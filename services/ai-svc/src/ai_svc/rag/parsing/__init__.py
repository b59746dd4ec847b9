"""Files into text with places, in child processes that a hostile file cannot outlive.

The service uses `parsers.Parsers`; what is exported here knows the standard library only, because the child processes
import it too.
"""

from ai_svc.rag.parsing.formats import parse
from ai_svc.rag.parsing.parsed import Heading, Page, ParsedText
from ai_svc.rag.parsing.refusal import Refusal

__all__ = ["Heading", "Page", "ParsedText", "Refusal", "parse"]
