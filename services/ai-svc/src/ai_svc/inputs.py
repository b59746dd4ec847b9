"""The base of request bodies: unknown fields are refused, and so is text that PostgreSQL cannot hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints


class Input(BaseModel):
    """Base of request bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("text must not contain the character U+0000")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError("text must be valid Unicode, without lone surrogates") from error
    return value


StorableText = Annotated[str, AfterValidator(_storable)]
Title = Annotated[StorableText, StringConstraints(min_length=1, max_length=200)]
Note = Annotated[StorableText, StringConstraints(max_length=500)]
