"""Who may do what, for every operation of the API: the whole list, so that a new route has to take a place in it."""

import re
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

VIEWER = """
GET /api/v1/me
GET /api/v1/routines
GET /api/v1/routines/{routine_id}
GET /api/v1/routines/{routine_id}/preview
GET /api/v1/day-groups
GET /api/v1/day-groups/{group_id}
GET /api/v1/calendars
GET /api/v1/calendars/{code}
GET /api/v1/calendars/{code}/days
GET /api/v1/calendars/{code}/versions
GET /api/v1/calendars/{code}/versions/{version}
GET /api/v1/calendars/{code}/overrides
POST /api/v1/calendars/{code}/overrides/{day}/preview
POST /api/v1/calendars/{code}/versions/preview
POST /api/v1/day-groups/{group_id}/preview
GET /api/v1/pools
GET /api/v1/pools/{name}
"""
ADMIN = """
POST /api/v1/routines
PATCH /api/v1/routines/{routine_id}
PUT /api/v1/routines/{routine_id}
DELETE /api/v1/routines/{routine_id}
POST /api/v1/routines/{routine_id}/pause
POST /api/v1/routines/{routine_id}/webhook-secret
GET /api/v1/routines/{routine_id}/webhook-secret
POST /api/v1/routines/{routine_id}/resume
POST /api/v1/day-groups
PUT /api/v1/day-groups/{group_id}
DELETE /api/v1/day-groups/{group_id}
POST /api/v1/calendars
PATCH /api/v1/calendars/{code}
DELETE /api/v1/calendars/{code}
POST /api/v1/calendars/{code}/versions
PUT /api/v1/calendars/{code}/overrides/{day}
DELETE /api/v1/calendars/{code}/overrides/{day}
POST /api/v1/pools
PUT /api/v1/pools/{name}
DELETE /api/v1/pools/{name}
GET /api/v1/audit
"""
EXAMPLES = {
    "code": "B3",
    "day": "2026-11-23",
    "name": "b3",
    "attempt": "1",
    "worker_id": "worker-one",
    "job": "x.y",
    "version": "1",
}


def operations(app: FastAPI) -> list[str]:
    paths: dict[str, dict[str, Any]] = app.openapi()["paths"]
    return [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods]


def request(operation: str) -> tuple[str, str]:
    method, path = operation.split(" ")
    return method, re.sub(r"\{(\w+)\}", lambda match: EXAMPLES.get(match[1], str(uuid4())), path)


async def test_nothing_is_open_without_a_token(app: FastAPI, anonymous: httpx.AsyncClient) -> None:
    for operation in operations(app):
        method, path = request(operation)
        for url in (path, path.replace("/api/v1/", "/api/")):
            answer = await anonymous.request(method, url)
            assert answer.status_code == 401, operation
            challenge = "X-Internal-Key" if "/internal/" in path else "Bearer"
            assert answer.headers["WWW-Authenticate"].startswith(challenge), operation
            assert answer.json()["status"] == "error"


async def test_an_access_token_opens_no_internal_route(app: FastAPI, as_admin: httpx.AsyncClient) -> None:
    internal = [operation for operation in operations(app) if " /internal/" in operation]
    assert internal
    for operation in internal:
        answer = await as_admin.request(*request(operation))
        assert (answer.status_code, answer.json()["code"]) == (401, "INTERNAL_KEY_REQUIRED"), operation


async def test_an_internal_key_opens_no_public_route(app: FastAPI, as_worker: httpx.AsyncClient) -> None:
    for operation in operations(app):
        if " /api/" in operation:
            assert (await as_worker.request(*request(operation))).status_code == 401, operation


@pytest.mark.parametrize("operation", ADMIN.split("\n")[1:-1])
async def test_changes_are_for_administrators(
    operation: str, as_viewer: httpx.AsyncClient, as_operator: httpx.AsyncClient, as_admin: httpx.AsyncClient
) -> None:
    for client in (as_viewer, as_operator):
        answer = await client.request(*request(operation))
        assert (answer.status_code, answer.json()["code"]) == (403, "ROLE_REQUIRED")
        assert answer.json()["details"] == {"required_role": "admin"}
    assert (await as_admin.request(*request(operation))).status_code not in {401, 403}


@pytest.mark.parametrize("operation", VIEWER.split("\n")[1:-1])
async def test_viewers_read(operation: str, as_viewer: httpx.AsyncClient) -> None:
    assert (await as_viewer.request(*request(operation))).status_code in {200, 404, 422}


def test_every_route_of_these_modules_is_listed(app: FastAPI) -> None:
    with_a_secret_of_its_own = {"POST /api/v1/hooks/{routine_id}"}
    listed = set(VIEWER.split("\n")) | set(ADMIN.split("\n")) | with_a_secret_of_its_own
    tags = ("access", "routines", "webhooks", "day-groups", "calendars", "pools")
    paths = app.openapi()["paths"]
    ours = {
        f"{method.upper()} {path}"
        for path, methods in paths.items()
        for method, operation in methods.items()
        if operation["tags"][0] in tags
    }
    assert {operation for operation in ours if not operation.endswith("/run")} == listed - {""}


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer ", "Basic YTpi", "Bearer not.a.token", "Bearer " + "x" * 20_000, "Bearer é"]
)
async def test_tokens_that_are_none(anonymous: httpx.AsyncClient, authorization: str) -> None:
    answer = await anonymous.get("/api/v1/me", headers={"Authorization": authorization.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
