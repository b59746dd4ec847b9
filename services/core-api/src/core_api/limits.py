"""How many changes a caller may make: counted in the cache Redis by verified subject, not at all when it is down."""

from fastapi import Depends

from shared_utils.http.rate_limit import rate_limit

LIMITED_WRITES = [Depends(rate_limit("600/minute", scope="core-write"))]
"""`dependencies=` of routes that change something."""
