"""E15: artifacts are taken from whoever holds the attempt, kept whole, and given to whoever may look."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from factories.executions import add_one, force
from factories.workers import register

from core_api.lifespan import State
from core_api.modules.artifacts.public import drop_month
from core_api.modules.artifacts.service import byte_range
from core_api.storage import FolderStore
from shared_schemas.jobs import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, WriteSession

CONTENT = bytes(range(256)) * 4000


@pytest.fixture
async def running(session: WriteSession, clock: FakeClock) -> UUID:
    """An execution whose second attempt runs on worker-one."""
    await register(session, clock)
    execution = await add_one(session)
    await force(session, execution, status="RUNNING", worker_id="worker-one", attempt=2)
    await session.commit()
    return execution


async def put(
    worker: httpx.AsyncClient, execution: UUID, name: str = "report.csv", content: bytes = CONTENT, **changes: Any
) -> httpx.Response:
    attempt = changes.pop("attempt", 2)
    worker_id = changes.pop("worker_id", "worker-one")
    headers = {"Content-Type": "text/csv", "X-Content-SHA256": hashlib.sha256(content).hexdigest(), **changes}
    path = f"/internal/v1/artifacts/{execution}/{attempt}/{name}"
    return await worker.put(path, params={"worker_id": worker_id}, content=content, headers=headers)


async def test_e15_an_artifact_is_listed_and_downloaded_as_it_was(
    running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient, clock: FakeClock
) -> None:
    answer = await put(as_worker, running, "relat%C3%B3rio%20(1).csv")
    assert answer.status_code == 200, answer.text
    digest = hashlib.sha256(CONTENT).hexdigest()
    assert answer.json() == {"size_bytes": len(CONTENT), "sha256": digest}

    listed = (await as_viewer.get(f"/api/v1/executions/{running}/artifacts")).json()["data"]
    assert listed == [
        {
            "name": "relatório (1).csv",
            "attempt": 2,
            "content_type": "text/csv",
            "size_bytes": len(CONTENT),
            "sha256": digest,
            "stored_at": clock.now().isoformat().replace("+00:00", "Z"),
        }
    ]
    got = await as_viewer.get(f"/api/v1/executions/{running}/artifacts/relatório (1).csv")
    assert (got.status_code, got.content) == (200, CONTENT)
    assert got.headers["content-type"] == "text/csv"
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''relat%C3%B3rio%20%281%29.csv"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["etag"] == f'"{digest}"'
    assert got.headers["content-length"] == str(len(CONTENT))


async def test_e15_a_part_is_sent_when_a_range_asks_for_it(
    running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    assert (await put(as_worker, running)).status_code == 200
    path = f"/api/v1/executions/{running}/artifacts/report.csv"
    got = await as_viewer.get(path, headers={"Range": "bytes=300000-300999"})
    assert (got.status_code, got.content) == (206, CONTENT[300000:301000])
    assert got.headers["content-range"] == f"bytes 300000-300999/{len(CONTENT)}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, (0, 100, False)), ("bytes=0-9", (0, 10, True)), ("bytes=90-", (90, 10, True)), ("bytes=-30", (70, 30, True)),
        ("bytes=-300", (0, 100, True)), ("bytes=50-500", (50, 50, True)), ("bytes=100-", (0, 100, False)),
        ("bytes=9-1", (0, 100, False)), ("bytes=1-2,4-5", (0, 100, False)), ("lines=1-2", (0, 100, False)),
        ("bytes=-", (0, 100, False)), ("bytes=a-b", (0, 100, False)), ("bytes=-0", (0, 100, False)),
    ],
)  # fmt: skip
def test_e15_ranges(header: str | None, expected: tuple[int, int, bool]) -> None:
    assert byte_range(header, 100) == expected


@pytest.mark.parametrize("changes", [{"worker_id": "worker-two"}, {"attempt": 1}])
async def test_e15_only_the_holder_of_the_attempt_may_store(
    running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient, changes: dict[str, Any]
) -> None:
    answer = await put(as_worker, running, **changes)
    assert (answer.status_code, answer.json()["code"]) == (409, "ARTIFACT_FENCED")
    assert (await as_viewer.get(f"/api/v1/executions/{running}/artifacts")).json()["data"] == []


async def test_e15_an_attempt_that_is_lost_while_its_file_is_sent_is_fenced(
    session: WriteSession, running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    async def lost_meanwhile() -> AsyncIterator[bytes]:
        yield CONTENT[:1000]
        await force(session, running, status="RECOVERY")
        await session.commit()
        yield CONTENT[1000:]

    headers = {
        "Content-Type": "text/csv",
        "X-Content-SHA256": hashlib.sha256(CONTENT).hexdigest(),
        "Content-Length": str(len(CONTENT)),
    }
    path = f"/internal/v1/artifacts/{running}/2/report.csv"
    answer = await as_worker.put(path, params={"worker_id": "worker-one"}, content=lost_meanwhile(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "ARTIFACT_FENCED")
    assert (await as_viewer.get(f"/api/v1/executions/{running}/artifacts")).json()["data"] == []


async def test_e15_what_is_not_what_was_announced_is_not_kept(
    running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient, app_state: State
) -> None:
    wrong = await put(as_worker, running, **{"X-Content-SHA256": hashlib.sha256(b"other").hexdigest()})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "ARTIFACT_BROKEN")
    assert (await as_viewer.get(f"/api/v1/executions/{running}/artifacts")).json()["data"] == []
    root = app_state["settings"].artifacts_dir
    assert root is not None
    assert [path for path in root.rglob("*") if path.is_file() and str(running) in str(path)] == []


async def test_e15_too_large_and_too_many_are_refused(
    running: UUID, as_worker: httpx.AsyncClient, session: WriteSession
) -> None:
    large = await put(as_worker, running, **{"Content-Length": str(MAX_ARTIFACT_BYTES + 1)})
    assert large.status_code == 413
    for number in range(MAX_ARTIFACTS):
        assert (await put(as_worker, running, f"file-{number}", b"x")).status_code == 200
    again = await put(as_worker, running, "file-0", b"y")
    more = await put(as_worker, running, "one-more", b"x")
    assert again.status_code == 200
    assert (more.status_code, more.json()["code"]) == (409, "TOO_MANY_ARTIFACTS")


@pytest.mark.parametrize("name", ["..", ".hidden", "a%2Fb", "a%5Cb", "a%0Ab", "%20a", "x" * 201])
async def test_e15_unsafe_names_are_refused(running: UUID, as_worker: httpx.AsyncClient, name: str) -> None:
    assert (await put(as_worker, running, name)).status_code in {404, 422}


async def test_e15_the_newest_attempts_file_is_given_unless_another_is_asked_for(
    session: WriteSession, running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient
) -> None:
    assert (await put(as_worker, running, content=b"second")).status_code == 200
    await force(session, running, attempt=3)
    await session.commit()
    assert (await put(as_worker, running, content=b"third", attempt=3)).status_code == 200
    path = f"/api/v1/executions/{running}/artifacts/report.csv"
    assert (await as_viewer.get(path)).content == b"third"
    assert (await as_viewer.get(path, params={"attempt": 2})).content == b"second"
    missing = await as_viewer.get(path, params={"attempt": 1})
    assert (missing.status_code, missing.json()["code"]) == (404, "ARTIFACT_NOT_FOUND")


async def test_e15_only_workers_store_and_only_people_read(
    running: UUID, as_worker: httpx.AsyncClient, as_viewer: httpx.AsyncClient, anonymous: httpx.AsyncClient
) -> None:
    assert (await put(as_viewer, running)).status_code == 401
    for path in (f"/api/v1/executions/{running}/artifacts", f"/api/v1/executions/{running}/artifacts/report.csv"):
        assert (await anonymous.get(path)).status_code == 401
    unknown = await as_viewer.get("/api/v1/executions/00000000-0000-7000-8000-000000000000/artifacts")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "EXECUTION_NOT_FOUND")


async def test_e15_a_months_artifacts_go_with_it(
    running: UUID,
    as_worker: httpx.AsyncClient,
    as_viewer: httpx.AsyncClient,
    sessionmaker: SessionFactory,
    app_state: State,
) -> None:
    assert (await put(as_worker, running)).status_code == 200
    month = datetime.fromtimestamp((running.int >> 80) / 1000, UTC).date().replace(day=1)
    store = app_state["artifact_store"]
    assert await drop_month(sessionmaker, store, month=date(2020, 1, 1)) == 0
    assert await drop_month(sessionmaker, store, month=month) == 1
    assert (await as_viewer.get(f"/api/v1/executions/{running}/artifacts")).json()["data"] == []
    root = app_state["settings"].artifacts_dir
    assert root is not None
    assert not (root / f"{month:%Y-%m}").exists()


async def test_e15_without_a_folder_workers_are_told_what_to_set(running: UUID, api: Any) -> None:
    api._state["artifact_store"] = None
    async with api.client({"X-Internal-Key": "worker-svc-key-of-the-tests-0123456789abcdef"}) as worker:
        answer = await put(worker, running)
    assert (answer.status_code, answer.json()["code"]) == (409, "ARTIFACT_STORAGE_MISSING")
    assert "CORE_API_ARTIFACTS_DIR" in answer.json()["message"]


@pytest.mark.parametrize("key", ["", "/etc/passwd", "a/../b", "a//b", "unfinished/x"])
async def test_e15_keys_cannot_leave_the_folder(tmp_path: Path, key: str) -> None:
    async def nothing() -> AsyncIterator[bytes]:
        yield b""

    with pytest.raises(ValueError, match="no key"):
        await FolderStore(tmp_path).put(key, nothing())
