"""The demo data: six routines that the services accept, written once."""

from datetime import date

from sqlalchemy import text

from core_api.modules.planning.public import plan_day
from core_api.seed import seed
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession


async def test_seeding_writes_once(session: WriteSession, clock: FakeClock) -> None:
    assert await seed(session, clock=clock) == 6
    assert await seed(session, clock=clock) == 0
    counts = await session.execute(
        text(
            "SELECT (SELECT count(*) FROM core.routines), (SELECT count(*) FROM core.day_groups),"
            " (SELECT count(*) FROM core.pools), (SELECT count(*) FROM core.audit_log)"
        )
    )
    assert tuple(counts.one()) == (6, 3, 2, 11)


async def test_deleted_demo_routines_do_not_come_back(session: WriteSession, clock: FakeClock) -> None:
    await seed(session, clock=clock)
    await session.execute(text("UPDATE core.routines SET deleted_at = now()"))
    assert await seed(session, clock=clock) == 0


async def test_a_session_day_and_a_holiday_of_the_demo(session: WriteSession, clock: FakeClock) -> None:
    await seed(session, clock=clock)

    async def day(of: date) -> list[tuple[str, str]]:
        return [(slot.slot.strftime("%H:%M"), slot.routine_name) for slot in await plan_day(session, of)]

    assert await day(date(2026, 11, 18)) == [
        ("09:00", "sistema-verificacao"),
        ("10:15", "b3-cotahist-download-manha"),
        ("10:15", "b3-cotahist-carga-manha"),
        ("21:00", "sistema-verificacao"),
        ("23:45", "b3-cotahist-download"),
        ("23:45", "b3-cotahist-carga"),
        ("00:15", "market-resumo-diario"),
    ]
    assert [name for _, name in await day(date(2026, 11, 20))] == ["sistema-verificacao"] * 2
    # 24 December: banks open, B3 does not.
    assert [name for _, name in await day(date(2026, 12, 24))] == [
        "sistema-verificacao",
        "b3-cotahist-download-manha",
        "b3-cotahist-carga-manha",
        "sistema-verificacao",
    ]


async def test_loads_run_after_their_downloads(session: WriteSession, clock: FakeClock) -> None:
    await seed(session, clock=clock)
    slots = {slot.routine_name: slot for slot in await plan_day(session, date(2026, 11, 18))}
    for load, download in (
        ("b3-cotahist-carga", "b3-cotahist-download"),
        ("b3-cotahist-carga-manha", "b3-cotahist-download-manha"),
        ("market-resumo-diario", "b3-cotahist-carga"),
    ):
        assert slots[load].depends_on == (slots[download].routine_id,)
        assert slots[load].priority > slots[download].priority
