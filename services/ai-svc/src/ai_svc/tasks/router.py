"""HTTP of tasks: everybody sees and cancels their own, administrators all of them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ValidationError

from ai_svc.tasks.dependencies import TaskChanges, TaskReads
from ai_svc.tasks.exceptions import TaskIsOver, TaskNotFound
from ai_svc.tasks.schemas import ItemRead, TaskRead, TasksErased, TaskStatus, TaskSummary
from shared_schemas.envelope import ApiResponse, CursorMeta
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.pagination import Cursor, InvalidCursor, Limit, cursor_meta, decode_cursor
from shared_utils.http.security import Admin, InternalCaller, Viewer

router = APIRouter(prefix="/ai/tasks", tags=["tasks"])
internal = APIRouter(prefix="/ai/tasks", tags=["internal"])

_REFUSED = (Unauthenticated, Forbidden)


class TaskKey(BaseModel):
    """The sort key of a task, as it travels in a cursor."""

    id: UUID


class ItemKey(BaseModel):
    """The sort key of an item."""

    ordinal: int


class ItemPage(BaseModel):
    """Items for other services, which get no envelope; `next_after` is the `after` of the page that follows."""

    items: list[ItemRead]
    next_after: int | None


@router.get("", summary="List tasks", responses=problems(*_REFUSED, InvalidCursor))
async def list_tasks(
    caller: Viewer,
    tasks: TaskReads,
    kind: Annotated[str | None, Query(max_length=60, description="Only of this kind.", examples=["text.batch"])] = None,
    status: Annotated[TaskStatus | None, Query(description="Only with this status.")] = None,
    owner: Annotated[str | None, Query(max_length=200, description="Administrators: only this person's.")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ApiResponse[list[TaskSummary], CursorMeta]:
    """Your tasks, the newest first, without their texts; administrators see everybody's."""
    before = _key(TaskKey, cursor)
    page, more = await tasks.page(
        by=caller, owner=owner, kind=kind, status=status, before=before.id if before else None, limit=limit
    )
    meta = cursor_meta(limit=limit, next_key={"id": str(page[-1].id)} if more else None)
    return ok(page, meta=meta)


@router.get("/{task_id}", summary="Read a task", responses=problems(*_REFUSED, TaskNotFound))
async def get_task(task_id: UUID, caller: Viewer, tasks: TaskReads) -> ApiResponse[TaskRead, None]:
    """How far a task is, and its result once it is over. Poll it, or listen for `task.finished`."""
    return ok(await tasks.get(task_id, by=caller))


@router.get(
    "/{task_id}/items", summary="List a batch's items", responses=problems(*_REFUSED, TaskNotFound, InvalidCursor)
)
async def list_task_items(
    task_id: UUID, caller: Viewer, tasks: TaskReads, cursor: Cursor = None, limit: Limit = 50
) -> ApiResponse[list[ItemRead], CursorMeta]:
    """What became of each item of a batch, in the order in which they were sent; also while it runs."""
    after = _key(ItemKey, cursor)
    page, more = await tasks.items(task_id, by=caller, after=after.ordinal if after else None, limit=limit)
    return ok(page, meta=cursor_meta(limit=limit, next_key={"ordinal": page[-1].ordinal} if more else None))


@router.post("/{task_id}/cancel", summary="Cancel a task", responses=problems(*_REFUSED, TaskNotFound, TaskIsOver))
async def cancel_task(task_id: UUID, caller: Viewer, tasks: TaskChanges) -> ApiResponse[TaskRead, None]:
    """A task that waits is over at once. One that runs stops within moments; until then `cancel_requested` is true.

    What a batch's items came to before the cancel stays.
    """
    return ok(await tasks.cancel(task_id, by=caller))


@router.delete("", summary="Erase a person's tasks", responses=problems(*_REFUSED))
async def erase_tasks(
    owner: Annotated[str, Query(min_length=1, max_length=255, description="The person's subject.")],
    _: Admin,
    tasks: TaskChanges,
) -> ApiResponse[TasksErased, None]:
    """Removes all that a person ever asked for, with every text in it. What runs is stopped."""
    return ok(TasksErased(owner=owner, tasks=await tasks.erase(owner)))


@internal.get("/{task_id}", summary="Read a task of one's own", responses=problems(Unauthenticated, TaskNotFound))
async def get_task_internally(task_id: UUID, caller: InternalCaller, tasks: TaskReads) -> TaskRead:
    """A task that the calling service asked for."""
    return await tasks.get(task_id, by=f"service:{caller.service}")


@internal.get("/{task_id}/items", summary="List a batch's items", responses=problems(Unauthenticated, TaskNotFound))
async def list_items_internally(
    task_id: UUID,
    caller: InternalCaller,
    tasks: TaskReads,
    after: Annotated[int | None, Query(ge=-1, description="The last ordinal that was seen.")] = None,
    limit: Limit = 50,
) -> ItemPage:
    """What became of the items of a batch that the calling service asked for."""
    page, more = await tasks.items(task_id, by=f"service:{caller.service}", after=after, limit=limit)
    return ItemPage(items=page, next_after=page[-1].ordinal if more else None)


@internal.post(
    "/{task_id}/cancel",
    summary="Cancel a task of one's own",
    responses=problems(Unauthenticated, TaskNotFound, TaskIsOver),
)
async def cancel_task_internally(task_id: UUID, caller: InternalCaller, tasks: TaskChanges) -> TaskRead:
    """Cancels a task that the calling service asked for."""
    return await tasks.cancel(task_id, by=f"service:{caller.service}")


def _key[KeyT: BaseModel](model: type[KeyT], cursor: str | None) -> KeyT | None:
    if cursor is None:
        return None
    try:
        return model.model_validate(decode_cursor(cursor))
    except ValidationError as error:
        raise InvalidCursor from error
