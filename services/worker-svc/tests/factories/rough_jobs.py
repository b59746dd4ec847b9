"""Jobs that behave as badly as jobs do."""

import asyncio
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr

from rotina import JobCancelled, JobContext, JobRegistry, Params, PermanentError, RunResult, TransientError, job

registry = JobRegistry()


class RoughParams(Params):
    seconds: float = 0
    count: int = 0
    file: str = ""
    kind: str = ""


Context = JobContext[RoughParams]


@job("rough.echo", params=RoughParams, registry=registry)
def echo(ctx: Context) -> dict[str, Any]:
    ctx.progress(0.5, "half way")
    return {"pid": os.getpid(), "group": os.getpgid(0), "day": ctx.business_date.isoformat(), "count": ctx.params.count}


@job("rough.light", params=RoughParams, light=True, registry=registry)
async def light(ctx: Context) -> dict[str, Any]:
    ctx.log.info("light", count=ctx.params.count)
    await asyncio.sleep(ctx.params.seconds)
    return {"pid": os.getpid()}


@job("rough.sleep", params=RoughParams, registry=registry)
def sleep(ctx: Context) -> dict[str, Any]:
    _note(ctx, "started")
    ctx.progress(0.25, "sleeping")
    try:
        time.sleep(ctx.params.seconds)
    finally:
        _note(ctx, "cleaned up")
    return {"cancelled": ctx.cancelled}


@job("rough.sleep_async", params=RoughParams, registry=registry)
async def sleep_async(ctx: Context) -> None:
    _note(ctx, "started")
    try:
        await asyncio.sleep(ctx.params.seconds)
    finally:
        _note(ctx, "cleaned up")


@job("rough.deaf", params=RoughParams, registry=registry)
def deaf(ctx: Context) -> None:
    """Starts a child, a grandchild in a session of its own, and an orphan of that; ignores every order to stop."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    script = (
        "import os, sys, time\n"
        "os.setsid()\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
        "    time.sleep(600)\n"
        "open(sys.argv[1], 'a').write(f'{os.getpid()}\\n')\n"
        "time.sleep(0.2)\n"
    )
    path = Path(ctx.params.file)
    with path.open("a") as file:
        file.write(f"{os.getpid()}\n")
    plain = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with path.open("a") as file:
        file.write(f"{plain.pid}\n")
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    ctx.log.info("children are there")
    while True:
        time.sleep(1)


@job("rough.breeding", params=RoughParams, registry=registry)
def breeding(ctx: Context) -> None:
    """Leaves a daemon that replaces itself with a new process, in a session of its own, a hundred times a second.

    Each generation writes a byte to the pipe that is its `file`, which has an end when none of them is left.
    """
    script = (
        "import os, sys, time\n"
        "pipe = os.open(sys.argv[1], os.O_WRONLY)\n"
        "os.set_blocking(pipe, False)\n"
        "until = time.monotonic() + 120\n"
        "while time.monotonic() < until:\n"
        "    if os.fork():\n"
        "        os._exit(0)\n"
        "    os.setsid()\n"
        "    os.write(pipe, b'.')\n"
        "    time.sleep(0.01)\n"
    )
    subprocess.run([sys.executable, "-c", script, ctx.params.file], check=True)
    time.sleep(ctx.params.seconds)


@job("rough.leaves_a_daemon", params=RoughParams, registry=registry)
def leaves_a_daemon(ctx: Context) -> dict[str, Any]:
    os.chdir("/")
    os.environ["LEFT_BEHIND"] = "yes"
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    daemon = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    return {"pid": os.getpid(), "daemon": daemon.pid}


@job("rough.surroundings", params=RoughParams, registry=registry)
def surroundings(ctx: Context) -> dict[str, Any]:
    ignored = signal.getsignal(signal.SIGTERM) is signal.SIG_IGN
    return {"folder": str(Path.cwd()), "environment": os.environ.get("LEFT_BEHIND"), "deaf": ignored}


@job("rough.tidy", params=RoughParams, registry=registry)
def tidy(ctx: Context) -> None:
    """Takes `seconds` to clean up when it is told to stop."""
    _note(ctx, "started")
    try:
        time.sleep(600)
    finally:
        time.sleep(ctx.params.seconds)
        _note(ctx, "cleaned up")


@job("rough.listens", params=RoughParams, registry=registry)
def listens(ctx: Context) -> None:
    """Goes on after the order to stop, and looks at its context."""
    _note(ctx, f"started {ctx.cancelled}")
    try:
        time.sleep(600)
    except JobCancelled:
        _note(ctx, f"told {ctx.cancelled}")
    ctx.raise_if_cancelled()


@job("rough.stubborn_light", params=RoughParams, light=True, registry=registry)
async def stubborn_light(ctx: Context) -> None:
    """Swallows every cancellation for `seconds` after the first one."""
    ctx.log.info("running")
    until = float("inf")
    while time.monotonic() < until:
        try:
            await asyncio.sleep(600)
        except asyncio.CancelledError:
            until = min(until, time.monotonic() + ctx.params.seconds)
    raise asyncio.CancelledError


@job("rough.light_process", params=RoughParams, light=True, registry=registry)
async def light_process(ctx: Context) -> None:
    match ctx.params.kind:
        case "thread":
            await asyncio.to_thread(subprocess.run, ["/bin/true"], check=True)
        case "fork":
            if os.fork() == 0:
                os._exit(0)
        case _:
            await asyncio.create_subprocess_exec("/bin/true")


@job("rough.hog", params=RoughParams, registry=registry)
def hog(ctx: Context) -> None:
    """One C call that holds the interpreter for `seconds`: no other Python thread of this process runs."""
    _note(ctx, "started")
    ctypes.PyDLL(None).usleep(int(ctx.params.seconds * 1_000_000))


@job("rough.die", params=RoughParams, registry=registry)
def die(ctx: Context) -> None:
    if ctx.params.kind == "exit":
        os._exit(ctx.params.count)
    os.kill(os.getpid(), getattr(signal, ctx.params.kind))


@job("rough.raise", params=RoughParams, registry=registry)
def fail(ctx: Context) -> None:
    password = "postgresql://core:hunter2hunter2@127.0.0.1/rotina"
    match ctx.params.kind:
        case "transient":
            raise TransientError("not yet", code="NOT_YET", detail={"after": 5})
        case "permanent":
            raise PermanentError("never", code="NEVER")
        case "network":
            raise ConnectionResetError("reset")
        case "exit":
            sys.exit("bye")
        case _:
            raise ValueError(f"cannot reach {password}")


@job("rough.noise", params=RoughParams, registry=registry)
def noise(ctx: Context) -> RunResult:
    print("printed")
    print("to stderr", file=sys.stderr)
    os.write(1, b"raw \xff\xfe bytes\n")
    subprocess.run(["/bin/sh", "-c", "echo from a subprocess"], check=True)
    logging.getLogger("some.library").warning("logged %s", "properly")
    ctx.log.info("structured", token="eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", rows=3)
    ctx.warn("SOMETHING", "look at this", file="a.zip")
    sys.stdout.write("without an end")
    return RunResult(data={"ok": True})


@job("rough.flood", params=RoughParams, registry=registry)
def flood(ctx: Context) -> dict[str, Any]:
    for number in range(ctx.params.count):
        print(f"line {number}")
    return {"lines": ctx.params.count}


@job("rough.gigabyte", params=RoughParams, registry=registry)
def gigabyte(ctx: Context) -> None:
    """Prints `count` megabytes as fast as it can: lines, or one line when `kind` says so."""
    block = (b"x" * 99 + b"\n") * 10_000 if ctx.params.kind != "one line" else b"x" * 1_000_000
    for _ in range(ctx.params.count):
        view = memoryview(block)
        while view:
            view = view[os.write(1, view) :]
    print("the last line")


@job("rough.talkative", params=RoughParams, registry=registry)
def talkative(ctx: Context) -> None:
    for number in range(ctx.params.count):
        ctx.log.info("said", number=number)


@job("rough.shapes", params=RoughParams, registry=registry)
def shapes(ctx: Context) -> None:
    """Everything that is no decent line."""
    os.write(1, b"\x00\x01\xff binary\n")
    print("y" * 50_000)
    for percent in range(0, 101, 10):
        sys.stdout.write(f"\r{percent} %")
        sys.stdout.flush()
    print()
    print("\r\n\r\n")
    ctx.log.info("z" * 50_000)
    ctx.log.info("lone \udc80 surrogate", path="file-\udc80", odd=object(), big="w" * 50_000)
    ctx.log.info("not a number", value=float("nan"), nested={"a": [1, {2}]})


@job("rough.light_shapes", params=RoughParams, light=True, registry=registry)
async def light_shapes(ctx: Context) -> dict[str, Any]:
    ctx.log.info("lone \udc80 surrogate", path="file-\udc80", odd=object())
    ctx.log.info("not a number", value=float("nan"), nested={"a": [1, {2}]})
    ctx.progress(float("nan"), "odd \udc80")
    raise TransientError("odd \udc80", detail={"odd": object(), "path": "\udc80"})


class SecretParams(Params):
    password: SecretStr
    nested: dict[str, SecretStr] = Field(default_factory=dict)
    plain: str = ""


@job("rough.secrets", params=SecretParams, registry=registry)
def secrets(ctx: JobContext[SecretParams]) -> dict[str, Any]:
    values = [ctx.params.password.get_secret_value(), os.environ["TEAM_API_TOKEN"]]
    values += [value.get_secret_value() for value in ctx.params.nested.values()]
    for value in values:
        print(f"printed {value}", flush=True)
        ctx.log.info("logged", field=value, deep=[{"value": value}])
        logging.getLogger("library").warning("warned %s", value)
        ctx.warn("SECRET", f"look at {value}", value=value)
        ctx.progress(0.5, f"at {value}")
    text = " ".join(values)
    match ctx.params.plain:
        case "raise":
            raise ValueError(text)
        case "transient":
            raise TransientError(text, detail={"value": text})
        case _:
            return {"text": text, "list": values}


@job("rough.every_way", params=RoughParams, registry=registry)
def every_way(ctx: Context) -> None:
    """Says its count in every way, a hundred times a second, and notes when."""
    for number in range(100_000):
        ctx.log.info("context", number=number)
        logging.getLogger("library").info("logging %s", number)
        print(f"stdout {number}")
        print(f"stderr {number}", file=sys.stderr)
        with Path(ctx.params.file).open("a") as file:
            file.write(f"{number} {time.time()}\n")
        time.sleep(0.01)


@job("rough.reports", params=RoughParams, registry=registry)
def reports(ctx: Context) -> None:
    for number in range(ctx.params.count):
        ctx.progress(number / ctx.params.count, f"row {number}", eta=3600)
    ctx.log.info("reported")
    time.sleep(ctx.params.seconds)


@job("rough.artifacts", params=RoughParams, registry=registry)
def artifacts(ctx: Context) -> dict[str, Any]:
    path = ctx.temp_dir / "table.csv"
    path.write_text("a,b\n1,2\n")
    table = ctx.artifact("tabela diária.csv", path)
    path.unlink()
    ctx.artifact("raw", b"\x00\x01" * ctx.params.count, content_type="application/x-raw")
    ctx.artifact("raw", b"\x02", content_type="application/x-raw")
    if ctx.params.kind:
        ctx.artifact(ctx.params.kind, b"x")
    ctx.log.info("handed over")
    time.sleep(ctx.params.seconds)
    return {"sha256": table.sha256, "size": table.size_bytes}


@job("rough.light_artifact", params=RoughParams, light=True, registry=registry)
async def light_artifact(ctx: Context) -> None:
    ctx.artifact("light.txt", b"light")


@job("rough.scratch", params=RoughParams, registry=registry)
def scratch(ctx: Context) -> dict[str, Any]:
    (ctx.temp_dir / "file").write_text("something")
    return {"folder": str(ctx.temp_dir)}


@job("rough.huge", params=RoughParams, registry=registry)
def huge(ctx: Context) -> dict[str, Any]:
    return {"blob": "x" * ctx.params.count}


def _note(ctx: Context, what: str) -> None:
    if ctx.params.file:
        with Path(ctx.params.file).open("a") as file:
            file.write(f"{what} {os.getpid()}\n")
