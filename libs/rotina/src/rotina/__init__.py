"""Rotina for its users: write jobs (`@job`), and drive the product from a terminal (`rotina`)."""

from rotina.artifacts import Artifact
from rotina.context import JobContext, JobLog, RunChannel, RunInfo
from rotina.errors import JobCancelled, JobError, PermanentError, TransientError
from rotina.registry import JobRegistry, JobSpec, Params, default_registry, job
from shared_schemas.jobs import LogLevel, RunResult, RunWarning

__all__ = [
    "Artifact",
    "JobCancelled",
    "JobContext",
    "JobError",
    "JobLog",
    "JobRegistry",
    "JobSpec",
    "LogLevel",
    "Params",
    "PermanentError",
    "RunChannel",
    "RunInfo",
    "RunResult",
    "RunWarning",
    "TransientError",
    "default_registry",
    "job",
]
