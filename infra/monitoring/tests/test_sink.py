import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from local_stack.console import StackError
from monitor.__main__ import running_stack
from monitor.running import Stack
from monitor.sink import print_alerts, sink
from shared_utils.testing.ports import free_port


def message(status: str, name: str = "SchedulerSilent") -> dict[str, Any]:
    labels = {"alertname": name, "severity": "page", "area": "engine", "job": "core-api"}
    notes = {"summary": "Nenhum · None", "description": "d", "runbook_url": ".docs/runbooks/alerts/SchedulerSilent.md"}
    return {"alerts": [{"status": status, "labels": labels, "annotations": notes}]}


async def test_alerts_are_printed_with_their_runbook_and_the_dead_mans_switch_is_not() -> None:
    said: list[str] = []
    everything = asyncio.Event()

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("RESOLVED"):
            everything.set()

    async with sink(free_port()) as receiver, httpx.AsyncClient(trust_env=False) as http:
        printing = asyncio.create_task(print_alerts(receiver, say))
        base = f"http://127.0.0.1:{receiver.port}"
        await http.post(f"{base}/heartbeat", json=message("firing", "Watchdog"))
        await http.post(f"{base}/pages", json=message("firing"))
        await http.post(f"{base}/pages", json=message("resolved"))
        await asyncio.wait_for(everything.wait(), 30)
        printing.cancel()
    assert said == [
        'FIRING   page   SchedulerSilent {"job": "core-api"}',
        "         Nenhum · None",
        "         d",
        "         .docs/runbooks/alerts/SchedulerSilent.md",
        'RESOLVED page   SchedulerSilent {"job": "core-api"}',
    ]


def test_without_a_stack_the_command_says_how_to_start_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROTINA_STATE_DIR", str(tmp_path))
    with pytest.raises(StackError, match="make up"):
        running_stack()


def test_every_process_of_the_stack_file_is_a_target() -> None:
    stack = Stack.of_stack_file(
        {
            "services": {"core-api": "http://127.0.0.1:1", "ai-svc": "http://127.0.0.1:2"},
            "ports": {"core_scheduler": 3},
            "postgres": {"admin_url": "postgresql://x"},
            "redis": {"streams": "redis://s", "cache": "redis://c"},
            "state_dir": "state",
        }
    )
    assert stack.targets == {
        "core-api": ["127.0.0.1:1"],
        "ai-svc": ["127.0.0.1:2"],
        "core-scheduler": ["127.0.0.1:3"],
    }
    assert stack.textfiles == Path("state/metrics")
