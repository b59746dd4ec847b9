"""HTTP of prompts: versions that never change, and labels that move."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from ai_svc.brain.exceptions import BudgetExceeded, ModelLimited, ModelRefused, ModelUnavailable
from ai_svc.prompts.dependencies import PromptChanges, PromptReads, PromptTrialDep
from ai_svc.prompts.exceptions import (
    PromptBuiltIn,
    PromptInvalid,
    PromptLabelNotFound,
    PromptNameTaken,
    PromptNotFound,
    PromptNothingBefore,
    PromptVariables,
    PromptVersionExists,
    PromptVersionNotFound,
)
from ai_svc.prompts.schemas import (
    LABEL_PATTERN,
    NAME_PATTERN,
    LabelMove,
    PromptDescribe,
    PromptDiff,
    PromptRead,
    PromptSummary,
    PromptTest,
    PromptTestRead,
    PromptWrite,
    Rollback,
    VersionRead,
    VersionWrite,
)
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, PreconditionFailed, PreconditionRequired, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.etag import IfMatch, etag_for
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit, cursor_meta, decode_cursor
from shared_utils.http.security import Admin, Viewer

router = APIRouter(prefix="/ai/prompts", tags=["prompts"])

Name = Annotated[str, Path(pattern=NAME_PATTERN, examples=["rag.answer"])]
Label = Annotated[str, Path(pattern=LABEL_PATTERN, examples=["production"])]
Number = Annotated[int, Path(ge=1, le=1_000_000_000)]
Between = Annotated[int, Query(ge=1, le=1_000_000_000)]

_NO_ENTRY = (Unauthenticated, Forbidden)
_LOCKED = (PreconditionFailed, PreconditionRequired)


@router.get("", summary="List prompts", responses=problems(*_NO_ENTRY, InvalidCursor))
async def list_prompts(
    reads: PromptReads,
    _: Viewer,
    archived: Annotated[bool, Query(description="Those that are out of use instead.")] = False,  # noqa: FBT002
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[PromptSummary], CursorMeta]:
    """Prompts by name, with where their labels point."""
    page, more = await reads.page(archived=archived, after=_after(cursor), limit=limit)
    return ok(page, meta=cursor_meta(limit=limit, next_key={"name": page[-1].name} if more else None))


@router.post(
    "", summary="Create a prompt", status_code=201, responses=problems(*_NO_ENTRY, PromptInvalid, PromptNameTaken)
)
async def create_prompt(
    write: PromptWrite, changes: PromptChanges, caller: Admin, response: Response
) -> ApiResponse[PromptRead, None]:
    """Add a prompt; its first version is in production at once.

    `{{name}}` stands for a declared variable. Nothing else is replaced, and no value is searched for variables.
    """
    prompt, revision = await changes.create(write, by=caller)
    response.headers["ETag"] = etag_for(revision)
    return ok(prompt)


@router.get("/{name}", summary="Read a prompt", responses=problems(*_NO_ENTRY, PromptNotFound))
async def get_prompt(name: Name, reads: PromptReads, _: Viewer, response: Response) -> ApiResponse[PromptRead, None]:
    """A prompt with its versions, its labels and how they moved; its ETag is what a change must send.

    A release never overwrites a person's choice: `overrides_release` says that there is one.
    """
    prompt, revision = await reads.get(name)
    response.headers["ETag"] = etag_for(revision)
    return ok(prompt)


@router.put(
    "/{name}",
    summary="Describe a prompt",
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptBuiltIn, *_LOCKED),
)
async def update_prompt(
    name: Name,
    write: PromptDescribe,
    changes: PromptChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[PromptRead, None]:
    """Say anew what a prompt is for. Its text changes by a new version."""
    prompt, revision = await changes.describe(name, write, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(revision)
    return ok(prompt)


@router.delete(
    "/{name}",
    summary="Archive a prompt",
    status_code=204,
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptBuiltIn),
)
async def archive_prompt(name: Name, changes: PromptChanges, caller: Admin) -> None:
    """Take a prompt out of use. Its versions stay: what calls were made with can always be read."""
    await changes.archive(name, by=caller)


@router.post("/{name}/restore", summary="Restore a prompt", responses=problems(*_NO_ENTRY, PromptNotFound))
async def restore_prompt(
    name: Name, changes: PromptChanges, caller: Admin, response: Response
) -> ApiResponse[PromptRead, None]:
    """Put an archived prompt back into use."""
    prompt, revision = await changes.restore(name, by=caller)
    response.headers["ETag"] = etag_for(revision)
    return ok(prompt)


@router.post(
    "/{name}/versions",
    summary="Add a version",
    status_code=201,
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptInvalid, PromptVersionExists),
)
async def create_prompt_version(
    name: Name, write: VersionWrite, changes: PromptChanges, caller: Admin, response: Response
) -> ApiResponse[VersionRead, None]:
    """Add a version, which never changes. No label moves: test it, then move `production` to it."""
    version, revision = await changes.add_version(name, write, by=caller)
    response.headers["ETag"] = etag_for(revision)
    return ok(version)


@router.get(
    "/{name}/versions/{number}",
    summary="Read a version",
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptVersionNotFound),
)
async def get_prompt_version(
    name: Name, number: Number, reads: PromptReads, _: Viewer
) -> ApiResponse[VersionRead, None]:
    """One version with its text and its variables."""
    return ok(await reads.version(name, number))


@router.get(
    "/{name}/diff",
    summary="Compare two versions",
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptVersionNotFound),
)
async def diff_prompt_versions(
    name: Name,
    reads: PromptReads,
    _: Viewer,
    before: Annotated[Between, Query(alias="from")],
    after: Annotated[Between, Query(alias="to")],
) -> ApiResponse[PromptDiff, None]:
    """What changed between two versions, as unified diffs of the text and of the variables."""
    return ok(await reads.diff(name, before=before, after=after))


@router.put(
    "/{name}/labels/{label}",
    summary="Move a label",
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptVersionNotFound, PromptInvalid, *_LOCKED),
)
async def move_prompt_label(
    name: Name,
    label: Label,
    write: LabelMove,
    changes: PromptChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[PromptRead, None]:
    """Point a label at a version; calls use it within a second. A label that is not there yet is made.

    `production` on the release's own version follows later releases; on any other it stays where you put it.
    """
    prompt, revision = await changes.move(name, label, write, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(revision)
    return ok(prompt)


@router.post(
    "/{name}/labels/{label}/rollback",
    summary="Roll a label back",
    responses=problems(*_NO_ENTRY, PromptNotFound, PromptLabelNotFound, PromptNothingBefore, *_LOCKED),
)
async def rollback_prompt_label(
    name: Name,
    label: Label,
    write: Rollback,
    changes: PromptChanges,
    caller: Admin,
    response: Response,
    if_match: IfMatch = None,
) -> ApiResponse[PromptRead, None]:
    """Point a label at where it was before its newest move; again, at where it was before that."""
    prompt, revision = await changes.roll_back(name, label, note=write.note, if_match=if_match, by=caller)
    response.headers["ETag"] = etag_for(revision)
    return ok(prompt)


@router.post(
    "/{name}/test",
    summary="Test a prompt",
    responses=problems(
        *_NO_ENTRY,
        PromptNotFound,
        PromptVersionNotFound,
        PromptLabelNotFound,
        PromptVariables,
        BudgetExceeded,
        ModelLimited,
        ModelRefused,
        ModelUnavailable,
    ),
)
async def test_prompt(
    name: Name, test: PromptTest, trial: PromptTrialDep, caller: Admin
) -> ApiResponse[PromptTestRead, None]:
    """Ask a model with a version's text and your values. It is a real call: it costs what it costs and is in usage."""
    return ok(await trial.run(name, test, by=caller))


def _after(cursor: str | None) -> str | None:
    if cursor is None:
        return None
    name = decode_cursor(cursor).get("name")
    if not isinstance(name, str) or "\x00" in name:
        raise InvalidCursor
    return name
