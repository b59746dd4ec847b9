"""Who is calling, and the audit log."""

import httpx
import pytest

from core_api.modules.access.public import record
from shared_schemas.auth import AuthContext
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession
from shared_utils.testing.oidc_issuer import OidcIssuer


async def test_me_tells_roles_and_what_they_allow(as_operator: httpx.AsyncClient) -> None:
    data = (await as_operator.get("/api/v1/me")).json()["data"]
    assert data.pop("subject").startswith("operator-")
    assert data == {
        "name": "Test operator",
        "email": "operator@example.test",
        "roles": ["operator"],
        "may": ["viewer", "operator"],
    }


async def test_a_caller_without_roles_may_nothing_but_learn_who_they_are(
    anonymous: httpx.AsyncClient, oidc_issuer: OidcIssuer
) -> None:
    token = oidc_issuer.token("nobody", roles=["visitor"])
    headers = {"Authorization": f"Bearer {token}"}
    me = (await anonymous.get("/api/v1/me", headers=headers)).json()["data"]
    assert (me["name"], me["email"], me["roles"], me["may"]) == ("nobody", None, [], [])
    assert (await anonymous.get("/api/v1/routines", headers=headers)).status_code == 403


async def test_the_audit_log_is_filtered_and_paged(
    as_admin: httpx.AsyncClient, session: WriteSession, clock: FakeClock, admin: AuthContext
) -> None:
    for number in range(5):
        await record(
            session,
            actor=admin,
            action="thing.update",
            entity="thing",
            entity_id=str(number % 2),
            before={"n": number},
            clock=clock,
        )
    await session.commit()
    seen: list[int] = []
    params: dict[str, str | int] = {"entity": "thing", "limit": 2}
    while True:
        answer = (await as_admin.get("/api/v1/audit", params=params)).json()
        seen += [entry["before"]["n"] for entry in answer["data"]]
        if not answer["meta"]["has_more"]:
            break
        params["cursor"] = answer["meta"]["next_cursor"]
    assert seen == [4, 3, 2, 1, 0]
    odd = (await as_admin.get("/api/v1/audit", params={"entity_id": "1", "actor": "admin-1"})).json()["data"]
    assert [entry["before"]["n"] for entry in odd] == [3, 1]
    assert odd[0]["at"] == "2026-11-20T15:00:00Z"
    assert (odd[0]["after"], odd[0]["request_id"]) == (None, None)
    assert (await as_admin.get("/api/v1/audit", params={"actor": "somebody-else"})).json()["data"] == []


@pytest.mark.parametrize("cursor", ["eyJpZCI6ICJ4In0", "eyJpZCI6IHRydWV9", "eyJpZCI6IDFlNDAwfQ", "e30"])
async def test_cursors_that_nobody_gave_out(as_admin: httpx.AsyncClient, cursor: str) -> None:
    answer = await as_admin.get("/api/v1/audit", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID_CURSOR")


@pytest.mark.parametrize("value", ["nul\x00", "x" * 10_000])
async def test_hostile_filters(as_admin: httpx.AsyncClient, value: str) -> None:
    answer = await as_admin.get("/api/v1/audit", params={"entity_id": value})
    assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
