"""HTTP of definitions."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from core_api.limits import LIMITED_WRITES
from core_api.modules.definitions.dependencies import DefinitionChanges, DefinitionReads
from core_api.modules.definitions.exceptions import DefinitionsInvalid, PlanOutdated
from core_api.modules.definitions.schemas import PlanRead
from core_api.yaml_documents import MAX_BYTES, Problem
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, TooLarge, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import Admin, Viewer

router = APIRouter(prefix="/definitions", tags=["definitions"])

YAML = "application/yaml"  # RFC 9512
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"A document of at most {MAX_BYTES:,} bytes, as the export writes it.",
        "content": {YAML: {"schema": {"type": "string"}}},
    }
}
_YAML_ANSWER: dict[str, Any] = {"content": {YAML: {"schema": {"type": "string"}}}}
_PROBLEMS = problems(Unauthenticated, Forbidden, DefinitionsInvalid, TooLarge)

Prune = Annotated[
    bool,
    Query(description="Delete what a section of the document does not describe; a missing section deletes nothing."),
]
AllowUnknownJob = Annotated[bool, Query(description="Accept jobs that no worker has offered yet.")]
Expected = Annotated[
    str | None, Query(pattern="^[0-9a-f]{64}$", description="The plan's fingerprint: apply exactly that, or nothing.")
]


async def _text(request: Request) -> str:
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise TooLarge
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise DefinitionsInvalid([Problem(None, None, "the document is not UTF-8", "encoding")]) from error


@router.get(
    "",
    summary="Export definitions",
    response_class=Response,
    responses={200: _YAML_ANSWER, **problems(Unauthenticated, Forbidden)},
)
async def export_definitions(definitions: DefinitionReads, caller: Viewer) -> Response:
    """Calendars of one's own, pools, day groups and routines as YAML, to be kept in git.

    Secrets are not among them: secret params read `***`, which keeps what is stored when the document is applied.
    """
    headers = {"Content-Disposition": 'attachment; filename="rotina.yaml"', "Cache-Control": "no-store"}
    return Response(await definitions.export(by=caller), media_type=YAML, headers=headers)


@router.post("/plan", summary="Plan definitions", openapi_extra=_BODY, responses=_PROBLEMS)
async def plan_definitions(
    request: Request,
    definitions: DefinitionChanges,
    caller: Admin,
    *,
    prune: Prune = False,
    allow_unknown_job: AllowUnknownJob = False,
) -> ApiResponse[PlanRead, None]:
    """What applying the document would create, update and delete, field by field. Nothing is changed.

    Every problem is told with its line.
    """
    text = await _text(request)
    return ok(await definitions.plan(text, prune=prune, allow_unknown_job=allow_unknown_job, by=caller))


@router.post(
    "/apply",
    summary="Apply definitions",
    openapi_extra=_BODY,
    dependencies=LIMITED_WRITES,
    responses=_PROBLEMS | problems(PlanOutdated),
)
async def apply_definitions(
    request: Request,
    definitions: DefinitionChanges,
    caller: Admin,
    *,
    prune: Prune = False,
    allow_unknown_job: AllowUnknownJob = False,
    expected: Expected = None,
) -> ApiResponse[PlanRead, None]:
    """Makes everything as the document says, or nothing at all. Applying it again changes nothing."""
    text = await _text(request)
    plan = await definitions.apply(text, prune=prune, expected=expected, allow_unknown_job=allow_unknown_job, by=caller)
    return ok(plan)
