"""The offline model behind the service: in processes of its own, so that the service stays small and answers meanwhile.

Questions and passages have a process each. A question never waits for a batch of indexing: the passages' process has
the lowest priority of the machine, and both map the same weights. Each is started when it is first needed, stopped
when it has been idle, killed when it hangs, and started anew when it has crashed.
"""

import asyncio
import contextlib
import json
import os
import struct
import sys
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from ai_svc.embeddings.exceptions import EmbedderUnavailable
from ai_svc.embeddings.offline_files import OfflineModel
from ai_svc.embeddings.space import Space
from ai_svc.embeddings.texts import Preparation
from shared_utils.logging import get_logger

logger = get_logger(__name__)

IDLE_SECONDS: Final = 300.0
TURN_TEXTS: Final = 8
"""How many passages go to the process at once: what a cancelled batch still costs, and how soon others have their
turn."""
QUERY_SECONDS, PASSAGES_SECONDS, START_SECONDS = 15.0, 60.0, 60.0
PASSAGES_NICE: Final = 15
# A token has at least one character, and few have more than this many: what is certainly cut off need not be read.
CHARACTERS_PER_TOKEN: Final = 32
_STOP_SECONDS: Final = 2.0
# Nothing of the service's environment reaches the process. One thread each: more of them wait for each other in a busy
# machine's matrix library, spinning.
ENVIRONMENT: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "PATH": os.defpath,
    # Images have our own packages as a path, not as something installed (see the Dockerfile).
    "PYTHONPATH": str(Path(__file__).parents[2]),
}

type Vectors = list[list[float]]


class ModelProcess:
    """One process that embeds; one request at a time."""

    def __init__(
        self, command: Sequence[str], *, dimensions: int, timeout_seconds: float, idle_seconds: float = IDLE_SECONDS
    ) -> None:
        self._command = tuple(command)
        self._dimensions = dimensions
        self._timeout = timeout_seconds
        self._idle = idle_seconds
        self._turn = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._idle_timer: asyncio.TimerHandle | None = None
        self._asking: set[asyncio.Task[Vectors]] = set()

    @property
    def pid(self) -> int | None:
        """The process's id, while there is one."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def ask(self, texts: Sequence[str]) -> Vectors:
        """A vector per text. A caller that goes away leaves the process as it is: its answer is read and dropped.

        Raises `EmbedderUnavailable` when the process cannot be started, hangs, or crashes twice.
        """
        task = asyncio.create_task(self._in_turn(list(texts)))
        self._asking.add(task)
        task.add_done_callback(self._asked)
        return await asyncio.shield(task)

    async def aclose(self) -> None:
        """Ends the process, and whatever is being asked."""
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        await self._stop()

    def _asked(self, task: asyncio.Task[Vectors]) -> None:
        self._asking.discard(task)
        if not task.cancelled():
            task.exception()  # looked at: the caller may be gone

    async def _in_turn(self, texts: list[str]) -> Vectors:
        async with self._turn:
            self._keep()
            try:
                return await self._with_one_more_try(texts)
            except BaseException:
                await self._stop()
                raise
            finally:
                self._idle_timer = asyncio.get_running_loop().call_later(self._idle, self._rest)

    async def _with_one_more_try(self, texts: list[str]) -> Vectors:
        try:
            return await self._exchange(texts)
        except (asyncio.IncompleteReadError, OSError) as error:
            logger.warning("the offline model's process ended, starting it again", exc_info=error)
            await self._stop()
        try:
            return await self._exchange(texts)
        except (asyncio.IncompleteReadError, OSError) as error:
            raise EmbedderUnavailable("the offline model's process ends at its start or at this text") from error

    async def _exchange(self, texts: list[str]) -> Vectors:
        started = self.pid is not None
        limit = self._timeout if started else self._timeout + START_SECONDS
        try:
            async with asyncio.timeout(limit):
                process = await self._running()
                answer = await self._send(process, json.dumps(texts).encode())
        except TimeoutError as error:
            raise EmbedderUnavailable(f"the offline model did not answer within {limit:.0f} s; try again") from error
        if answer[:1] != b"\x00":
            raise EmbedderUnavailable(f"the offline model failed with {answer[1:].decode()}")
        return self._vectors(answer[1:], len(texts))

    async def _send(self, process: asyncio.subprocess.Process, body: bytes) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise OSError("the process has no pipes")
        process.stdin.write(struct.pack(">I", len(body)) + body)
        await process.stdin.drain()
        (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
        return await process.stdout.readexactly(length)

    def _vectors(self, body: bytes, count: int) -> Vectors:
        numbers = array("f", body)
        if sys.byteorder == "big":
            numbers.byteswap()
        size = self._dimensions
        if len(numbers) != count * size:
            raise EmbedderUnavailable("the offline model answered what are not vectors of its size")
        return [numbers[place * size : (place + 1) * size].tolist() for place in range(count)]

    async def _running(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # an error there may quote a text
            env=ENVIRONMENT,
            start_new_session=True,
        )
        return self._process

    def _keep(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _rest(self) -> None:
        """Nobody has asked for a while: the process sees the end of its input and goes."""
        self._idle_timer = None
        if self._process is not None and self._process.stdin is not None and not self._turn.locked():
            self._process.stdin.close()
            self._process = None

    async def _stop(self) -> None:
        self._keep()
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


class OfflineEmbedder:
    """Vectors of the offline model's space."""

    def __init__(
        self, space: Space, model: OfflineModel, *, process: Callable[..., ModelProcess] = ModelProcess
    ) -> None:
        self.space = space
        self._preparation = Preparation.load(space.preparation)
        self._most_characters = model.max_tokens * CHARACTERS_PER_TOKEN
        command = [sys.executable, "-m", "ai_svc.embeddings.offline_process", str(model.folder), str(model.max_tokens)]
        size = model.dimensions
        self._questions = process([*command, "0"], dimensions=size, timeout_seconds=QUERY_SECONDS)
        self._passages = process([*command, str(PASSAGES_NICE)], dimensions=size, timeout_seconds=PASSAGES_SECONDS)

    async def passages(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of stored texts. Raises `EmbedderUnavailable`."""
        vectors: Vectors = []
        for start in range(0, len(texts), TURN_TEXTS):
            turn = [self._cut(self._preparation.passage_prefix + text) for text in texts[start : start + TURN_TEXTS]]
            vectors += await self._passages.ask(turn)
        return vectors

    async def query(self, text: str, *, user: str = "") -> list[float]:
        """The vector of a question; it costs nobody anything. Raises `EmbedderUnavailable`."""
        del user
        return (await self._questions.ask([self._cut(self._preparation.query_prefix + text)]))[0]

    async def aclose(self) -> None:
        """Ends both processes."""
        await asyncio.gather(self._questions.aclose(), self._passages.aclose())

    def _cut(self, text: str) -> str:
        return text[: self._most_characters]
