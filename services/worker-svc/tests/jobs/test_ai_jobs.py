"""The jobs that ask ai-svc: what they send, how they wait, what they leave, and which failures are tried again."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest
from factories.ai_server import AiServer
from factories.protocol_server import ProtocolServer
from factories.serving import serving
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rotina.testing import RecordingChannel
from worker_svc.jobs.ai.warnings import Outcome, fact_of
from worker_svc.settings import Settings

DAY = date(2026, 11, 19)


@pytest.fixture
async def ai(job_environment: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[AiServer]:
    server = AiServer()
    async with serving(server.app) as url:
        server.url = url
        monkeypatch.setenv("WORKER_SVC_AI_SVC_URL", url)
        yield server


async def test_a_summary_is_asked_for_followed_and_reported(ai: AiServer, run: Any) -> None:
    channel = RecordingChannel()
    end = await run("ai.summarize", DAY, text="Um texto.", style="bullets", channel=channel)
    assert end.result.data == {"summary": "Um resumo."}
    wanted = {"text": "Um texto.", "style": "bullets", "length": "medium", "language": "pt-BR", "focus": ""}
    assert ai.requests == [("summarize", wanted)]
    assert (0.5, None) in channel.reports
    assert all(ai.keys)
    assert not any("Um texto" in f"{line}" for line in channel.lines)


async def test_a_text_may_lie_in_the_storage_folder_and_nowhere_else(
    ai: AiServer, run: Any, job_environment: Settings
) -> None:
    job_environment.storage_dir.mkdir(parents=True, exist_ok=True)
    (job_environment.storage_dir / "hoje.txt").write_text("Conteúdo do arquivo.")
    await run("ai.process_text", DAY, file="hoje.txt", operation="keywords")
    assert ai.requests == [("process", {"text": "Conteúdo do arquivo.", "operation": "keywords"})]
    for name in ("../../etc/passwd", "/etc/passwd", "nope.txt"):
        end = await run("ai.process_text", DAY, file=name, operation="keywords")
        assert (end.error.code, end.error.transient) == ("FILE_NOT_FOUND", False)


async def test_a_long_result_becomes_an_artifact(ai: AiServer, run: Any) -> None:
    ai.ending = {"status": "SUCCEEDED", "result": {"summary": "palavra " * 2000, "parts": 7}}
    channel = RecordingChannel()
    end = await run("ai.summarize", DAY, text="x", channel=channel)
    assert channel.artifacts["resumo.txt"].decode() == "palavra " * 2000
    assert (end.result.data["parts"], end.result.data["artifact"]) == (7, "resumo.txt")
    assert len(end.result.data["summary"]) < 600


async def test_no_answer_is_a_warning(ai: AiServer, run: Any) -> None:
    ai.ending = {"status": "SUCCEEDED", "result": {"found": False, "answer": "Não encontrei a resposta no texto."}}
    end = await run("ai.qa", DAY, text="x", question="Quem?")
    assert [one.code for one in end.result.warnings] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("failures", "code", "transient"),
    [
        ([429] * 4, "AI_UNAVAILABLE", True),
        ([503] * 4, "AI_UNAVAILABLE", True),
        ([500], "CODE_500", True),
        ([422], "CODE_422", False),
        ([403], "CODE_403", False),
    ],
)
async def test_what_may_pass_is_tried_again_and_what_was_refused_is_not(
    ai: AiServer, run: Any, failures: list[int], code: str, transient: bool
) -> None:
    ai.failures = failures
    end = await run("ai.summarize", DAY, text="x")
    assert (end.error.code, end.error.transient) == (code, transient)


async def test_a_passing_failure_within_a_run_is_not_even_noticed(ai: AiServer, run: Any) -> None:
    ai.failures = [503, 429]
    assert (await run("ai.summarize", DAY, text="x")).result is not None


@pytest.mark.parametrize(
    ("code", "transient"), [("MODEL_LIMITED", True), ("BUDGET_EXCEEDED", False), ("MODEL_REFUSED", False)]
)
async def test_a_failed_task_fails_the_run_the_same_way(ai: AiServer, run: Any, code: str, transient: bool) -> None:
    ai.ending = {"status": "FAILED", "error": {"code": code, "message": "m"}}
    end = await run("ai.summarize", DAY, text="x")
    assert (end.error.code, end.error.transient) == (code, transient)


async def test_without_an_address_it_says_what_to_set(job_environment: Settings, run: Any) -> None:
    end = await run("ai.summarize", DAY, text="x")
    assert (end.error.code, end.error.transient) == ("AI_NOT_SET", False)


async def test_a_batch_leaves_every_result_and_warns_of_what_failed(ai: AiServer, run: Any) -> None:
    ai.ending = {"status": "SUCCEEDED", "result": {"items": 5, "succeeded": 4, "failed": 1}}
    failed = {"status": "FAILED", "result": None, "error": {"code": "MODEL_REFUSED", "message": "m"}}
    done = {"status": "SUCCEEDED", "result": {"summary": "s"}, "error": None}
    ai.items = [{"ordinal": n, **(failed if n == 3 else done)} for n in range(5)]
    channel = RecordingChannel()
    items = [{"text": f"t{n}"} for n in range(5)]
    end = await run("ai.batch", DAY, kind="summarize", items=items, channel=channel)
    assert ai.requests == [("batch", {"kind": "summarize", "items": items})]
    assert len(channel.artifacts["itens.jsonl"].splitlines()) == 5
    assert [one.code for one in end.result.warnings] == ["ITEM_FAILED"]
    assert (end.result.data["succeeded"], end.result.data["failed"]) == (4, 1)


@pytest.mark.parametrize("params", [{}, {"text": "a", "file": "b"}, {"text": "a", "style": "poem"}])
async def test_params_are_checked(ai: AiServer, run: Any, params: dict[str, Any]) -> None:
    assert not (await run("ai.summarize", DAY, **params)).error.transient
    assert ai.requests == []


# --- the day's loads --------------------------------------------------------------------------------------------------

OUTCOMES = [
    {
        "status": "SUCCEEDED",
        "result": {"outcome": "loaded", "rows": 12226},
        "warnings": [{"code": "FEW_ROWS", "message": "poucas linhas", "context": {"file": "COTAHIST_D19112026"}}],
    },
    {
        "status": "SUCCEEDED",
        "result": {"files": [{"file": "a.zip", "outcome": "got"}, {"file": "b.zip", "outcome": "not_published"}]},
        "warnings": [{"code": "FILE_MISSING", "message": "b.zip: ainda não", "context": {"file": "b.zip"}}],
    },
    {"status": "FAILED", "error": {"code": "HOST_UNREACHABLE", "message": "m", "transient": True, "detail": {}}},
]


def outcome(number: int) -> dict[str, Any]:
    base: dict[str, Any] = {"result": None, "warnings": [], "error": None}
    name = {"routine_name": f"r{number}", "title": f"R{number}", "job": "cvm.x.load"}
    return {"id": f"01939b5e-0000-7000-8000-00000000000{number}", **base, **name, **OUTCOMES[number]}


def test_facts_are_what_results_say() -> None:
    loaded, files, failed = (fact_of(Outcome.model_validate(outcome(n))) for n in range(3))
    assert (loaded.rows, loaded.warnings[0].file) == (12226, None)
    assert (files.files, files.missing, files.warnings[0].file) == (["a.zip"], ["b.zip"], "b.zip")
    assert (failed.status, failed.error_code) == ("FAILED", "HOST_UNREACHABLE")


async def test_a_days_loads_are_read_page_by_page_and_told(ai: AiServer, core: ProtocolServer, run: Any) -> None:
    asked: list[dict[str, Any]] = []

    async def outcomes(request: Request) -> Response:
        asked.append(dict(request.query_params) | {"job": request.query_params.getlist("job")})
        at = int(request.query_params.get("cursor", 0))
        return JSONResponse({"items": [outcome(at)], "next_cursor": str(at + 1) if at < 2 else None})

    core.app.router.routes.insert(0, Route("/internal/v1/executions/outcomes", outcomes))
    ai.paragraph = {
        "paragraph": "Em 19/11/2026 …",
        "source": "template",
        "objection": "a number that the data does not have",
        "totals": {"loads": 3},
        "calls": {"calls": 1},
    }
    end = await run("ai.summarize_warnings", DAY)
    assert end.result.data["paragraph"] == "Em 19/11/2026 …"
    assert [one.code for one in end.result.warnings] == ["MODEL_NOT_USED"]
    assert len(asked) == 3
    assert asked[0]["business_date"] == "2026-11-19"
    assert "cvm." in asked[0]["job"]
    ((kind, facts),) = ai.requests
    assert kind == "warnings"
    assert [load["routine"] for load in facts["loads"]] == ["r0", "r1", "r2"]
