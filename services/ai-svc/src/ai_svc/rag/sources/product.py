"""The product's own texts: runbooks, what routines are for, and what went wrong lately."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from ai_svc.rag.sources.folders import Folders
from ai_svc.rag.sources.items import SourceItem
from shared_schemas.knowledge import ErrorKnowledge, ErrorPage, RoutineKnowledge, RoutinePage
from shared_utils.http.client import ServiceClient

PAGE: Final = 200
MAX_ERROR_CHARS: Final = 4_000


class Runbooks:
    """The Markdown files of a folder that comes with the product."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def items(self) -> AsyncIterator[SourceItem]:
        """All of them, with their content."""
        for path in await asyncio.to_thread(self._paths):
            content = await asyncio.to_thread(path.read_bytes)
            key = path.relative_to(self._folder).as_posix()
            yield SourceItem(
                key=key,
                title=path.stem,
                name=path.name,
                media_type="text/markdown",
                uri=None,
                content=content,
                size_bytes=len(content),
            )

    def _paths(self) -> list[Path]:
        listing = Folders([self._folder]).listing(str(self._folder), patterns=("*.md",))
        return [Path(item.key) for item in listing.items]


class Operations:
    """What core-api knows about routines and their failures, over its internal API."""

    def __init__(self, core: ServiceClient) -> None:
        self._core = core

    async def routines(self) -> AsyncIterator[SourceItem]:
        """A document for each routine. Raises `UpstreamUnavailable`, `UpstreamRejected` or `UpstreamBroken`."""
        after: str | None = None
        while True:
            page = await self._core.get(
                "/internal/v1/knowledge/routines", response=RoutinePage, params=_params(after=after)
            )
            for routine in page.items:
                yield _document(f"routine:{routine.id}", routine.title, routine_text(routine), routine.updated_at)
            after = page.next
            if after is None:
                return

    async def errors(self, *, since: datetime) -> AsyncIterator[SourceItem]:
        """A document for each failed execution that ended at `since` or later, the newest first."""
        after: str | None = None
        while True:
            page = await self._core.get(
                "/internal/v1/knowledge/errors",
                response=ErrorPage,
                params=_params(after=after) | {"since": since.isoformat()},
            )
            for error in page.items:
                title = f"Erro: {error.routine_title} em {error.business_date:%d/%m/%Y}"
                yield _document(f"error:{error.id}", title, error_text(error), error.finished_at)
            after = page.next
            if after is None:
                return


def _params(*, after: str | None) -> dict[str, str | int]:
    return {"limit": PAGE} | ({"after": after} if after is not None else {})


def _document(key: str, title: str, text: str, changed: datetime) -> SourceItem:
    content = text.encode()
    return SourceItem(
        key=key,
        title=title,
        name=f"{key.partition(':')[0]}.md",
        media_type="text/markdown",
        uri=None,
        content=content,
        etag=changed.isoformat(),
        size_bytes=len(content),
    )


def routine_text(routine: RoutineKnowledge) -> str:
    """A routine in the words of the people who ask about it."""
    lines = [
        f"# {routine.title}",
        "",
        routine.description.strip() or "Sem descrição.",
        "",
        f"- Rotina: {routine.name}",
        f"- Comando: {routine.job}",
        f"- Disparo: {_trigger(routine.trigger)} ({routine.time_zone})",
        f"- Prioridade: {routine.priority}",
        f"- Situação: {'pausada' if routine.paused else 'ativa'}",
    ]
    if routine.depends_on:
        lines.append(f"- Depende de: {', '.join(routine.depends_on)}")
    if routine.tags:
        lines.append(f"- Etiquetas: {', '.join(routine.tags)}")
    return "\n".join(lines) + "\n"


_TRIGGERS: Final = {
    "times": "todo dia de execução às {times}",
    "interval": "a cada {every_minutes} min, das {start} às {end}",
    "cron": "cron {expression}",
    "once": "uma vez, em {at}",
    "event": "por evento",
    "webhook": "por webhook",
}


def _trigger(trigger: dict[str, Any]) -> str:
    """When a routine starts, in words."""
    values = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in trigger.items()}
    return _TRIGGERS.get(trigger.get("type", ""), "manual").format_map(defaultdict(str, values))


def error_text(error: ErrorKnowledge) -> str:
    """A failed execution: what failed, when, after how many attempts, and what it said."""
    lines = [
        f"# Erro: {error.routine_title}",
        "",
        f"- Rotina: {error.routine_name}",
        f"- Comando: {error.job}",
        f"- Data de negócio: {error.business_date:%d/%m/%Y}",
        f"- Terminou em: {error.finished_at.isoformat(timespec='seconds')}",
        f"- Tentativas: {error.attempts}",
    ]
    if error.error_code:
        lines.append(f"- Código: {error.error_code}")
    if error.reason:
        lines.append(f"- Motivo: {error.reason}")
    if error.error_message:
        lines += ["", error.error_message[:MAX_ERROR_CHARS]]
    return "\n".join(lines) + "\n"
