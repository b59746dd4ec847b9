"""A process that reads one document and ends. What it could do harm with is taken from it before it looks at a byte."""

import contextlib
import ctypes
import os
import resource
import socket
import sys
from pathlib import Path
from typing import Any, Final

from ai_svc.rag.parsing import formats
from ai_svc.rag.parsing.bounds import MEBIBYTE, Bounds
from ai_svc.rag.parsing.parsed import ParsedText
from ai_svc.rag.parsing.refusal import Refusal
from ai_svc.rag.parsing.wire import Order, packed

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NO_NEW_PRIVS: Final = 38
_SIGKILL: Final = 9
_CLONE_NEWNET_AND_USER: Final = 0x40000000 | 0x10000000
_BLOCK: Final = 1024 * 1024
_MAX_ORDER_BYTES: Final = 64 * 1024
_GRACE_SECONDS: Final = 5
_OPEN_FILES: Final = 32
_NICE: Final = 5
_FORBIDDEN: Final = (
    *("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill"),
    *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "shutil.", "ftplib."),
    *("urllib.Request", "http.client.", "smtplib.", "pty.spawn", "ctypes.dlopen"),
)


def serve(connection: socket.socket, bounds: Bounds) -> str | None:
    """Reads the order and the document from `connection`, answers on it.

    Gives the media type whose parser had to be loaded, if one had: others of its kind may follow. What the libraries
    run while they are imported is confined, too.
    """
    confine(bounds)
    before = formats.loaded()
    with connection.makefile("rb") as incoming:
        order = Order.unpacked(incoming.readline(_MAX_ORDER_BYTES))
        content = incoming.read(min(order.size, bounds.file_bytes + 1))
    if len(content) < order.size <= bounds.file_bytes:
        return None  # the service is gone
    answer, cause = read(content, order, bounds)
    connection.sendall(packed(answer, cause))
    return next(iter(formats.loaded() - before), None)


def read(content: bytes, order: Order, bounds: Bounds) -> tuple[ParsedText | Refusal, str | None]:
    """The text, or why there is none, with the name of the error when it is one that a parser did not expect."""
    try:
        return formats.parse(content, media_type=order.media_type, name=order.name, bounds=bounds), None
    except Refusal as refusal:
        return refusal, None
    except MemoryError:
        limit = bounds.memory_bytes // MEBIBYTE
        message = f"Reading the document takes more than {limit} MiB of memory: split it, or simplify it."
        return Refusal("DOCUMENT_TOO_LARGE", message), None
    except RecursionError:
        return Refusal("DOCUMENT_BROKEN", "The document's parts are nested too deeply."), None
    except Exception as error:  # noqa: BLE001  told to the service, which logs the class: the text may quote content
        message = "The document cannot be read: open it in its program and save it again."
        return Refusal("DOCUMENT_BROKEN", message), type(error).__name__


def confine(bounds: Bounds) -> None:
    """Limits memory, processor time and files; takes away the network and other programs as far as the system allows.

    What is not there (namespaces inside some containers, everything but the limits outside Linux) is left: the limits
    and the audit hook hold everywhere.
    """
    with contextlib.suppress(PermissionError):
        os.setpgid(0, 0)
    with contextlib.suppress(OSError):  # when memory runs out, this process goes first, not the service
        Path("/proc/self/oom_score_adj").write_text("1000")
    os.nice(_NICE)
    _leave_the_network()
    _limit(resource.RLIMIT_CPU, bounds.cpu_seconds, grace=_GRACE_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_AS, _mapped_bytes() + bounds.memory_bytes)
    sys.addaudithook(_refuse)


def _leave_the_network() -> None:
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.unshare(_CLONE_NEWNET_AND_USER)


def _limit(what: int, value: int, *, grace: int = 0) -> None:
    """`grace`: between what warns with a signal (SIGXCPU) and what kills."""
    _, hard = resource.getrlimit(what)
    wanted = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (min(value, wanted), wanted))


def _mapped_bytes() -> int:
    """The address space that is in use already, above all by the parsers' libraries."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return 512 * MEBIBYTE
    return pages * resource.getpagesize()


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not for parsers")
    if event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR):
        raise PermissionError("parsers do not write files")
