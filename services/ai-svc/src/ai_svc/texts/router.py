"""HTTP of text jobs. Small requests are answered at once (200), long ones become a task (202)."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel

from ai_svc.brain.exceptions import (
    AnswerUnfit,
    BudgetExceeded,
    ModelFailed,
    ModelLimited,
    ModelRefused,
    ModelTimedOut,
    ModelUnavailable,
)
from ai_svc.tasks.public import IdempotencyKeyReused, TaskRead
from ai_svc.texts.dependencies import Jobs, Texts, Wish
from ai_svc.texts.exceptions import ModelRequired, SchemaInvalid, TextTooLong, TooManyItems
from ai_svc.texts.schemas import (
    BatchRead,
    BatchRequest,
    InternalJob,
    ProcessRead,
    ProcessRequest,
    QaRequest,
    SummarizeRequest,
    SummaryRead,
    TextAnswerRead,
    WarningsRead,
    WarningsRequest,
)
from shared_schemas.auth import AuthContext
from shared_schemas.envelope import ApiResponse
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.http.envelope import ok, problems
from shared_utils.http.security import InternalCaller, Operator

router = APIRouter(prefix="/ai/text", tags=["text"])
internal = APIRouter(prefix="/ai/text", tags=["internal"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Repeating a request with its key gives the same task and does nothing twice. Kept as the task is.",
    ),
]
Prefer = Annotated[
    str | None,
    Header(alias="Prefer", max_length=200, description="`respond-async`: a task at once, however small it is."),
]

_REFUSED = (Unauthenticated, Forbidden, TextTooLong, IdempotencyKeyReused)
_MODELS = (ModelRefused, ModelLimited, BudgetExceeded, ModelUnavailable, ModelFailed, ModelTimedOut)
_LATER: dict[int | str, dict[str, Any]] = {
    202: {"model": ApiResponse[TaskRead, None], "description": "It takes long: a task, at the address in `Location`."}
}


@router.post(
    "/process",
    response_model=ApiResponse[ProcessRead, None],
    summary="Process a text",
    responses=_LATER | problems(*_REFUSED, *_MODELS, ModelRequired, SchemaInvalid, AnswerUnfit),
)
async def process_text(
    body: ProcessRequest,
    request: Request,
    jobs: Jobs,
    caller: Operator,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> ApiResponse[ProcessRead, None] | Response:
    """Applies an instruction to a text, with a model, or one of the operations, which need none.

    A text beyond the model's window is processed in parts, whose answers follow each other. With an `answer_schema` the
    answer is JSON that satisfies it, in `data`.
    """
    return _answer(await jobs.process(body, wish=_wish(caller, key, prefer)), request)


@router.post(
    "/summarize",
    response_model=ApiResponse[SummaryRead, None],
    summary="Sum a text up",
    responses=_LATER | problems(*_REFUSED, *_MODELS),
)
async def summarize_text(
    body: SummarizeRequest,
    request: Request,
    jobs: Jobs,
    caller: Operator,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> ApiResponse[SummaryRead, None] | Response:
    """A summary in the style, length and language that were asked for.

    A text beyond the model's window is summed up in parts first. Without a model the summary is made of the text's own
    most telling sentences.
    """
    return _answer(await jobs.summarize(body, wish=_wish(caller, key, prefer)), request)


@router.post(
    "/qa",
    response_model=ApiResponse[TextAnswerRead, None],
    summary="Ask a text",
    responses=_LATER | problems(*_REFUSED, *_MODELS, AnswerUnfit),
)
async def ask_text(
    body: QaRequest, request: Request, jobs: Jobs, caller: Operator, key: IdempotencyKey = None, prefer: Prefer = None
) -> ApiResponse[TextAnswerRead, None] | Response:
    """An answer from the text alone, with quotes that stand in it word for word; else `found` is false.

    Without a model the answer is made of the sentences that have most in common with the question.
    """
    return _answer(await jobs.qa(body, wish=_wish(caller, key, prefer)), request)


@router.post(
    "/batch",
    response_model=ApiResponse[BatchRead, None],
    summary="Do many texts",
    responses=_LATER | problems(*_REFUSED, TooManyItems, ModelRequired, SchemaInvalid),
)
async def batch_texts(
    body: BatchRequest,
    request: Request,
    jobs: Jobs,
    caller: Operator,
    key: IdempotencyKey = None,
    prefer: Prefer = None,
) -> ApiResponse[BatchRead, None] | Response:
    """Many inputs of one kind, each with a result or an error of its own.

    A small batch is answered when it is done; a long one is a task whose items can be read while it runs. What is done
    is never done again, also when the service is stopped in the middle.
    """
    return _answer(await jobs.batch(body, wish=_wish(caller, key, prefer)), request)


@internal.post(
    "/process",
    summary="Process a text, later",
    responses=problems(Unauthenticated, ModelRequired, SchemaInvalid, TextTooLong),
)
async def process_internally(job: InternalJob[ProcessRequest], jobs: Jobs, caller: InternalCaller) -> TaskRead:
    """A task of the calling service."""
    return await jobs.queue("text.process", job.request, wish=_service_wish(caller.service, job.idempotency_key))


@internal.post("/summarize", summary="Sum a text up, later", responses=problems(Unauthenticated, TextTooLong))
async def summarize_internally(job: InternalJob[SummarizeRequest], jobs: Jobs, caller: InternalCaller) -> TaskRead:
    """A task of the calling service."""
    return await jobs.queue("text.summarize", job.request, wish=_service_wish(caller.service, job.idempotency_key))


@internal.post("/qa", summary="Ask a text, later", responses=problems(Unauthenticated, TextTooLong))
async def ask_internally(job: InternalJob[QaRequest], jobs: Jobs, caller: InternalCaller) -> TaskRead:
    """A task of the calling service."""
    return await jobs.queue("text.qa", job.request, wish=_service_wish(caller.service, job.idempotency_key))


@internal.post("/batch", summary="Do many texts, later", responses=problems(Unauthenticated, TooManyItems, TextTooLong))
async def batch_internally(job: InternalJob[BatchRequest], jobs: Jobs, caller: InternalCaller) -> TaskRead:
    """A task of the calling service."""
    return await jobs.queue_batch(job.request, wish=_service_wish(caller.service, job.idempotency_key))


@internal.post("/warnings", summary="A day's loads in one paragraph", responses=problems(Unauthenticated))
async def warnings_internally(body: WarningsRequest, texts: Texts, caller: InternalCaller) -> WarningsRead:
    """One paragraph in Portuguese: what was loaded, what is missing, what warns, in the data's own counts and names."""
    return await texts.warnings(body, user=f"service:{caller.service}")


def _wish(caller: AuthContext, key: str | None, prefer: str | None) -> Wish:
    preferences = [one.strip().lower() for one in (prefer or "").split(",")]
    return Wish(owner=caller.subject, respond_async="respond-async" in preferences, key=key)


def _service_wish(service: str, key: str | None) -> Wish:
    return Wish(owner=f"service:{service}", respond_async=True, key=key, reopen=True)


def _answer[ReadT: BaseModel](done: ReadT | TaskRead, request: Request) -> ApiResponse[ReadT, None] | Response:
    """The answer, or 202 with the task that will have it."""
    if not isinstance(done, TaskRead):
        return ok(done)
    base = request.url.path.split("/ai/text/")[0]
    headers = {"Location": f"{base}/ai/tasks/{done.id}"}
    return Response(ok(done).model_dump_json(), 202, headers, "application/json")
