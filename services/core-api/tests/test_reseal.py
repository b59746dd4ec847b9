"""`python -m core_api.reseal`: a secrets key can be taken away afterwards, and nothing is lost."""

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from core_api.reseal import Resealed, reseal, sealed_tables
from core_api.settings import Settings
from shared_utils.db.session import WriteSession
from shared_utils.security.sealing import SealBroken, Sealer

NEW = SecretStr("a-new-key-" + "k7" * 16)
WEBHOOK = {
    "kind": "webhook",
    "name": "Mesa",
    "url": "https://hooks.example.com/rotina",
    "secret": "um-segredo-de-verdade-42",
}


async def sealed(session: WriteSession) -> list[str]:
    return list(await session.scalars(text("SELECT sealed FROM core.channels WHERE sealed IS NOT NULL ORDER BY name")))


async def test_afterwards_the_new_key_alone_opens_everything(
    as_admin: httpx.AsyncClient, session: WriteSession, settings: Settings
) -> None:
    for name in ("Mesa", "Plantão"):
        assert (await as_admin.post("/api/v1/notifications/channels", json=WEBHOOK | {"name": name})).is_success
    before = await sealed(session)
    with pytest.raises(SealBroken):
        Sealer([NEW]).open(before[0])

    done = await reseal(session, sealer=Sealer([NEW, *settings.secrets_keys]))

    assert done == Resealed(resealed=2, broken=0)
    for token in await sealed(session):
        assert Sealer([NEW]).open(token)["secret"].get_secret_value() == "um-segredo-de-verdade-42"


async def test_what_no_key_opens_is_left_and_counted(as_admin: httpx.AsyncClient, session: WriteSession) -> None:
    assert (await as_admin.post("/api/v1/notifications/channels", json=WEBHOOK)).is_success
    before = await sealed(session)
    assert await reseal(session, sealer=Sealer([NEW])) == Resealed(resealed=0, broken=1)
    assert await sealed(session) == before


def test_every_table_with_secrets_is_known() -> None:
    assert {table.name for table in sealed_tables()} == {"channels", "webhook_keys"}
