"""The worker protocol: what a worker announces, claims, reports and is told (DESIGN, E6-E9).

Every message names the attempt: only the holder of an execution's current attempt may heartbeat, log or finish it.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

MAX_BATCH = 1000
MAX_ARTIFACT_BYTES = 256 * 1024**2
MAX_ARTIFACTS = 200
ARTIFACT_NAME = r"^\w[\w .,()@+=\-]{0,198}\w$|^\w$"
"""Names of artifacts: what every file system and every header can hold; no folders, nothing hidden."""

QueueName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
JobName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,99}$")]
WorkerId = Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[A-Za-z0-9_.:-]+$")]


class Contract(BaseModel):
    """Base of protocol messages: frozen; readers ignore fields that they do not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class JobDescriptor(Contract):
    """A job that a worker can run. `params_schema` is JSON Schema (2020-12) of the job's params object."""

    name: JobName
    title: str
    description: str
    params_schema: dict[str, Any]
    light: bool = False
    default_timeout_seconds: int | None = None


class WorkerRegistration(Contract):
    """`POST /internal/v1/workers`: sent at start, and again whenever a heartbeat answers `registered: false`."""

    worker_id: WorkerId
    host: str
    pid: int
    queues: list[QueueName] = Field(min_length=1, max_length=20)
    slots: int = Field(ge=1, le=1000)
    version: str
    jobs: list[JobDescriptor] = Field(max_length=1000)


class WorkerRegistered(Contract):
    lease_seconds: float
    heartbeat_seconds: float


class RunningAttempt(Contract):
    execution_id: UUID
    attempt: int
    progress: float | None = Field(default=None, ge=0, le=1)
    progress_message: str | None = Field(default=None, max_length=500)
    eta_seconds: float | None = Field(default=None, ge=0)
    """How long the job thinks that it still needs."""


class Heartbeat(Contract):
    """`POST /internal/v1/workers/{worker_id}/heartbeat`, every third of a lease: renews the leases of what it lists."""

    running: list[RunningAttempt] = Field(max_length=MAX_BATCH)
    draining: bool = False


class AttemptRef(Contract):
    execution_id: UUID
    attempt: int


class HeartbeatReply(Contract):
    """`revoked` attempts are no longer this worker's and must be stopped; `cancel` were cancelled by a person."""

    registered: bool
    lease_seconds: float
    revoked: list[AttemptRef]
    cancel: list[AttemptRef]


class ClaimRequest(Contract):
    """`POST /internal/v1/executions/claim`: the ids of the entries that woke the worker, one for each run it asks for.

    What it is given is the most urgent work of its queues and jobs (E4), not necessarily these executions.
    """

    worker_id: WorkerId
    execution_ids: list[UUID] = Field(min_length=1, max_length=MAX_BATCH)


class ClaimedRun(Contract):
    """Everything that a worker needs to run one attempt."""

    execution_id: UUID
    attempt: int
    routine_id: UUID
    routine_name: str
    job: JobName
    params: dict[str, Any]
    business_date: date
    slot: datetime
    origin: str
    timeout_seconds: int | None
    max_attempts: int
    recoveries: int
    correlation_id: str
    traceparent: str | None = None
    cancel_grace_seconds: float = Field(default=10, ge=0)
    """How long a run that is cancelled, or past its time limit, may clean up before its processes are killed."""


class ClaimReply(Contract):
    """`claimed` is in the order of urgency. `refused` are the asked ids that are not among them.

    An entry is acknowledged when the run that it was spent on is finished, and at once when none was left for it.
    """

    lease_seconds: float
    claimed: list[ClaimedRun]
    refused: list[UUID]


class Outcome(StrEnum):
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    TIMED_OUT = "TIMED_OUT"
    CANCELLED = "CANCELLED"
    HANDED_BACK = "HANDED_BACK"
    """The worker is stopping and gives the run back: it is queued again and no attempt is used up."""


class RunWarning(Contract):
    """Something a person should see on a success, for example a file that was not there."""

    code: str
    message: str
    context: dict[str, Any] = Field(default_factory=dict)


class RunResult(Contract):
    """What a successful run reports: row counts and whatever else describes it, as JSON."""

    data: dict[str, Any] = Field(default_factory=dict)
    warnings: list[RunWarning] = Field(default_factory=list, max_length=1000)


class RunError(Contract):
    """Why an attempt failed. `transient` says whether trying again may help (E9)."""

    code: str
    message: str
    transient: bool
    detail: dict[str, Any] = Field(default_factory=dict)
    traceback: str | None = None


class AttemptResult(Contract):
    execution_id: UUID
    attempt: int
    outcome: Outcome
    started_at: datetime
    finished_at: datetime
    result: RunResult | None = None
    error: RunError | None = None


class FinishRequest(Contract):
    """`POST /internal/v1/executions/finish`; repeating an accepted result is accepted again and changes nothing."""

    worker_id: WorkerId
    results: list[AttemptResult] = Field(min_length=1, max_length=MAX_BATCH)


class FinishReply(Contract):
    accepted: list[AttemptRef]
    fenced: list[AttemptRef]


class LogLevel(StrEnum):
    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class LogLine(Contract):
    """`seq` counts up from 1 within an attempt, so a repeated batch writes nothing twice."""

    execution_id: UUID
    attempt: int
    seq: int = Field(ge=1)
    at: datetime
    level: LogLevel
    message: str = Field(max_length=20_000)
    fields: dict[str, Any] = Field(default_factory=dict)


class LogBatch(Contract):
    """`POST /internal/v1/executions/logs`."""

    worker_id: WorkerId
    lines: list[LogLine] = Field(min_length=1, max_length=MAX_BATCH)


class LogReply(Contract):
    accepted: int
    fenced: list[AttemptRef]


class ArtifactStored(Contract):
    """Answer to `PUT /internal/v1/artifacts/{execution_id}/{attempt}/{name}`, whose body is the file."""

    size_bytes: int
    sha256: str


class QueueEntry(Contract):
    """The body of an entry of a work stream: the id is all that travels; the truth stays in PostgreSQL."""

    execution_id: UUID


def band_of(priority: int) -> int:
    """The band stream of a priority (E4): 1 for downloads (1-10), 2 for loads (11-20), 3 for processing (21 and up)."""
    if priority <= 10:
        return 1
    return 2 if priority <= 20 else 3


def work_stream(queue: str, band: int) -> str:
    """Key of a work stream. The braces are a Redis Cluster hash tag: all keys of one queue share a slot."""
    return f"queue:worker:{{{queue}}}:p{band}"


def wake_stream(queue: str) -> str:
    """Key of the tiny stream on which idle workers of a queue block."""
    return f"queue:worker:{{{queue}}}:wake"
