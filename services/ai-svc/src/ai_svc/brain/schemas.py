from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared_utils.http.circuit_breaker import BreakerState


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


class LinkRead(BaseModel):
    """One step of the chain, and whether it is asked at the moment."""

    model_config = ConfigDict(frozen=True)

    provider: ProviderName
    model: str
    breaker: BreakerState
    """`open`: it failed several times in a row and is left alone; `half_open`: the next call tries it."""
    retry_after_seconds: float
    """For how long it is left alone, after failures or because it asked for that; 0 when it is asked now."""


class AiStatus(BaseModel):
    """What the assistant can count on in this installation."""

    model_config = ConfigDict(frozen=True)

    version: str
    provider: ProviderName
    """The provider that is asked first."""
    providers: list[ProviderRead]
    chain: list[LinkRead]
    """Who is asked for an answer, in order, as this process sees it."""
    tracing: bool
    """Whether spans of calls to models are exported."""
    listening: bool
    """Whether events are being consumed, so that new episodes are remembered."""
