"""Demo data for a first start: `python -m core_api.seed`.

Pools, day groups and six routines, written through the services like anybody's. Does nothing once there was a routine.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_settings import SettingsConfigDict
from sqlalchemy import func, select

from core_api.modules.day_groups.public import DayGroupWrite, create_day_group, day_group_named
from core_api.modules.pools.public import PoolCreate, create_pool, pool_exists
from core_api.modules.routines.public import Dependency, RetryPolicy, RoutineWrite, any_routine, create_routine
from shared_schemas.auth import AuthContext, Role
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.session import WriteSession, sessionmaker_for, transaction
from shared_utils.logging import configure_logging, get_logger
from shared_utils.settings import DatabaseSettings

logger = get_logger(__name__)

SEEDER = AuthContext(subject="system:seed", issuer="rotina", name="Rotina", roles=frozenset({Role.ADMIN}))
_SEED_LOCK = 0x73656564  # "seed": two first starts take turns

POOLS = (
    PoolCreate(name="b3", slots=2, description="Conexões simultâneas com a B3"),
    PoolCreate(name="carga", slots=2, description="Cargas simultâneas no banco de dados"),
)
SESSIONS, BANK_DAYS, EVERY_DAY = "Pregões B3", "Dias úteis ANBIMA", "Todos os dias"
DAY_GROUPS = (
    DayGroupWrite(name=SESSIONS, description="Dias em que a B3 tem pregão", calendar_code="B3"),
    DayGroupWrite(name=BANK_DAYS, description="Dias úteis bancários", calendar_code="ANBIMA"),
    DayGroupWrite(name=EVERY_DAY, description="Inclui fins de semana e feriados", calendar_code="EVERY_DAY"),
)

USUAL_RETRIES = RetryPolicy()
# B3 publishes between 20:30 and 23:00: a file that is not there yet is asked for again for about three hours.
UNTIL_PUBLISHED = RetryPolicy(max_attempts=10, backoff_seconds=300, backoff_factor=1.5, backoff_max_seconds=1800)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRoutine:
    """A routine by the names of its day group and of the routine before it."""

    name: str
    title: str
    description: str
    job: str
    times: Sequence[str]
    day_group: str
    priority: int
    params: dict[str, Any] = field(default_factory=dict)
    pool: str | None = None
    after: str | None = None
    timeout_seconds: int = 1800
    retry: RetryPolicy = USUAL_RETRIES

    def write(self, groups: dict[str, UUID], routines: dict[str, UUID]) -> RoutineWrite:
        return RoutineWrite(
            name=self.name,
            title=self.title,
            description=self.description,
            job=self.job,
            params=self.params,
            trigger={"type": "times", "times": self.times},
            day_group_id=groups[self.day_group],
            priority=self.priority,
            pool=self.pool,
            timeout_seconds=self.timeout_seconds,
            retry=self.retry,
            depends_on=() if self.after is None else (Dependency(routine_id=routines[self.after]),),
        )


ROUTINES = (
    DemoRoutine(
        name="b3-cotahist-download",
        title="Baixar COTAHIST do dia",
        description="Baixa o arquivo de cotações do pregão, confere o trailer e guarda os bytes originais.",
        job="b3.cotahist.download",
        params={"reference": "business_date", "on_missing": "fail"},
        times=("20:45",),
        day_group=SESSIONS,
        priority=5,
        pool="b3",
        retry=UNTIL_PUBLISHED,
    ),
    DemoRoutine(
        name="b3-cotahist-carga",
        title="Carregar COTAHIST do dia",
        description="Carrega as cotações baixadas, substituindo o pregão inteiro em uma transação.",
        job="b3.cotahist.load",
        params={"reference": "business_date", "on_missing": "fail"},
        times=("20:45",),
        day_group=SESSIONS,
        priority=15,
        pool="carga",
        after="b3-cotahist-download",
    ),
    DemoRoutine(
        name="b3-cotahist-download-manha",
        title="Conferir COTAHIST do pregão anterior",
        description="De manhã, baixa de novo o arquivo do pregão anterior caso a B3 o tenha republicado.",
        job="b3.cotahist.download",
        params={"reference": "previous_session", "on_missing": "warn"},
        times=("07:15",),
        day_group=BANK_DAYS,
        priority=6,
        pool="b3",
    ),
    DemoRoutine(
        name="b3-cotahist-carga-manha",
        title="Recarregar COTAHIST do pregão anterior",
        description="Carrega o que mudou no pregão anterior; sem mudança, nada é escrito.",
        job="b3.cotahist.load",
        params={"reference": "previous_session", "on_missing": "warn"},
        times=("07:15",),
        day_group=BANK_DAYS,
        priority=16,
        pool="carga",
        after="b3-cotahist-download-manha",
    ),
    DemoRoutine(
        name="market-resumo-diario",
        title="Resumo do pregão",
        description="Conta negócios e papéis e lista os maiores volumes do pregão.",
        job="market.daily_summary",
        params={"reference": "business_date"},
        times=("21:15",),
        day_group=SESSIONS,
        priority=25,
        after="b3-cotahist-carga",
    ),
    DemoRoutine(
        name="sistema-verificacao",
        title="Verificação do sistema",
        description="Confere banco de dados, Redis e armazenamento.",
        job="system.check",
        times=("06:00", "18:00"),
        day_group=EVERY_DAY,
        priority=30,
        timeout_seconds=120,
    ),
)


class SeedSettings(DatabaseSettings):
    """Only the database: the seed needs neither Redis nor the identity provider."""

    model_config = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")


async def seed(session: WriteSession, *, clock: Clock) -> int:
    """Write the demo data unless there is, or ever was, a routine; returns how many routines were written."""
    await session.execute(select(func.pg_advisory_xact_lock(_SEED_LOCK)))
    if await any_routine(session):
        return 0
    for pool in POOLS:
        if not await pool_exists(session, pool.name):
            await create_pool(session, pool, by=SEEDER, clock=clock)
    groups: dict[str, UUID] = {}
    for write in DAY_GROUPS:
        group = await day_group_named(session, write.name)
        group = group or await create_day_group(session, write, by=SEEDER, clock=clock)
        groups[write.name] = group.id
    routines: dict[str, UUID] = {}
    for demo in ROUTINES:
        # Workers announce their jobs once they run; the seed comes before them.
        created = await create_routine(
            session, demo.write(groups, routines), by=SEEDER, clock=clock, allow_unknown_job=True
        )
        routines[demo.name] = created.id
    return len(routines)


async def run(url: str) -> int:
    """Seed the database at `url`."""
    engine = create_engine(url, application_name="core-seed", pool_size=1, max_overflow=0)
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            return await seed(session, clock=SystemClock())
    finally:
        await engine.dispose()


def main() -> int:
    """Entry point."""
    configure_logging(service="core-seed")
    count = asyncio.run(run(SeedSettings().database_url.get_secret_value()))
    logger.info("demo data", extra={"fields": {"routines_created": count}})
    return 0


if __name__ == "__main__":
    sys.exit(main())
