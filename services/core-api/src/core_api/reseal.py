"""Seals every stored secret anew with the first key: `python -m core_api.reseal`, a step of rotating the secrets keys.

Works beside running services, with the runtime role's address and all of `CORE_API_SECRETS_KEYS`. Prints what it did
as JSON; ends with 1 when there is a secret that no key opens: it is left as it is and has to be entered again.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict
from sqlalchemy import Table, Text, bindparam, select, update

from core_api.metadata import metadata
from shared_utils.db.engine import create_engine
from shared_utils.db.session import WriteSession, sessionmaker_for, transaction
from shared_utils.logging import configure_logging
from shared_utils.security.sealing import SealBroken, Sealer
from shared_utils.settings import DatabaseSettings


class ResealSettings(DatabaseSettings):
    """What this command needs of `CORE_API_*`."""

    model_config = SettingsConfigDict(env_prefix="CORE_API_", frozen=True, extra="ignore")

    secrets_keys: tuple[SecretStr, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Resealed:
    """How many secrets were sealed anew, and how many could not be opened."""

    resealed: int
    broken: int


def sealed_tables() -> Sequence[Table]:
    """Every table that keeps secrets: by its column, so that a new module is not forgotten."""
    return [table for table in metadata.sorted_tables if "sealed" in table.c and isinstance(table.c.sealed.type, Text)]


async def reseal(session: WriteSession, *, sealer: Sealer) -> Resealed:
    """One transaction; nobody saves a secret meanwhile, so none is written back that was just replaced."""
    done = [await _reseal_table(session, table, sealer) for table in sealed_tables()]
    return Resealed(sum(one.resealed for one in done), sum(one.broken for one in done))


async def _reseal_table(session: WriteSession, table: Table, sealer: Sealer) -> Resealed:
    (key,) = table.primary_key
    rows = (
        await session.execute(select(key, table.c.sealed).where(table.c.sealed.is_not(None)).with_for_update())
    ).all()
    renewed = []
    for row_key, token in rows:
        try:
            renewed.append({"row_key": row_key, "token": sealer.renew(token)})
        except SealBroken:
            continue  # counted below
    if renewed:
        statement = update(table).where(key == bindparam("row_key")).values(sealed=bindparam("token"))
        await (await session.connection()).execute(statement, renewed)
    return Resealed(len(renewed), len(rows) - len(renewed))


async def run(settings: ResealSettings) -> Resealed:
    """Over all tables of this service."""
    engine = create_engine(settings.database_url, application_name="core-reseal", pool_size=1, max_overflow=0)
    try:
        async with transaction(sessionmaker_for(engine)) as session:
            return await reseal(session, sealer=Sealer(settings.secrets_keys))
    finally:
        await engine.dispose()


def main() -> int:
    """Entry point."""
    configure_logging(service="core-reseal")
    done = asyncio.run(run(ResealSettings()))
    sys.stdout.write(json.dumps(asdict(done)) + "\n")
    return int(done.broken > 0)


if __name__ == "__main__":
    sys.exit(main())
