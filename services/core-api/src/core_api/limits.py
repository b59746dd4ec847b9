"""How many changes a caller may make: counted in the cache Redis by verified subject, not at all when it is down.

And the header that makes repeating a change harmless.
"""

from typing import Annotated

from fastapi import Depends, Header

from shared_utils.http.rate_limit import rate_limit

LIMITED_WRITES = [Depends(rate_limit("600/minute", scope="core-write"))]
"""`dependencies=` of routes that change something."""

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeating a request with its key gives the same answer and creates nothing. Kept for 24 hours.",
    ),
]
"""The header of requests that create or run something."""
