"""ai-svc's internal side of text jobs, in memory."""

from typing import Any
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class AiServer:
    """Tasks by their key. `failures` are answered first; a task needs `looks` looks until it is over, as `ending` says."""

    def __init__(self) -> None:
        self.tasks: dict[str, dict[str, Any]] = {}
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.keys: set[str | None] = set()
        self.cancelled: list[str] = []
        self.failures: list[int] = []
        self.looks = 2
        self.ending: dict[str, Any] = {"status": "SUCCEEDED", "result": {"summary": "Um resumo."}}
        self.items: list[dict[str, Any]] = []
        self.paragraph: dict[str, Any] = {}
        self.url = ""
        base = "/internal/v1/ai"
        self.app = Starlette(
            routes=[
                Route(f"{base}/text/warnings", self._warnings, methods=["POST"]),
                Route(f"{base}/text/{{kind}}", self._create, methods=["POST"]),
                Route(f"{base}/tasks/{{id}}", self._get),
                Route(f"{base}/tasks/{{id}}/items", self._items),
                Route(f"{base}/tasks/{{id}}/cancel", self._cancel, methods=["POST"]),
            ]
        )

    def _failure(self) -> Response | None:
        if not self.failures:
            return None
        status = self.failures.pop(0)
        return JSONResponse({"code": f"CODE_{status}", "message": "no"}, status)

    async def _create(self, request: Request) -> Response:
        self.keys.add(request.headers.get("X-Internal-Key"))
        if failure := self._failure():
            return failure
        body = await request.json()
        self.requests.append((request.path_params["kind"], body["request"]))
        task = self.tasks.setdefault(body["idempotency_key"], self._task(body["request"]))
        return JSONResponse(task)

    def _task(self, request: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": str(uuid4()),
            "kind": "text",
            "owner": "service:worker-svc",
            "status": "RUNNING",
            "progress": 0.5,
            "items_total": len(request.get("items", ())),
            "items_done": 1,
            "items_failed": 0,
            "error": None,
            "result": None,
            "looks": 0,
        }

    def _by_id(self, request: Request) -> dict[str, Any]:
        return next(task for task in self.tasks.values() if task["id"] == request.path_params["id"])

    async def _get(self, request: Request) -> Response:
        task = self._by_id(request)
        task["looks"] += 1
        if task["looks"] >= self.looks:
            task |= self.ending
        return JSONResponse(task)

    async def _items(self, request: Request) -> Response:
        after, limit = int(request.query_params["after"]), 2
        page = [one for one in self.items if one["ordinal"] > after][:limit]
        more = bool(page) and page[-1]["ordinal"] < self.items[-1]["ordinal"]
        return JSONResponse({"items": page, "next_after": page[-1]["ordinal"] if more else None})

    async def _cancel(self, request: Request) -> Response:
        task = self._by_id(request)
        self.cancelled.append(task["id"])
        return JSONResponse(task)

    async def _warnings(self, request: Request) -> Response:
        if failure := self._failure():
            return failure
        self.requests.append(("warnings", await request.json()))
        return JSONResponse(self.paragraph)
