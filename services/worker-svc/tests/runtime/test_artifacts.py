"""E15: files that a run leaves."""

from typing import Any

import pytest
from factories.protocol_server import ProtocolServer

from shared_schemas.jobs import Outcome
from worker_svc.settings import Settings


def spooled(settings: Settings) -> list[str]:
    folder = settings.storage_dir / "tmp"
    return [path.name for path in folder.glob("*.artifacts")] if folder.exists() else []


async def test_e15_artifacts_arrive_before_the_run_is_reported(
    core: ProtocolServer, queue: Any, worker: Any, settings: Settings
) -> None:
    execution = core.add("rough.artifacts", count=300_000)
    await queue.put(execution)
    await core.finished(execution)
    assert execution.result.outcome is Outcome.SUCCEEDED
    assert execution.artifacts == {
        "tabela diária.csv": ("text/csv", b"a,b\n1,2\n"),
        "raw": ("application/x-raw", b"\x02"),
    }, "a name that comes twice is the newer file"
    assert execution.result.result.data["size"] == 8
    assert execution.result.result.warnings == []
    await queue.until_empty()
    assert spooled(settings) == []


async def test_e15_artifacts_are_sent_while_the_job_goes_on(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.artifacts", seconds=300)
    await queue.put(execution)
    await core.until(lambda: len(execution.artifacts) == 2, what="the artifacts")
    assert execution.results == []
    execution.cancel = True
    await core.finished(execution)


async def test_e15_artifacts_wait_for_core_api_and_the_run_with_them(
    core: ProtocolServer, queue: Any, worker: Any
) -> None:
    core.away = {"artifacts"}
    execution = core.add("rough.artifacts")
    await queue.put(execution)
    await core.until(lambda: core.turned_away["artifacts"] >= 3, what="several attempts to send")
    assert execution.results == []
    core.away = set()
    await core.finished(execution)
    assert set(execution.artifacts) == {"tabela diária.csv", "raw"}


async def test_e15_a_refused_artifact_is_a_warning_of_its_run(core: ProtocolServer, queue: Any, worker: Any) -> None:
    core.unwanted = {"raw"}
    execution = core.add("rough.artifacts")
    await queue.put(execution)
    await core.finished(execution)
    assert execution.result.outcome is Outcome.SUCCEEDED
    assert {warning.code for warning in execution.result.result.warnings} == {"ARTIFACT_NOT_KEPT"}
    assert set(execution.artifacts) == {"tabela diária.csv"}


@pytest.mark.parametrize("name", ["../escape", ".hidden", "a/b", "new\nline", "x" * 201, "ends with space "])
async def test_e15_unsafe_names_fail_the_job(core: ProtocolServer, queue: Any, worker: Any, name: str) -> None:
    execution = core.add("rough.artifacts", kind=name)
    await queue.put(execution)
    await core.finished(execution)
    assert (execution.result.error.code, execution.result.error.transient) == ("ARTIFACT_NAME", False)


async def test_e15_light_jobs_leave_artifacts_too(core: ProtocolServer, queue: Any, worker: Any) -> None:
    execution = core.add("rough.light_artifact")
    await queue.put(execution)
    await core.finished(execution)
    assert execution.artifacts == {"light.txt": ("text/plain", b"light")}


async def test_e15_artifacts_of_a_run_that_is_somebody_elses_are_dropped(
    core: ProtocolServer, queue: Any, worker: Any, settings: Settings
) -> None:
    core.away = {"artifacts"}
    execution = core.add("rough.artifacts", seconds=300)
    await queue.put(execution)
    await core.until(lambda: core.turned_away["artifacts"] >= 1, what="an attempt to send")
    execution.worker_id = "somebody.else.1234"
    await queue.until_empty()
    assert execution.artifacts == {}
    assert execution.results == []
    assert spooled(settings) == []
