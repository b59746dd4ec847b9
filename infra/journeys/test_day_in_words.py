"""A day's loads told in one paragraph by a scheduled routine, through the real processes: without a model, and with one."""

from collections import Counter
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared_utils.clock import utc_now
from shared_utils.testing.model_server import ModelServer

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

LOADS: dict[str, dict[str, Any]] = {
    "b3-cotahist": {"job": "b3.journey.load", "params": {"rows": 12226, "there": ["COTAHIST_D19112026"]}},
    "b3-recentes": {
        "job": "b3.journey.load",
        "params": {"there": ["COTAHIST_D19112026"], "missing": ["COTAHIST_D18112026"]},
    },
    "cvm-inf-diario": {
        "job": "cvm.journey.load",
        "params": {"rows": 24010, "warning": "24010 linhas, o usual é 25000"},
    },
    "cvm-cadastro": {"job": "cvm.journey.load", "params": {"fail": True}},
    "outra-coisa": {"job": "journey.light"},
}


async def test_a_scheduled_routine_tells_the_day_without_a_model_and_with_one(journey: Any) -> None:
    stack = journey.stack
    zone, day = _zone_and_day()
    evening = {"trigger": {"type": "times", "times": ["22:00"]}, "time_zone": zone}
    ai = await stack.start_ai_svc()
    stack.start_scheduler()
    await stack.start_worker("worker-1", slots=4)
    for name, fields in LOADS.items():
        await journey.routine(name, **fields, **evening)
    await _run_the_day(journey, day, len(LOADS))

    # No model at all: the template's paragraph, with the data's own counts and names.
    await _summary(journey, "resumo-local", evening)
    told = await _told(journey, day, "resumo-local", len(LOADS) + 1)
    assert told["source"] == "template"
    assert told["totals"] | {"loads": 4, "clean": 1, "with_warnings": 2, "failed": 1, "rows": 36236} == told["totals"]
    paragraph = told["paragraph"]
    print(f"\nsem modelo: {paragraph}")
    assert paragraph.startswith(f"Em {day:%d/%m/%Y}, das 4 cargas da B3 e da CVM, 1 terminou sem avisos")
    assert "\n" not in paragraph
    for fact in ("36.236 linhas", "12.226 por b3-cotahist", "COTAHIST_D18112026", "cvm-cadastro", "NOT_ANSWERED"):
        assert fact in paragraph
    assert "outra-coisa" not in paragraph

    # A model whose every number and name is the data's: its words are taken. One that invents: they are not.
    good = (
        f"Em {day:%d/%m/%Y} houve 4 cargas: a b3-cotahist trouxe 12.226 linhas e a cvm-inf-diario, 24.010, com aviso de "
        "poucas linhas; faltou o arquivo COTAHIST_D18112026 e falhou a cvm-cadastro."
    )
    with ModelServer([good, good.replace("12.226", "12.227")]) as model:
        ai.stop()
        await stack.start_ai_svc(AI_SVC_OPENAI_COMPATIBLE_URL=model.url)
        await _summary(journey, "resumo-modelo", evening)
        told = await _told(journey, day, "resumo-modelo", len(LOADS) + 2)
        print(f"com modelo: {told['paragraph']}")
        assert (told["source"], told["paragraph"]) == ("model", good)
        asked = model.chats[0]
        assert "36.236 linhas carregadas" in asked.last
        assert asked.tool_names == []
        await _summary(journey, "resumo-inventado", evening)
        told = await _told(journey, day, "resumo-inventado", len(LOADS) + 3, warnings=1)
        assert (told["source"], told["paragraph"]) == ("template", paragraph)


def _zone_and_day() -> tuple[str, date]:
    """A zone in which 22:00 is still to come for at least two hours, and its date."""
    now = utc_now()
    zone = "UTC" if now.hour < 20 else "Pacific/Honolulu"
    return zone, now.astimezone(ZoneInfo(zone)).date()


async def _summary(journey: Any, name: str, evening: dict[str, Any]) -> None:
    body = {"name": name, "title": name, "job": "ai.summarize_warnings", "params": {}}
    await journey.post("/routines", body | evening)


async def _run_the_day(journey: Any, day: date, count: int) -> None:
    """What the scheduler has loaded for this evening runs now."""
    stack = journey.stack

    async def statuses() -> Counter[str]:
        # Of this day only: where it begins before São Paulo's, a scheduler's start loads the day before, too (E1).
        query = "SELECT status, count(*) AS n FROM core.executions WHERE business_date = $1 GROUP BY status"
        return Counter({row["status"]: row["n"] for row in await stack.fetch(query, day)})

    async def loaded() -> bool:
        return (await statuses()).total() == count

    await stack.until(loaded, timeout=60, what=f"{count} executions are in the queue")
    await journey.post("/scheduler/run", {"business_date": day.isoformat()})

    async def over() -> bool:
        found = await statuses()
        return found["SUCCEEDED"] + found["FAILED"] == count

    await stack.until(over, timeout=90, what=f"{count} executions are over")


async def _told(journey: Any, day: date, name: str, count: int, *, warnings: int = 0) -> Any:
    await _run_the_day(journey, day, count)
    query = "SELECT id, origin, status, error FROM core.executions WHERE routine_name = $1 AND business_date = $2"
    (row,) = await journey.stack.fetch(query, name, day)
    assert (row["origin"], row["status"]) == ("schedule", "SUCCEEDED"), row["error"]
    execution = await journey.get(f"/executions/{row['id']}")
    assert len(execution["warnings"]) == warnings
    return execution["result"]
