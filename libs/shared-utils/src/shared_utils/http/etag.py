"""Optimistic locking over HTTP (RFC 9110, section 13.1): the version of a row is its strong ETag."""

import re
from typing import Annotated, Final

from fastapi import Header

from shared_utils.errors import PreconditionFailed, PreconditionRequired

_ENTITY_TAG: Final = re.compile(r'^"(?P<version>[0-9]{1,18})"$')

IfMatch = Annotated[
    str | None, Header(alias="If-Match", max_length=200, description="ETag of the version that the change is based on.")
]


def etag_for(version: int) -> str:
    """The strong ETag of a version."""
    return f'"{version}"'


def require_if_match(if_match: str | None, version: int) -> None:
    """Raises `PreconditionRequired` (428) without a header, `PreconditionFailed` (412) for another version."""
    if version not in expected_versions(if_match):
        raise PreconditionFailed


def expected_versions(if_match: str | None) -> frozenset[int]:
    """The versions that an If-Match header accepts, for a compare-and-set. A star is none: it would defeat the lock."""
    if if_match is None or not if_match.strip():
        raise PreconditionRequired
    if if_match.strip() == "*":
        raise PreconditionRequired("If-Match: * is not accepted here: name the version that you are changing.")
    matches = (_ENTITY_TAG.match(tag.strip()) for tag in if_match.split(","))
    return frozenset(int(match["version"]) for match in matches if match)
