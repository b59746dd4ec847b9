"""Which providers of language models this installation has."""

from collections.abc import Iterable

from ai_svc.brain.schemas import ProviderName, ProviderRead
from ai_svc.settings import Settings


def configured_providers(settings: Settings) -> list[ProviderRead]:
    """Every provider that the service knows, in the order in which they are asked; `local` is always there and last."""
    configured = {
        ProviderName.OPENAI: settings.openai_api_key is not None,
        ProviderName.OPENAI_COMPATIBLE: settings.openai_compatible_url is not None,
        ProviderName.ANTHROPIC: settings.anthropic_api_key is not None,
        ProviderName.GOOGLE: settings.google_api_key is not None,
        ProviderName.LOCAL: True,
    }
    return [ProviderRead(name=name, configured=there) for name, there in configured.items()]


def first_choice(providers: Iterable[ProviderRead]) -> ProviderName:
    """The provider that is asked first."""
    return next(provider.name for provider in providers if provider.configured)
