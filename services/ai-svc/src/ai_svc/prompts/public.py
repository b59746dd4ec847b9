"""What other parts ask of prompts: one by its name, filled in.

    prompt = await prompts.rendered("text.qa", variables={"question": question, "text": text})
    await caller.chat(ChatRequest(messages=prompt.messages), context=CallContext(..., prompt=prompt.ref))

Tests that need no database take `Prompts.of_release()`.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

from ai_svc.brain.chat import PromptRef
from ai_svc.brain.templates import Passage, render
from ai_svc.database import DATABASE_AWAY
from ai_svc.listening import Listening
from ai_svc.prompts.exceptions import PromptInvalid, PromptLabelNotFound, PromptNotFound, PromptVariables
from ai_svc.prompts.repository import CHANGED, PromptRepository, content_of, seeds
from ai_svc.prompts.schemas import PRODUCTION, PromptText, Rendered
from ai_svc.prompts.service import ReleasePrompts, fits_release
from shared_utils.clock import Clock, SystemClock
from shared_utils.db.notify import Listener
from shared_utils.db.session import SessionFactory, read_transaction, transaction
from shared_utils.logging import get_logger
from shared_utils.messaging.pause import wait_first

__all__ = [
    "Passage",
    "PromptInvalid",
    "PromptLabelNotFound",
    "PromptNotFound",
    "PromptVariables",
    "Prompts",
    "Rendered",
    "open_prompts",
]

logger = get_logger(__name__)

FRESH_SECONDS: Final = 60.0
LOAD_SECONDS: Final = 2.0
AWAY_SECONDS: Final = 5.0
RETRY_SECONDS: Final = 10.0


@dataclass(slots=True)
class _Kept:
    """The last good copy of what a label points at, and until when it is taken without asking."""

    version: int
    content: PromptText
    until: float


class Prompts:
    """The prompts in use, kept for a minute or until a notification says that they changed.

    When the database is away, the last good copy is used, and the release's own text where there is none yet. The
    release's text is also used while the version in production does not take the variables that its code gives.
    """

    def __init__(
        self, sessionmaker: SessionFactory | None, clock: Clock, *, load_seconds: float = LOAD_SECONDS
    ) -> None:
        self._sessionmaker = sessionmaker
        self._clock = clock
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._changes = 0
        self._load_seconds = load_seconds
        self._loading: dict[tuple[str, str], asyncio.Lock] = {}

    @classmethod
    def of_release(cls) -> Self:
        """The prompts as this release's files have them, without a database; their version is 0."""
        return cls(None, SystemClock())

    async def rendered(self, name: str, *, variables: Mapping[str, Any], label: str = PRODUCTION) -> Rendered:
        """The version that `label` points at, with its variables filled in.

        `text` variables take strings, `fenced` ones text that nobody vouches for, `fenced_list` a list of such texts
        or of `Passage`. Raises `PromptNotFound`, `PromptLabelNotFound` and `PromptVariables`.
        """
        version, content = await self._labelled(name, label)
        parts = render(content.body, content.variables, variables)
        ref = PromptRef(name=name, version=version, sha256=content.sha256)
        return Rendered(system=parts.system, user=parts.user, ref=ref)

    def forget(self) -> None:
        """The next use of each prompt asks the database again. The copies stay for when it does not answer."""
        self._changes += 1
        for kept in self._kept.values():
            kept.until = 0.0

    async def follow(self, listener: Listener, stop: asyncio.Event) -> None:
        """Forgets with every notification, and after a lost connection, which may have missed one, until `stop`."""
        async with listener.subscribe(CHANGED) as wake:
            while not stop.is_set():
                if await wait_first(wake, stop, timeout=FRESH_SECONDS):
                    self.forget()

    async def _labelled(self, name: str, label: str) -> tuple[int, PromptText]:
        if self._sessionmaker is None:
            return _of_release(name, label)
        key = (name, label)
        kept = self._kept.get(key)
        if kept is None or self._clock.monotonic() >= kept.until:
            async with self._loading.setdefault(key, asyncio.Lock()):
                kept = self._kept.get(key)
                if kept is None or self._clock.monotonic() >= kept.until:
                    kept = await self._load(name, label, self._sessionmaker)
        if fits_release(name, kept.content.variables):
            return kept.version, kept.content
        logger.warning(
            "a prompt does not take this release's variables: the release's own text is used",
            extra={"fields": {"prompt": name, "version": kept.version}},
        )
        return _of_release(name, PRODUCTION)

    async def _load(self, name: str, label: str, sessionmaker: SessionFactory) -> _Kept:
        begun, changes = self._clock.monotonic(), self._changes
        try:
            async with asyncio.timeout(self._load_seconds), read_transaction(sessionmaker) as session:
                there, version = await PromptRepository(session).labelled(name, label)
        except DATABASE_AWAY as error:
            return self._last_good(name, label, error)
        if version is None:
            self._kept.pop((name, label), None)
            if there:
                raise PromptLabelNotFound(name, label)
            number, content = _of_release(name, label)
            return _Kept(number, content, 0.0)
        # What changed while it was being read is read again the next time.
        until = begun + FRESH_SECONDS if changes == self._changes else 0.0
        kept = _Kept(version.number, content_of(version), until)
        self._kept[name, label] = kept
        return kept

    def _last_good(self, name: str, label: str, error: BaseException) -> _Kept:
        """What is at hand; the database is not asked again for a few seconds, so that calls do not queue for it."""
        logger.warning(
            "prompts are not read from the database", extra={"fields": {"prompt": name, "error": type(error).__name__}}
        )
        kept = self._kept.get((name, label))
        if kept is None:
            kept = self._kept[name, label] = _Kept(*_of_release(name, label), 0.0)
        kept.until = self._clock.monotonic() + AWAY_SECONDS
        return kept


def _of_release(name: str, label: str) -> tuple[int, PromptText]:
    seed = seeds().get(name)
    if seed is None:
        raise PromptNotFound(name)
    if label != PRODUCTION:
        raise PromptLabelNotFound(name, label)
    return 0, seed.content


async def write_release(sessionmaker: SessionFactory, clock: Clock) -> list[str]:
    """Writes what the release's files say; returns the names of prompts that changed."""
    async with transaction(sessionmaker) as session:
        return await ReleasePrompts(PromptRepository(session), clock).write(seeds())


async def _write_and_follow(
    prompts: Prompts, sessionmaker: SessionFactory, clock: Clock, listener: Listener, stop: asyncio.Event
) -> None:
    """The release's prompts are written as soon as the database is there; until then its files are used."""
    while not stop.is_set():
        try:
            await write_release(sessionmaker, clock)
        except DATABASE_AWAY as error:
            logger.warning("prompts wait for the database", extra={"fields": {"error": type(error).__name__}})
            await wait_first(stop, timeout=RETRY_SECONDS)
        else:
            break
    await prompts.follow(listener, stop)


@asynccontextmanager
async def open_prompts(sessionmaker: SessionFactory, clock: Clock, listener: Listener) -> AsyncIterator[Prompts]:
    """The prompts in use, followed beside the API; what the release brings is written first."""
    prompts = Prompts(sessionmaker, clock)
    stop = asyncio.Event()
    loop = _write_and_follow(prompts, sessionmaker, clock, listener, stop)
    async with Listening(loop, stop, name="prompts"):
        yield prompts
