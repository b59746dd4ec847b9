from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ProviderName(StrEnum):
    """`local` answers from rules, skills and quoted passages, without any model."""

    OPENAI = "openai"
    OPENAI_COMPATIBLE = "openai_compatible"
    ANTHROPIC = "anthropic"
    GOOGLE = "google"
    LOCAL = "local"


class ProviderRead(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: ProviderName
    configured: bool


class AiStatus(BaseModel):
    """What the assistant can count on in this installation."""

    model_config = ConfigDict(frozen=True)

    version: str
    provider: ProviderName
    """The provider that is asked first."""
    providers: list[ProviderRead]
    listening: bool
    """Whether events are being consumed, so that new episodes are remembered."""
