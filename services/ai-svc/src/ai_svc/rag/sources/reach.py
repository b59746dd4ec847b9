"""What documents may be fetched from, by the operator's settings."""

from ai_svc.settings import Settings
from shared_utils.http.outbound import Reach


def reach_of(settings: Settings) -> Reach:
    """The public internet on the ports that are allowed; everything, when private networks are."""
    return Reach.everywhere() if settings.allow_private_sources else Reach(ports=frozenset(settings.document_url_ports))
