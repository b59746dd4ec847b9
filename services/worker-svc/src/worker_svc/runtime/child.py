"""The inside of a job process: takes runs over a socket, one after another, and reports logs, progress and the end.

User code may do anything here: hold the interpreter, crash, print garbage. The worker is another process.
"""

import asyncio
import dataclasses
import io
import logging
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from rotina import JobCancelled, JobContext, JobRegistry, JobSpec, LogLevel, RunInfo
from rotina.artifacts import Artifact, Source, spool
from rotina.failures import run_error_from
from rotina.running import RunEnd, build_context, is_async, run_async, run_sync
from shared_schemas.jobs import RunError
from shared_utils.logging import bind_correlation_id, mask_fields, mask_secrets, unbind_correlation_id
from shared_utils.observability.tracing import bind_traceparent, unbind_traceparent
from worker_svc.runtime.bounds import MAX_MESSAGE, bounded_fields, bounded_text
from worker_svc.runtime.budget import LineBudget
from worker_svc.runtime.wire import FrameReader, Message, encode

REPORTS_PER_SECOND = 20
_READ_BYTES = 65_536


class WorkerGone(Exception):
    """The worker closed its end: nobody waits for this process any more."""


class Channel:
    """The job's way out: log lines and progress become messages to the worker. Any thread may use it."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._lock = threading.RLock()
        self._budget = LineBudget()
        self._report: Message | None = None
        self._reported = (0.0, 0)
        self._spool = Path()
        self.sending = False

    def begin(self, *, spool: Path) -> None:
        """Another run: it has a budget of its own, and a folder for its artifacts."""
        self._budget = LineBudget()
        self._report = None
        self._spool = spool

    def end(self) -> None:
        """The run is over: what was held back of its reports goes out."""
        self._send_report()
        self._send_notice()

    def send(self, message: Message) -> None:
        """Blocks when the worker is behind, which slows a job that logs without end."""
        frame = encode(message)
        with self._lock:
            self.sending = True
            try:
                self._connection.sendall(frame)
            except OSError as error:
                raise WorkerGone from error
            finally:
                self.sending = False

    def log(self, level: LogLevel, message: str, fields: dict[str, Any]) -> None:
        text = bounded_text(str(message))
        plain = bounded_fields(fields)
        with self._lock:
            if not self._budget.take(len(text)):
                self._budget.dropped(1, len(text))
                return
            self._send_report()
            self._send_notice()
            self.send({"type": "log", "at": time.time(), "level": level, "message": text, "fields": plain})

    def progress(self, fraction: float | None, message: str | None, eta_seconds: float | None = None) -> None:
        """A job may report far more often than anybody looks: a second's first reports go out, then the newest."""
        with self._lock:
            self._report = {"type": "progress", "fraction": fraction, "message": message, "eta_seconds": eta_seconds}
            since, count = self._reported
            now = time.monotonic()
            if now - since >= 1:
                since, count = now, 0
            self._reported = since, count + 1
            if count < REPORTS_PER_SECOND:
                self._send_report()

    def artifact(self, name: str, source: Source, content_type: str | None) -> Artifact:
        artifact, path = spool(source, self._spool, name=name, content_type=content_type)
        self.send({"type": "artifact", "path": str(path), **dataclasses.asdict(artifact)})
        return artifact

    def _send_report(self) -> None:
        report, self._report = self._report, None
        if report is not None:
            self.send(report)

    def _send_notice(self) -> None:
        notice = self._budget.notice()
        if notice is not None:
            fields: dict[str, Any] = {}
            self.send(
                {"type": "log", "at": time.time(), "level": LogLevel.WARNING, "message": notice, "fields": fields}
            )


class ChannelHandler(logging.Handler):
    """Sends the records of Python's logging into the run's log."""

    def __init__(self, channel: Channel) -> None:
        super().__init__(logging.INFO)
        self._channel = channel

    def emit(self, record: logging.LogRecord) -> None:
        fields: dict[str, Any] = {"logger": record.name, **getattr(record, "fields", {})}
        if record.exc_info and record.exc_info[0] is not None:
            fields["exception"] = logging.Formatter().formatException(record.exc_info)[-MAX_MESSAGE:]
        self._channel.log(_level_of(record.levelno), record.getMessage(), fields)


class Child:
    """One job process."""

    def __init__(self, connection: socket.socket, registry: JobRegistry) -> None:
        self._connection = connection
        self._registry = registry
        self._channel = Channel(connection)
        self._frames = FrameReader()
        self._stopped = False
        self._interruptible = False
        self._folder = Path.cwd()
        self._environment = dict(os.environ)

    def serve(self) -> None:
        """Run what comes until the worker says exit or is gone."""
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _log_into(self._channel)
        try:
            self._channel.send({"type": "ready", "pid": os.getpid()})
            for message in self._messages():
                if message["type"] == "exit":
                    return
                self._channel.send(self._run(message))
        except WorkerGone:
            return

    def _messages(self) -> Iterator[Message]:
        while True:
            data = self._connection.recv(_READ_BYTES)
            if not data:
                return
            yield from self._frames.feed(data)

    def _run(self, message: Message) -> Message:
        self._stopped = False
        self._undo_what_jobs_do()
        self._channel.begin(spool=Path(message["spool_dir"]))
        token = bind_correlation_id(message["run"]["correlation_id"])
        trace = bind_traceparent(message.get("traceparent"))
        try:
            end = self._run_job(message)
        finally:
            self._interruptible = False
            unbind_traceparent(trace)
            unbind_correlation_id(token)
            _flush_output()
            self._channel.end()
        return {
            "type": "end",
            "result": end.result.model_dump(mode="json") if end.result is not None else None,
            "error": _masked(end.error).model_dump(mode="json") if end.error is not None else None,
            "alone": _alone(),
        }

    def _undo_what_jobs_do(self) -> None:
        """The job before may have changed what belongs to the whole process."""
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.alarm(0)
        os.chdir(self._folder)
        if os.environ != self._environment:
            os.environ.clear()
            os.environ.update(self._environment)

    def _run_job(self, message: Message) -> RunEnd:
        spec = self._registry.get(message["run"]["job"])
        if spec is None:
            text = f"this worker has no job {message['run']['job']}"
            return RunEnd(error=RunError(code="UNKNOWN_JOB", message=text, transient=False))

        def context() -> JobContext[Any]:
            return build_context(
                spec,
                run=RunInfo.model_validate(message["run"]),
                params=message["params"],
                channel=self._channel,
                temp_dir=Path(message["temp_dir"]),
                is_cancelled=lambda: self._stopped,
            )

        try:
            return self._run_spec(spec, context)
        except JobCancelled:  # the order came between two steps
            return RunEnd()

    def _run_spec(self, spec: JobSpec, context: Any) -> RunEnd:
        try:
            asynchronous = is_async(spec)
        except Exception as error:  # noqa: BLE001  the job's module does not import: the job's failure, not ours
            return RunEnd(error=run_error_from(error, mask=mask_secrets))
        if asynchronous:
            return asyncio.run(self._run_async(spec, context))
        self._interruptible = True
        if self._stopped:
            return RunEnd()
        return run_sync(spec, context, mask=mask_secrets)

    async def _run_async(self, spec: JobSpec, context: Any) -> RunEnd:
        loop = asyncio.get_running_loop()
        task = asyncio.ensure_future(run_async(spec, context, mask=mask_secrets))

        def stop() -> None:
            self._stopped = True
            task.cancel()

        loop.add_signal_handler(signal.SIGTERM, stop)
        try:
            if self._stopped:
                task.cancel()
            return await task
        except asyncio.CancelledError:
            return RunEnd()
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
            signal.signal(signal.SIGTERM, self._on_stop)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        """SIGTERM: interrupt a plain function wherever it is, except in the middle of a message to the worker."""
        self._stopped = True
        if self._interruptible and not self._channel.sending:
            self._interruptible = False
            raise JobCancelled


def _alone() -> bool:
    """Whether the job left no process behind. Those that ended, and that nobody waited for, are collected."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            return False


def _masked(error: RunError) -> RunError:
    return error.model_copy(update={"detail": bounded_fields(mask_fields(error.detail))})


def _level_of(number: int) -> LogLevel:
    if number >= logging.ERROR:
        return LogLevel.ERROR
    if number >= logging.WARNING:
        return LogLevel.WARNING
    return LogLevel.INFO if number >= logging.INFO else LogLevel.DEBUG


def _log_into(channel: Channel) -> None:
    root = logging.getLogger()
    root.handlers[:] = [ChannelHandler(channel)]
    root.setLevel(logging.INFO)
    for noisy in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)


def _flush_output() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # the job closed it: then there is nothing to flush
            continue


@contextmanager
def output_to(stdout: int, stderr: int) -> Iterator[None]:
    """Point the process's output at these descriptors, and its input at nothing."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (stdout, 1), (stderr, 2)):
        os.dup2(source, target)
    for descriptor in {nothing, stdout, stderr} - {0, 1, 2}:
        os.close(descriptor)
    sys.stdout, sys.stderr = _text_output(1), _text_output(2)
    try:
        yield
    finally:
        _flush_output()


def _text_output(descriptor: int) -> io.TextIOWrapper:
    """Line-buffered text that takes whatever a job prints."""
    raw = io.FileIO(descriptor, "w", closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding="utf-8", errors="backslashreplace", line_buffering=True)
