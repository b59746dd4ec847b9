"""How long a provider may take at each step."""

from pydantic import BaseModel, ConfigDict, Field


class Timeouts(BaseModel):
    """Seconds; a call's own limit cuts all of them short."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    connect: float = Field(default=3.0, gt=0, le=60)
    """Until the connection stands, TLS included."""
    first_token: float = Field(default=20.0, gt=0, le=600)
    """From the request to the first token of a stream."""
    between_tokens: float = Field(default=15.0, gt=0, le=600)
    """From one token to the next."""
    whole: float = Field(default=60.0, gt=0, le=3600)
    """For the whole answer of this provider."""
