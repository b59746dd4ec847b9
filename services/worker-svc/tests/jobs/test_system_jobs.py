"""`system.clean_logs`: what it asks of core-api, and what it makes of the answers."""

from datetime import date
from typing import Any

from factories.protocol_server import ProtocolServer
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

DAY = date(2026, 11, 20)


class Upkeep:
    """core-api's side: three batches are past their time, and a month of which one is kept."""

    def __init__(self, core: ProtocolServer) -> None:
        self.asked: list[Any] = []
        self.keys: list[str | None] = []
        route = Route("/internal/v1/scheduler/maintenance", self._run, methods=["POST"])
        core.app.router.routes.append(route)

    async def _run(self, request: Request) -> Response:
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("X-Internal-Key"))
        month = {"month": f"2024-0{len(self.asked)}-01", "executions": 5, "bytes": 1}
        return JSONResponse(
            {
                "dry_run": body["dry_run"],
                "keep_executions_months": 24,
                "tables": [{"table": "scheduler_logs", "keep_days": 90, "rows": 10}],
                "months": [{**month, "kept_because": "UNFINISHED" if len(self.asked) == 2 else None}],
                "more": len(self.asked) < 3 and not body["dry_run"],
            }
        )


async def test_it_goes_on_until_nothing_is_past_its_time(core: ProtocolServer, run: Any) -> None:
    upkeep = Upkeep(core)
    end = await run("system.clean_logs", DAY)
    assert end.result.data == {"dry_run": False, "rows": {"scheduler_logs": 30}, "months": ["2024-01", "2024-03"]}
    assert upkeep.asked == [{"dry_run": False}] * 3
    assert all(upkeep.keys)


async def test_a_dry_run_only_looks(core: ProtocolServer, run: Any) -> None:
    upkeep = Upkeep(core)
    end = await run("system.clean_logs", DAY, dry_run=True)
    assert (end.result.data["dry_run"], upkeep.asked) == (True, [{"dry_run": True}])
