"""Programs start routines by calling their webhooks (DESIGN, E2)."""

import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, Protocol
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core_api.inputs import replaced, storable
from core_api.modules.access.public import AuditTrail, display_name
from core_api.modules.daily_loads.public import fields_when_asked, near
from core_api.modules.executions.public import EnqueueResult, NewExecution, to_millisecond
from core_api.modules.hooks.exceptions import (
    HookBodyInvalid,
    HookNotInUse,
    HookPaused,
    HookRefused,
    HookSecretMissing,
    HookTooLarge,
)
from core_api.modules.hooks.models import WebhookKey
from core_api.modules.hooks.repository import WebhookKeyRepository
from core_api.modules.hooks.schemas import HookAnswer, HookCall, HookSecret, HookSecretRead
from core_api.modules.planning.public import Plan
from core_api.modules.routines.public import PlannedRoutine, RoutineNotFound, RoutineSnapshot
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.logging import correlation_id
from shared_utils.observability.tracing import current_traceparent
from shared_utils.security.sealing import Sealer

MAX_HOOK_BYTES: Final = 64 * 1024
_SEALED: Final = "secret"


class Queue(Protocol):
    """What webhooks need of their neighbours, within one transaction."""

    async def plan(self, routine_ids: Sequence[UUID]) -> Plan: ...
    async def snapshot(self, routine_id: UUID, *, params: dict[str, Any]) -> RoutineSnapshot: ...
    async def enqueue(self, new: Sequence[NewExecution], *, now: datetime) -> EnqueueResult: ...
    async def remember(
        self, key: str, *, route: str, body: dict[str, Any], ids: Sequence[UUID]
    ) -> tuple[UUID, ...] | None: ...


class HookService:
    """Routines that other programs start with a secret of their own."""

    def __init__(
        self, keys: WebhookKeyRepository, queue: Queue, *, sealer: Sealer | None, audit: AuditTrail, clock: Clock
    ) -> None:
        self._keys = keys
        self._sealer = sealer
        self._queue = queue
        self._audit = audit
        self._clock = clock

    async def new_secret(self, routine_id: UUID, *, by: AuthContext) -> HookSecret:
        """Makes a secret, which is shown this once; the one before opens nothing any more."""
        await self._routine(routine_id)
        secret = secrets.token_urlsafe(32)
        now = self._clock.now()
        sealed = self._sealer.seal({_SEALED: secret}) if self._sealer else None
        await self._keys.put(
            routine_id,
            secret_hash=_hash(secret),
            sealed=sealed,
            created_by=display_name(by),
            created_at=now,
        )
        await self._audit.record(by=by, action="webhook.new_secret", entity="routine", entity_id=str(routine_id))
        return HookSecret(
            routine_id=routine_id, url=_url(routine_id), secret=secret, signatures=sealed is not None, created_at=now
        )

    async def secret(self, routine_id: UUID) -> HookSecretRead:
        """Who made the secret, and when."""
        await self._routine(routine_id)
        key = await self._keys.get(routine_id)
        if key is None:
            raise HookSecretMissing
        return HookSecretRead(
            routine_id=routine_id,
            url=_url(routine_id),
            signatures=key.sealed is not None,
            created_by=key.created_by,
            created_at=key.created_at,
        )

    async def call(self, routine_id: UUID, call: HookCall) -> HookAnswer:
        """Puts an execution into the queue, due now. The same delivery again gives the same execution."""
        if len(call.body) > MAX_HOOK_BYTES:
            raise HookTooLarge
        if not self._is_genuine(call, await self._keys.get(routine_id)):
            raise HookRefused
        plan = await self._queue.plan([routine_id])
        routine = _in_use(plan)
        body = _read(call)
        params, wanted = _asked(body)
        now = to_millisecond(self._clock.now())
        today = now.astimezone(ZoneInfo(routine.snapshot["time_zone"])).date()
        business_date = near(wanted or today, today=today)
        if not plan.has_date(routine_id, business_date):
            return HookAnswer(execution_id=None, business_date=business_date, repeated=False, reason="DAY_GROUP")
        snapshot = await self._queue.snapshot(routine_id, params=params)
        execution = NewExecution(
            **fields_when_asked(snapshot, plan.edges_when_asked(routine_id, business_date)),
            slot=now,
            business_date=business_date,
            origin="webhook",
            run_key=uuid4().hex,
            due_at=now,
            cause={"type": "webhook", "delivery": call.delivery, "content_type": call.content_type, "body": body},
            correlation_id=correlation_id() or None,
            traceparent=current_traceparent(),
        )
        known = await self._known(routine_id, call, execution)
        if known is None:
            await self._queue.enqueue([execution], now=now)
        return HookAnswer(
            execution_id=known or execution.id, business_date=business_date, repeated=known is not None, reason=None
        )

    def _is_genuine(self, call: HookCall, key: WebhookKey | None) -> bool:
        """Whether the secret, or the signature of the body, is right. Comparing takes as long when there is no key."""
        opened = hmac.compare_digest(_hash(call.secret or ""), key.secret_hash if key else _hash(_SEALED))
        if call.signature is None or key is None or key.sealed is None or self._sealer is None:
            return key is not None and opened
        return opened or _is_signed(call, self._sealer.open(key.sealed)[_SEALED].get_secret_value())

    async def _known(self, routine_id: UUID, call: HookCall, execution: NewExecution) -> UUID | None:
        if call.delivery is None:
            return None
        body = {"sha256": sha256(call.body).hexdigest()}
        known = await self._queue.remember(call.delivery, route=f"hooks/{routine_id}", body=body, ids=[execution.id])
        return known[0] if known else None

    async def _routine(self, routine_id: UUID) -> PlannedRoutine:
        plan = await self._queue.plan([routine_id])
        if not plan.routines:
            raise RoutineNotFound(routine_id)
        return plan.routines[0]


def _in_use(plan: Plan) -> PlannedRoutine:
    if not plan.routines:
        raise HookRefused  # deleted; whether it ever was is nobody's business
    routine = plan.routines[0]
    if routine.snapshot["trigger"]["type"] != "webhook":
        raise HookNotInUse
    if routine.paused:
        raise HookPaused
    return routine


def _url(routine_id: UUID) -> str:
    return f"/api/v1/hooks/{routine_id}"


def _hash(secret: str) -> bytes:
    # The secret has 256 random bits: a plain hash cannot be searched, and needs no slowing down.
    return sha256(secret.encode()).digest()


def _is_signed(call: HookCall, secret: str) -> bool:
    signature = hmac.new(secret.encode(), call.body, sha256).hexdigest()
    return hmac.compare_digest(f"sha256={signature}".encode(), (call.signature or "").encode())


def _read(call: HookCall) -> Any:
    """The body as JSON when it is some, else as text, else null; what PostgreSQL cannot hold is replaced."""
    text = call.body.decode(errors="replace")
    if not text.strip():
        return None
    try:
        body = replaced(json.loads(text))
        json.dumps(body, ensure_ascii=False).encode()  # lone surrogates are JSON, and no text
    except (ValueError, RecursionError):
        return text
    return body


def _asked(body: Any) -> tuple[dict[str, Any], date | None]:
    """The params and the business date that a body asks for."""
    if not isinstance(body, dict):
        return {}, None
    params, day = body.get("params"), body.get("business_date")
    if params is not None and not isinstance(params, dict):
        raise HookBodyInvalid("params are not an object")
    try:
        storable(params)
    except ValueError as error:
        raise HookBodyInvalid(f"params: {error}") from error
    if day is None:
        return params or {}, None
    try:
        return params or {}, date.fromisoformat(day)
    except (TypeError, ValueError) as error:
        raise HookBodyInvalid("business_date is not a date such as 2026-11-20") from error
