"""How jobs ask ai-svc: a task under the execution's own key, followed until it is over.

A second attempt of the execution finds the first one's task, so that nothing which is done is done again.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from rotina import JobContext, PermanentError, TransientError
from shared_utils.http.client import ServiceClient, UpstreamBroken, UpstreamRejected, UpstreamUnavailable
from worker_svc.database import SERVICE
from worker_svc.settings import Settings

CALL_SECONDS: Final = 150.0
"""A call may wait for a model."""
FIRST_LOOK_SECONDS: Final = 0.1
LONGEST_LOOK_SECONDS: Final = 2.0
MAX_FILE_BYTES: Final = 16 * 1024 * 1024
SHORT_CHARS: Final = 4000
"""A result up to so many characters stands in the run's result; a longer one becomes an artifact."""
# What ai-svc calls failures that may pass; a budget that is used up is not one of them.
_PASSING: Final = frozenset(
    {
        *("MODEL_LIMITED", "MODEL_UNAVAILABLE", "MODEL_FAILED", "MODEL_TIMED_OUT", "UNAVAILABLE"),
        *("TASK_RUNNER_LOST", "TASK_FAILED", "ALL_ITEMS_FAILED"),
    }
)
_OVER: Final = frozenset({"SUCCEEDED", "FAILED", "CANCELLED"})
_SERVER_ERROR: Final = 500


class _Contract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class TaskError(_Contract):
    code: str
    message: str


class Task(_Contract):
    """A task of ai-svc, as far as jobs care."""

    id: UUID
    status: str
    progress: float
    items_total: int
    items_done: int
    items_failed: int
    error: TaskError | None
    result: dict[str, Any] | None


class Item(_Contract):
    ordinal: int
    status: str
    result: dict[str, Any] | None
    error: TaskError | None


class ItemPage(_Contract):
    items: list[Item]
    next_after: int | None


class Request(BaseModel):
    """What is sent: the request itself, and the key under which it is done once."""

    request: dict[str, Any]
    idempotency_key: str


@asynccontextmanager
async def open_ai(settings: Settings) -> AsyncIterator[ServiceClient]:
    """A client of ai-svc. Its errors become the job's: what may pass is transient, what was refused is permanent."""
    if settings.ai_svc_url is None:
        raise PermanentError("this worker does not know where ai-svc is: set WORKER_SVC_AI_SVC_URL", code="AI_NOT_SET")
    client = ServiceClient(
        settings.ai_svc_url, service_name=SERVICE, internal_key=settings.internal_key, timeout=CALL_SECONDS
    )
    async with client:
        try:
            yield client
        except UpstreamUnavailable as error:
            raise TransientError(f"ai-svc: {error.message}", code="AI_UNAVAILABLE") from error
        except UpstreamRejected as error:
            kind = TransientError if error.status >= _SERVER_ERROR else PermanentError
            raise kind(f"ai-svc: {error.message}", code=error.upstream_code) from error
        except UpstreamBroken as error:
            raise PermanentError(f"ai-svc: {error.message}", code="AI_ANSWER_BROKEN") from error


async def done_task(ctx: JobContext[Any], ai: ServiceClient, kind: str, request: dict[str, Any]) -> Task:
    """The task of this execution when it is over. A cancel of the run cancels it; its failure is the run's."""
    body = Request(request=request, idempotency_key=str(ctx.execution_id))
    task = await ai.post(f"/internal/v1/ai/text/{kind}", body, response=Task, idempotent=True)
    ctx.log.info("asked ai-svc", task_id=str(task.id), kind=kind, items=task.items_total, done=task.items_done)
    pause = FIRST_LOOK_SECONDS
    while task.status not in _OVER:
        if ctx.cancelled:
            await ai.post(f"/internal/v1/ai/tasks/{task.id}/cancel", response=Task, idempotent=True)
            ctx.raise_if_cancelled()
        ctx.progress(task.progress, f"{task.items_done} de {task.items_total}" if task.items_total else None)
        await asyncio.sleep(pause)
        pause = min(LONGEST_LOOK_SECONDS, pause * 1.5)
        task = await ai.get(f"/internal/v1/ai/tasks/{task.id}", response=Task)
    if task.status != "SUCCEEDED" and task.error is not None:
        kind_of_error = TransientError if task.error.code in _PASSING else PermanentError
        raise kind_of_error(f"ai-svc: {task.error.message}", code=task.error.code, detail={"task_id": str(task.id)})
    if task.status != "SUCCEEDED":
        raise PermanentError(
            "the task was cancelled in ai-svc", code="TASK_CANCELLED", detail={"task_id": str(task.id)}
        )
    return task


async def items_of(ai: ServiceClient, task: Task) -> AsyncIterator[Item]:
    """A batch's items in their order."""
    after: int | None = -1
    while after is not None:
        page = await ai.get(
            f"/internal/v1/ai/tasks/{task.id}/items", response=ItemPage, params={"after": after, "limit": 100}
        )
        for item in page.items:
            yield item
        after = page.next_after


def text_of(settings: Settings, *, text: str | None, file: str | None) -> str:
    """The text itself, or the content of a file in the storage folder."""
    return text if text is not None else read_stored(settings, file or "").decode("utf-8", errors="replace")


def read_stored(settings: Settings, name: str) -> bytes:
    """A file below the storage folder; nothing outside of it can be named."""
    root = settings.storage_dir.resolve()
    path = (root / name).resolve()
    if not path.is_relative_to(root) or not path.is_file():
        raise PermanentError(f"there is no file {name!r} in the storage folder", code="FILE_NOT_FOUND")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise PermanentError(f"{name} is larger than {MAX_FILE_BYTES // 1024**2} MB", code="FILE_TOO_LARGE")
    return Path(path).read_bytes()


def reported(ctx: JobContext[Any], result: dict[str, Any], *, text_field: str, name: str) -> dict[str, Any]:
    """The run's result: all of it when it is short; else a file with the whole, and its beginning."""
    text = str(result.get(text_field, ""))
    whole = json.dumps(result, ensure_ascii=False, indent=2)
    if len(whole) <= SHORT_CHARS:
        return result
    ctx.artifact(f"{name}.txt", text.encode(), content_type="text/plain; charset=utf-8")
    ctx.artifact(f"{name}.json", whole.encode(), content_type="application/json")
    kept = {key: value for key, value in result.items() if len(json.dumps(value)) <= SHORT_CHARS // 4}
    return kept | {text_field: f"{text[:500]}…", "artifact": f"{name}.txt"}
