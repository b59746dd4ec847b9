"""Wiring of webhooks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Request

from core_api.modules.access.public import audit_trail
from core_api.modules.executions import public as executions
from core_api.modules.hooks.repository import WebhookKeyRepository
from core_api.modules.hooks.schemas import HookCall
from core_api.modules.hooks.service import HookService
from core_api.modules.idempotency import public as idempotency
from core_api.modules.planning import public as planning
from core_api.modules.routines import public as routines
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession
from shared_utils.http.dependencies import ReadSessionDep, WriteSessionDep
from shared_utils.security.sealing import Sealer


class SessionQueue:
    """Other modules, used within one transaction."""

    def __init__(self, session: WriteSession, *, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    async def plan(self, routine_ids: Sequence[UUID]) -> planning.Plan:
        return await planning.plan(self._session, routine_ids=routine_ids, with_paused=True)

    async def snapshot(self, routine_id: UUID, *, params: dict[str, Any]) -> routines.RoutineSnapshot:
        return await routines.get_routine_for_run(self._session, routine_id, params=params)

    async def enqueue(self, new: Sequence[executions.NewExecution], *, now: datetime) -> executions.EnqueueResult:
        return await executions.enqueue(self._session, new, now=now)

    async def remember(
        self, key: str, *, route: str, body: dict[str, Any], ids: Sequence[UUID]
    ) -> tuple[UUID, ...] | None:
        return await idempotency.remember(
            self._session, subject="webhook", route=route, key=key, body=body, ids=ids, now=self._clock.now()
        )


def _hook_service(session: WriteSession, request: Request) -> HookService:
    clock: Clock = request.state.clock
    keys = request.state.settings.secrets_keys
    return HookService(
        WebhookKeyRepository(session),
        SessionQueue(session, clock=clock),
        sealer=Sealer(keys) if keys else None,
        audit=audit_trail(session, clock=clock),
        clock=clock,
    )


async def hook_service(session: WriteSessionDep, request: Request) -> HookService:
    return _hook_service(session, request)


async def hook_reads(session: ReadSessionDep, request: Request) -> HookService:
    # The session's transaction is read-only, so a write that strays in here is refused by PostgreSQL.
    return _hook_service(WriteSession(session), request)


Delivery = Annotated[
    str | None,
    Header(min_length=1, max_length=200, pattern=r"^[\x21-\x7e]+$", description="The same delivery runs once."),
]


async def hook_call(
    request: Request,
    authorization: Annotated[str | None, Header(max_length=500, description="`Bearer <secret>`.")] = None,
    x_hub_signature_256: Annotated[
        str | None, Header(max_length=200, description="`sha256=<HMAC-SHA256 of the body, in hex>`.")
    ] = None,
    idempotency_key: Delivery = None,
    x_github_delivery: Delivery = None,
) -> HookCall:
    """What came with a call. Nothing of it is trusted yet."""
    scheme, _, secret = (authorization or "").partition(" ")
    return HookCall(
        body=await request.body(),
        content_type=request.headers.get("content-type"),
        secret=secret.strip() if scheme.lower() == "bearer" else None,
        signature=x_hub_signature_256,
        delivery=idempotency_key or x_github_delivery,
    )


Hooks = Annotated[HookService, Depends(hook_service)]
HookReads = Annotated[HookService, Depends(hook_reads)]
Call = Annotated[HookCall, Depends(hook_call)]
