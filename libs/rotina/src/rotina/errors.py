"""What a job raises to say how it failed. Only transient failures are tried again (DESIGN, E9)."""

from typing import Any, ClassVar


class JobError(Exception):
    """Base of failures that a job describes itself.

    `code` is stable and meant for programs, `message` tells a person what happened and what to do, `detail` is JSON.
    """

    default_code: ClassVar[str] = "JOB_ERROR"
    transient: ClassVar[bool] = False

    def __init__(self, message: str, *, code: str | None = None, detail: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.detail = detail or {}


class TransientError(JobError):
    """Trying again later may help: the file is not published yet, a host does not answer."""

    default_code = "TRANSIENT"
    transient = True


class PermanentError(JobError):
    """Trying again cannot help: the input is wrong, the data is broken for good."""

    default_code = "PERMANENT"


class JobCancelled(BaseException):
    """Raised inside a job that was told to stop.

    It is no `Exception`, so that a job's `except Exception` does not swallow the order; `finally` blocks run.
    """
