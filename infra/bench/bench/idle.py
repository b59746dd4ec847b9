"""Idle memory of the processes that every installation runs."""

import asyncio

import httpx

from bench.processes import family_pss, rss_megabytes
from bench.report import Measure
from bench.stack import BenchStack, bench_stack

SETTLE_SECONDS = 8
REQUESTS = 200
BAR_MEGABYTES = 350
BAR_AI_MEGABYTES = 120  # the offline model has processes of its own, which start when they are needed


async def measure_idle_memory() -> list[Measure]:
    """After start-up and a few quiet heartbeats; a worker counts with its warm child processes."""
    async with bench_stack("idle") as bench:
        scheduler = bench.stack.start_scheduler()
        worker = await bench.stack.start_worker("worker-1", slots=4)
        served = await bench.start_ai(AI_SVC_EMBEDDINGS_PROVIDER="off", AI_SVC_OPENAI_API_KEY="bench")
        ai = served.process
        await asyncio.sleep(SETTLE_SECONDS)
        core = next(process for process in bench.stack.processes if process.name == "core-api")
        parts = {process.name: family_pss(process.pid) for process in (core, scheduler, worker, ai)}
        await _ask(bench, served.url)
        asked, resident = family_pss(ai.pid)[0], rss_megabytes(ai.pid)
    named = [
        Measure(
            f"idle memory, {name}",
            megabytes,
            "MB",
            bar=BAR_AI_MEGABYTES if name == "ai-svc" else None,
            note=f"PSS of {count} process{'es' if count > 1 else ''}",
        )
        for name, (megabytes, count) in parts.items()
    ]
    total = sum(megabytes for name, (megabytes, _) in parts.items() if name != "ai-svc")
    note = f"PSS, with the adapter for OpenAI loaded; RSS, which counts shared libraries whole, {resident:.0f} MB"
    named.append(Measure(f"memory of ai-svc after {REQUESTS} requests", asked, "MB", bar=BAR_AI_MEGABYTES, note=note))
    return [*named, Measure("idle memory: api + scheduler + worker", total, "MB", bar=BAR_MEGABYTES)]


async def _ask(bench: BenchStack, url: str) -> None:
    """A document, then searches and lists, one after the other."""
    text = "# Ata\n\nO pregão abriu em alta.\n\n## Câmbio\n\nO dólar caiu."
    async with httpx.AsyncClient(base_url=url, headers=dict(bench.http.headers), timeout=60) as http:
        (await http.post("/api/v1/rag/documents/text", json={"title": "Ata", "text": text})).raise_for_status()
        for _ in range(REQUESTS // 4):
            question = {"question": "quando abriu o pregão?"}
            (await http.post("/api/v1/rag/search", json=question)).raise_for_status()
            for path in ("ai/status", "rag/documents", "ai/usage"):
                (await http.get(f"/api/v1/{path}")).raise_for_status()
