"""HTTP of access: who am I, who changed what."""

from typing import Annotated

from fastapi import APIRouter, Query

from core_api.modules.access.dependencies import AuditReads
from core_api.modules.access.schemas import AuditEntryRead, Me
from core_api.modules.access.service import describe
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, Limit
from shared_utils.http.security import Admin, CurrentCaller

router = APIRouter(tags=["access"])

Filter = Annotated[str | None, Query(max_length=200)]


@router.get("/me", summary="Who am I", responses=problems(Unauthenticated))
async def me(caller: CurrentCaller) -> ApiResponse[Me, None]:
    """The caller as their access token says: names, roles, and the roles whose rights they have."""
    return ok(describe(caller))


@router.get("/audit", summary="Read the audit log", responses=problems(Unauthenticated, Forbidden))
async def list_audit(
    audit: AuditReads,
    _: Admin,
    entity: Annotated[str | None, Query(max_length=200, examples=["routine"])] = None,
    entity_id: Filter = None,
    actor: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[AuditEntryRead], CursorMeta]:
    """Every change, the newest first: who, what, and how it was before and after."""
    entries, meta = await audit.page(entity=entity, entity_id=entity_id, actor=actor, cursor=cursor, limit=limit)
    return ok(entries, meta=meta)
