"""One request's trace through every process: in all logs and in the spans that a collector receives; and the metrics."""

import base64
import json
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from prometheus_client.parser import text_string_to_metric_families

from ephemeral import EphemeralStack
from shared_utils.observability.tracing import new_traceparent
from shared_utils.testing.ports import free_port
from shared_utils.testing.receivers import Receiver, receiver
from shared_utils.testing.waiting import until

pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

REPO = Path(__file__).resolve().parents[2]
TEXT = "A B3 fechou em alta. O volume foi de dez bilhões. A CVM publicou o informe diário dos fundos."
SERVICES = {"core-api", "core-scheduler", "worker-svc", "ai-svc"}


@dataclass
class Stage:
    """The processes, and where they are reached."""

    journey: Any
    stack: EphemeralStack
    collector: Receiver
    front: str
    ports: dict[str, int] = field(default_factory=dict)

    def spans(self) -> list[dict[str, Any]]:
        """Everything that the collector received, as OTLP's JSON, with the service's name."""
        return [span for one in self.collector.received for span in spans_of(one.body)]


def spans_of(body: bytes) -> Iterable[dict[str, Any]]:
    for resource in MessageToDict(ExportTraceServiceRequest.FromString(body))["resourceSpans"]:
        named = {one["key"]: one["value"].get("stringValue") for one in resource["resource"]["attributes"]}
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                yield span | {"service": named["service.name"], "traceId": hex_of(span["traceId"])}


def hex_of(encoded: str) -> str:
    return base64.b64decode(encoded).hex()


@pytest.fixture
async def stage(journey: Any) -> AsyncIterator[Stage]:
    """A scheduler, a worker and ai-svc beside a core-api of its own, whose spans go to a collector of the test's."""
    stack = journey.stack
    async with receiver() as collector:
        core_port, scheduler_port, worker_port = free_port(), free_port(), free_port()
        endpoint = f"http://127.0.0.1:{collector.port}/v1/traces"
        env = {f"{prefix}_TRACES_ENDPOINT": endpoint for prefix in ("CORE_API", "AI_SVC", "WORKER_SVC")}
        env["OTEL_BSP_SCHEDULE_DELAY"] = "200"
        former, stack.core_port = stack.core_port, core_port
        kept = dict(stack.extra_env)
        stack.extra_env = kept | env
        try:
            await stack.start_core_api()
            await stack.start_ai_svc()
            stack.start_scheduler(CORE_API_SCHEDULER_HTTP_PORT=str(scheduler_port))
            worker = await stack.start_worker(wait=False, WORKER_SVC_HTTP_PORT=str(worker_port))
            await stack.ready(worker, f"http://127.0.0.1:{worker_port}/health/ready")
            front = await stack.start_front_door(worker_port=worker_port)
            ports = {"core-api": core_port, "core-scheduler": scheduler_port, "ai-svc": stack.ai_port}
            yield Stage(journey, stack, collector, front, ports | {"worker-svc": worker_port})
        finally:
            mine = stack.processes[1:]
            for process in reversed(mine):
                process.stop(timeout=15)
            stack.processes = stack.processes[:1]
            stack.core_port, stack.extra_env = former, kept


def traced_lines(stack: EphemeralStack, name: str, trace_id: str) -> list[dict[str, Any]]:
    lines = [line for line in (stack.folder / f"{name}.log").read_text().splitlines() if line.startswith("{")]
    return [line for line in map(json.loads, lines) if line.get("trace_id") == trace_id]


async def test_one_trace_from_the_front_door_to_the_model_and_what_is_measured_on_the_way(stage: Stage) -> None:
    stack, journey = stage.stack, stage.journey
    trace = new_traceparent()
    trace_id = trace[3:35]
    token = journey.http.headers["Authorization"]
    async with httpx.AsyncClient(base_url=stage.front, headers={"Authorization": token}, timeout=30) as http:
        body = {"name": "resumo", "title": "Resumo", "job": "ai.summarize", "trigger": {"type": "manual"}}
        made = await http.post("/api/v1/routines", json=body | {"params": {"text": TEXT}})
        assert made.status_code == 201, made.text
        answer = await http.post(f"/api/v1/routines/{made.json()['data']['id']}/run", headers={"traceparent": trace})
        assert answer.status_code < 300, answer.text
        for path in ("/metrics", "/internal/v1/workers", "/health/ready"):
            assert (await http.get(path)).status_code == 404
    data = answer.json()["data"]
    row = await journey.until_status(data["executions"][0]["id"] if "executions" in data else data["id"], "SUCCEEDED")
    assert row["traceparent"][3:35] == trace_id

    # Logs: the front door's in words, the others' as JSON, each line with the span it was written in.
    await until(
        lambda: f"trace={trace_id}" in (stack.folder / "front-door.log").read_text(), what="front door", timeout=90
    )
    for name in ("core-api", "worker-1", "ai-svc"):
        lines = await until(lambda name=name: traced_lines(stack, name, trace_id), what=f"{name} logs", timeout=90)
        assert all(re.fullmatch(r"[0-9a-f]{16}", line["span_id"]) for line in lines)
        assert all(line["correlation_id"] for line in lines)
    assert {"access"} <= {line["logger"] for line in traced_lines(stack, "core-api", trace_id)}
    assert [line["outcome"] for line in traced_lines(stack, "worker-1", trace_id) if "outcome" in line] == ["SUCCEEDED"]

    # Spans: every service has some in the trace; producers and consumers; the request's is below what came in.
    def of_trace() -> list[dict[str, Any]]:
        found = [span for span in stage.spans() if span["traceId"] == trace_id]
        kinds = {span["kind"] for span in found}
        names = {span["name"].split(" ")[0] for span in found}
        whole = kinds >= {"SPAN_KIND_SERVER", "SPAN_KIND_PRODUCER", "SPAN_KIND_CONSUMER"} and names >= {"run", "task"}
        return found if {span["service"] for span in found} >= SERVICES and whole else []

    spans = await until(of_trace, what="spans of every service", timeout=90)
    run = next(span for span in spans if span["name"] == "run ai.summarize")
    assert (run["service"], run["kind"], len(run["links"])) == ("worker-svc", "SPAN_KIND_CONSUMER", 1)
    asked = [span for span in spans if span["service"] == "ai-svc" and span["kind"] == "SPAN_KIND_SERVER"]
    assert run["spanId"] in {span["parentSpanId"] for span in asked}, "ai-svc's request is below the run"
    assert any(span["name"].startswith("task ") and span.get("links") for span in spans)
    assert TEXT[:20] not in json.dumps(stage.spans(), ensure_ascii=False), "what people write is in no span"
    await the_catalogue_is_true(stage)


# --- metrics ---------------------------------------------------------------------------------------------------------

SECTIONS = {
    "Every process": ("core-api", "core-scheduler", "ai-svc", "worker-svc"),
    "Every process that serves an API": ("core-api", "ai-svc", "worker-svc"),
    "core-api, for the whole engine": ("core-api",),
    "core-api and core-scheduler, per process": ("core-api", "core-scheduler"),
    "core-scheduler, per process": ("core-scheduler",),
    "worker-svc, per process": ("worker-svc",),
    "worker-svc, for the whole market schema": ("worker-svc",),
    "ai-svc, per process": ("ai-svc",),
    "ai-svc, for the whole service": ("ai-svc",),
    "Whoever has an outbox or consumes events": (),
}


def catalogue() -> dict[str, dict[str, tuple[str, frozenset[str]]]]:
    """By section: the type and the labels of each metric."""
    told: dict[str, dict[str, tuple[str, frozenset[str]]]] = {}
    section = ""
    for line in (REPO / ".docs" / "metrics.md").read_text().splitlines():
        if line.startswith("## "):
            section = line[3:].split(":")[0]
        elif line.startswith("| `") and section:
            name, kind, labels = (cell.strip() for cell in line.split("|")[1:4])
            known = frozenset(one.strip() for one in labels.split(",") if one.strip())
            told.setdefault(section, {})[name.strip("`")] = (kind, known)
    return told


async def the_catalogue_is_true(stage: Stage) -> None:
    """What .docs/metrics.md promises is exposed with its type and labels, and nothing else is."""
    told = catalogue()
    assert set(told) == set(SECTIONS)
    everything = {name: what for section in told.values() for name, what in section.items()}
    async with httpx.AsyncClient(timeout=30) as http:
        for process, port in stage.ports.items():
            text = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
            ended = 'executions_finished_total{reason="ok",status="SUCCEEDED"} 1.0'
            assert (ended in text) is (process == "core-api")
            families = {one.name: one for one in text_string_to_metric_families(text)}
            exposed = {f"{name}_total" if one.type == "counter" else name: one for name, one in families.items()}
            promised = {name for section, of in SECTIONS.items() if process in of for name in told[section]}
            assert promised - set(exposed) == set(), f"{process} does not expose"
            assert set(exposed) - set(everything) == set(), f"{process} exposes what .docs/metrics.md does not name"
            for name, family in exposed.items():
                labels = {frozenset(sample.labels) - {"le"} for sample in family.samples}
                assert (family.type, labels | {everything[name][1]}) == (everything[name][0], {everything[name][1]}), (
                    name
                )
