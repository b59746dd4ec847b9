"""Health and metrics of a process that serves nothing else."""

import httpx
import pytest
from prometheus_client import CollectorRegistry, Counter

from shared_utils.http.probes import probe_app
from shared_utils.http.server import serving
from shared_utils.testing.ports import free_port


async def test_two_paths_and_nothing_else() -> None:
    registry = CollectorRegistry()
    Counter("turns", "Turns.", registry=registry).inc()
    port = free_port()
    app = probe_app(service="demo", version="1", registry=registry)
    async with serving(app, host="127.0.0.1", port=port), httpx.AsyncClient() as client:
        url = f"http://127.0.0.1:{port}"
        health = await client.get(f"{url}/health")
        assert health.json() == {"service": "demo", "version": "1", "status": "ok"}
        metrics = await client.get(f"{url}/metrics")
        assert metrics.headers["content-type"].startswith("text/plain")
        assert "turns_total 1.0" in metrics.text
        assert [(await client.get(f"{url}{path}")).status_code for path in ("/", "/metrics/x", "/health/ready")] == [
            404,
            404,
            404,
        ]
        assert (await client.post(f"{url}/metrics")).status_code == 405
    with pytest.raises(httpx.ConnectError):
        httpx.get(url)


async def test_a_port_that_is_taken_stops_the_start() -> None:
    port = free_port()
    app = probe_app(service="demo", version="1", registry=CollectorRegistry())
    async with serving(app, host="127.0.0.1", port=port):
        with pytest.raises(OSError, match="in use"):
            async with serving(app, host="127.0.0.1", port=port):
                pass
