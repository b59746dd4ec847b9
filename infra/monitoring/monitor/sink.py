"""Where the local Alertmanager sends everything: a webhook on loopback that prints alerts for the person at the terminal."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from shared_utils.testing.receivers import Receiver, receiver


def told(path: str, message: dict[str, Any]) -> list[str]:
    """Lines about one message of Alertmanager; the dead man's switch is no news."""
    if path.endswith("/heartbeat"):
        return []
    lines = []
    for alert in message["alerts"]:
        labels, notes = alert["labels"], alert["annotations"]
        shown = {
            name: value
            for name, value in labels.items()
            if name not in {"alertname", "severity", "area"} and len(value) < 60
        }
        where = f" {json.dumps(shown, ensure_ascii=False)}" if shown else ""
        lines.append(f"{alert['status'].upper():<8} {labels.get('severity', '-'):<6} {labels['alertname']}{where}")
        if alert["status"] == "firing":
            lines += [f"         {notes.get('summary', '')}", f"         {notes.get('description', '')}"]
            lines.append(f"         {notes.get('runbook_url', '')}")
    return lines


@asynccontextmanager
async def sink(port: int) -> AsyncIterator[Receiver]:
    """The receiver on `port` of loopback."""
    async with receiver(port=port) as started:
        yield started


async def print_alerts(source: Receiver, say: Callable[[str], None]) -> None:
    """Prints what comes, for ever; what was printed is forgotten."""
    while True:
        async with source.arrived:
            await source.arrived.wait_for(lambda: bool(source.accepted))
        messages, source.accepted[:], source.received[:] = list(source.accepted), [], []
        for message in messages:
            for line in told(message.path, message.json):
                say(line)
