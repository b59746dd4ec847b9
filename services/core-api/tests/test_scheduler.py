"""How the loops of a scheduler lean on one another."""

import asyncio

import pytest

from core_api import scheduler


async def test_e11_nothing_is_handed_out_before_the_missed_days_are_in_the_queue() -> None:
    order: list[str] = []
    loaded = asyncio.Event()

    async def load() -> float:
        order.append("load")
        return 1.0

    async def dispatch() -> float:
        order.append("dispatch")
        return 0.0

    dispatching = asyncio.create_task(scheduler._once_loaded(loaded, dispatch)())
    assert await scheduler._telling(loaded, load)() == 1.0
    assert await dispatching == 0.0
    assert order == ["load", "dispatch"]


async def test_a_load_that_fails_holds_no_dispatch_up() -> None:
    loaded = asyncio.Event()

    async def load() -> float:
        raise RuntimeError("a calendar ends")

    async def dispatch() -> float:
        return 0.0

    with pytest.raises(RuntimeError, match="a calendar ends"):
        await scheduler._telling(loaded, load)()
    assert await scheduler._once_loaded(loaded, dispatch)() == 0.0
