from collections.abc import AsyncIterator
from typing import Any

import ai_books
import pytest


@pytest.fixture
async def shop(database: Any) -> AsyncIterator[ai_books.Shop]:
    async with ai_books.shop(database) as opened:
        yield opened
