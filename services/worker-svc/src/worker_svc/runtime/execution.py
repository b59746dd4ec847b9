"""Running one attempt: a light job in the worker's loop, any other in a child process; time limit and stop (E10)."""

import asyncio
import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from rotina import Artifact, JobRegistry, PermanentError
from rotina.artifacts import Source, spool
from rotina.context import RunInfo
from rotina.registry import JobSpec
from rotina.running import RunEnd, build_context, run_async
from shared_schemas.jobs import LogLevel, RunError
from shared_utils.logging import correlation, get_logger, mask_secrets
from shared_utils.messaging.pause import wait_first
from worker_svc.runtime.active import ActiveRun, RunFolders, StopReason
from worker_svc.runtime.bounds import bounded_fields, bounded_text
from worker_svc.runtime.budget import LineBudget
from worker_svc.runtime.children import ChildPool, ChildProcess

logger = get_logger(__name__)

LEFTOVER_SECONDS: Final = 7 * 24 * 3600

HURRY_SECONDS: Final = 1.0
"""What is left of any grace when the worker is told a second time to stop."""

_HANDLE_SECONDS: Final = 0.02
_LIGHT_CANCELS: Final = 20
_LIGHT_CANCEL_SECONDS: Final = 0.25
_PROCESS_EVENTS: Final = frozenset(
    {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "os.exec"}
)
_in_light_job: ContextVar[str | None] = ContextVar("light_job", default=None)


@cache
def refuse_processes_of_light_jobs() -> None:
    """Light jobs share the worker's process, where nobody could end what they start: they may not start processes."""
    sys.addaudithook(_refuse_process)


def _refuse_process(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _PROCESS_EVENTS and (name := _in_light_job.get()) is not None:
        raise PermanentError(
            f"{name} is declared light and may not start a process; declare it without light=True",
            code="LIGHT_JOB_STARTS_PROCESS",
        )


def clear_leftovers(temp_root: Path, *, now: float) -> None:
    """Remove folders of attempts whose worker was killed before it could. Other workers may share the storage, so only
    what nobody has touched for a week goes.
    """
    for folder in temp_root.glob("*-*"):
        try:
            if now - folder.stat().st_mtime > LEFTOVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:  # its own worker was faster
            continue


async def _remove(folder: Path) -> None:
    if os.path.exists(folder):  # noqa: ASYNC240, PTH110  most runs never asked for it; a thread costs more than a look
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


class Stoppable(Protocol):
    """What a run is stopped through."""

    def soft_stop(self) -> None: ...
    async def kill(self) -> bool: ...


class LightTask:
    """A light job is a task of the worker's loop: cancelling it is all there is to do, again if it does not listen."""

    def __init__(self, task: asyncio.Task[RunEnd]) -> None:
        self._task = task

    def soft_stop(self) -> None:
        self._task.cancel()

    async def kill(self) -> bool:
        for _ in range(_LIGHT_CANCELS):
            self._task.cancel()
            done, _ = await asyncio.wait([self._task], timeout=_LIGHT_CANCEL_SECONDS)
            if done:
                return True
        return False


class LightChannel:
    """What a light job says goes through the same bounds as what comes out of a child process."""

    def __init__(self, active: ActiveRun, spool: Path) -> None:
        self._active = active
        self._spool = spool
        self._budget = LineBudget()

    def log(self, level: LogLevel, message: str, fields: dict[str, Any]) -> None:
        text = bounded_text(str(message))
        if not self._budget.take(len(text)):
            self._budget.dropped(1, len(text))
            return
        self.end()
        self._active.log(level, text, bounded_fields(fields))

    def progress(self, fraction: float | None, message: str | None, eta_seconds: float | None = None) -> None:
        self._active.progress(fraction, message, eta_seconds)

    def artifact(self, name: str, source: Source, content_type: str | None) -> Artifact:
        artifact, path = spool(source, self._spool, name=name, content_type=content_type)
        self._active.artifact(artifact, path)
        return artifact

    def end(self) -> None:
        """Tells of lines that were dropped."""
        if (notice := self._budget.notice()) is not None:
            self._active.log(LogLevel.WARNING, notice, {})


class Executor:
    """Runs attempts and stops them. `kill_grace` is how long, in seconds, a job may clean up when the worker is the

    reason why it stops; for a cancelled or timed-out run that is its routine's to say. Setting `hurry` cuts it short.
    """

    def __init__(self, *, registry: JobRegistry, children: ChildPool, temp_root: Path, kill_grace: float) -> None:
        refuse_processes_of_light_jobs()
        self.hurry = asyncio.Event()
        self._registry = registry
        self._children = children
        self._temp_root = temp_root
        self._kill_grace = kill_grace
        self._handles: dict[str, Stoppable] = {}
        self._stopping: dict[str, asyncio.Task[None]] = {}

    async def run(self, active: ActiveRun) -> RunEnd:
        """The attempt's end; whatever the job raises or does to its process is in it, never an exception of ours."""
        folders = RunFolders(self._temp_root / active.key, self._temp_root / f"{active.key}.artifacts")
        active.folders = folders
        timer = self._start_timer(active)
        try:
            with correlation(active.run.correlation_id):
                return await self._run(active, folders)
        finally:
            if timer is not None:
                timer.cancel()
            await self._stopped(active)
            self._handles.pop(active.key, None)
            await _remove(folders.temp)

    async def forget(self, active: ActiveRun) -> None:
        """Everything of the run has arrived: its spooled artifacts go."""
        if active.folders is not None:
            await _remove(active.folders.spool)

    def stop(self, active: ActiveRun, reason: StopReason) -> None:
        """Stops a run: softly, and by killing all its processes after the grace. Only the first order counts, but a
        long grace ends early when the worker stops or the run is somebody else's by now.
        """
        if active.stop_reason is None and not active.over.is_set():
            active.stop_reason = reason
            self._stopping[active.key] = asyncio.create_task(self._stop(active), name=f"stop-{active.key}")
        elif reason in (StopReason.REVOKED, StopReason.SHUTDOWN):
            active.urgent.set()

    async def _run(self, active: ActiveRun, folders: RunFolders) -> RunEnd:
        spec = self._registry.get(active.run.job)
        if spec is None:
            message = f"This worker has no job {active.run.job!r}."
            return RunEnd(error=RunError(code="UNKNOWN_JOB", message=message, transient=True))
        if spec.light:
            return await self._run_light(spec, active, folders)
        return await self._children.run(active, folders, started=self._handle_of(active))

    def _handle_of(self, active: ActiveRun) -> Callable[[ChildProcess], None]:
        def started(child: ChildProcess) -> None:
            self._handles[active.key] = child

        return started

    async def _run_light(self, spec: JobSpec, active: ActiveRun, folders: RunFolders) -> RunEnd:
        channel = LightChannel(active, folders.spool)

        def context() -> object:
            return build_context(
                spec,
                run=RunInfo.of(active.run),
                params=active.run.params,
                channel=channel,
                temp_dir=folders.temp,
                is_cancelled=lambda: active.stop_reason is not None,
            )

        token = _in_light_job.set(spec.name)
        task = asyncio.create_task(run_async(spec, context, mask=mask_secrets), name=f"job-{active.key}")  # type: ignore[arg-type]
        _in_light_job.reset(token)
        self._handles[active.key] = LightTask(task)
        try:
            return await task
        except asyncio.CancelledError:
            if active.stop_reason is None:
                raise
            return RunEnd()  # cancelled before its first step
        finally:
            channel.end()

    def _start_timer(self, active: ActiveRun) -> asyncio.TimerHandle | None:
        seconds = active.run.timeout_seconds
        if seconds is None:
            return None
        return asyncio.get_running_loop().call_later(seconds, self.stop, active, StopReason.TIMED_OUT)

    async def _stop(self, active: ActiveRun) -> None:
        handle = await self._wait_for_handle(active)
        if handle is None:
            return
        handle.soft_stop()
        await wait_first(active.over, active.urgent, self.hurry, timeout=self._grace(active))
        if active.urgent.is_set():
            await wait_first(active.over, self.hurry, timeout=self._kill_grace)
        if self.hurry.is_set():
            await wait_first(active.over, timeout=HURRY_SECONDS)
        # Also when the job ended by itself: what it started may still be there, and must not outlive it. Until nothing
        # is left the run is not over: a row says CANCELLED only when that is true.
        while not await handle.kill():
            logger.error("a stopped run cannot be ended yet", extra={"fields": {"run": active.key}})

    def _grace(self, active: ActiveRun) -> float:
        if active.stop_reason in (StopReason.CANCELLED, StopReason.TIMED_OUT):
            return active.run.cancel_grace_seconds
        return self._kill_grace

    async def _wait_for_handle(self, active: ActiveRun) -> Stoppable | None:
        """The run may still be waiting for its child process; it has a handle a moment later."""
        while not active.over.is_set():
            if (handle := self._handles.get(active.key)) is not None:
                return handle
            await wait_first(active.over, timeout=_HANDLE_SECONDS)
        return None

    async def _stopped(self, active: ActiveRun) -> None:
        """A run that was told to stop is over only when nothing of it is left."""
        active.over.set()
        task = self._stopping.pop(active.key, None)
        if task is not None:
            with contextlib.suppress(asyncio.CancelledError):
                await task
