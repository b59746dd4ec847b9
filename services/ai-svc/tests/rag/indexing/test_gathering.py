"""Folders, addresses, texts and the product itself, as administrators and routines add them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from ai_svc.settings import Settings
from shared_utils.testing.waiting import until

KEY = "an-internal-key-of-these-tests-only"
URL = "/api/v1/rag/documents"
TEXT = "# Plantão\n\nQuem atende o telefone da mesa abre o chamado.\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = tmp_path / "shelf" / "manuais"
    folder.mkdir(parents=True)
    (folder / "plantao.md").write_text(TEXT)
    (folder / "carga.md").write_text("# Carga\n\nA carga começa às sete.\n")
    (folder / "logo.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.md").write_text("segredo")
    (folder / "link.md").symlink_to(tmp_path / "secret.md")
    return tmp_path / "shelf"


@pytest.fixture
async def app(serve: Any, settings: Settings, shelf: Path, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    runbooks = tmp_path / "runbooks"
    runbooks.mkdir()
    (runbooks / "fila.md").write_text("# Fila parada\n\nVeja o agendador.\n")
    changes = {
        "document_folders": [shelf],
        "runbooks_dir": runbooks,
        "internal_keys": {"worker-svc": [SecretStr(KEY)]},
        "embeddings_provider": "off",
    }
    async with serve(settings.model_copy(update=changes)) as client:
        yield client


async def ready(app: httpx.AsyncClient, count: int) -> dict[str, dict[str, Any]]:
    async def look() -> dict[str, dict[str, Any]] | None:
        documents = (await app.get(URL)).json()["data"]
        done = [one for one in documents if one["status"] == "READY"]
        return {one["title"]: one for one in done} if len(done) == len(documents) == count else None

    return await until(look, timeout=60, what=f"{count} documents are ready")


async def test_a_folder_is_followed(app: httpx.AsyncClient, oidc_issuer: Any, shelf: Path) -> None:
    admin = {"Authorization": f"Bearer {oidc_issuer.token(sub='root', roles=['admin'])}"}
    folder = {"path": str(shelf / "manuais"), "collection": "manuais"}

    async def sync(**body: Any) -> httpx.Response:
        return await app.post(f"{URL}/folder", json=folder | body, headers=admin)

    first = (await sync()).json()["data"]
    assert first == {"created": 2, "updated": 0, "unchanged": 0, "removed": 0, "skipped": 2}
    documents = await ready(app, 2)
    assert {one["collection"] for one in documents.values()} == {"manuais"}
    assert documents.keys() == {"Plantão", "Carga"}
    assert (await sync()).json()["data"]["unchanged"] == 2
    (shelf / "manuais" / "carga.md").unlink()
    (shelf / "manuais" / "plantao.md").write_text(TEXT + "\nE avisa a chefia.\n")
    changed = (await sync(collection="outra")).json()["data"]
    assert changed == {"created": 0, "updated": 1, "unchanged": 0, "removed": 1, "skipped": 2}
    document = (await ready(app, 1))["Plantão"]
    assert (document["version"], document["collection"]) == (2, "outra")
    outside = await sync(path=str(shelf.parent))
    assert (outside.status_code, outside.json()["code"]) == (422, "SOURCE_FOLDER_NOT_ALLOWED")
    assert (await app.post(f"{URL}/folder", json=folder)).status_code == 403, "a viewer may not"


async def test_routines_add_and_refresh(app: httpx.AsyncClient) -> None:
    async def call(path: str, body: dict[str, Any], key: str = KEY) -> httpx.Response:
        return await app.post(f"/internal/v1/rag/{path}", json=body, headers={"X-Internal-Key": key})

    assert (await call("index", {}, key="wrong")).status_code == 401
    text = {"text": {"title": "Aviso", "text": TEXT}}
    assert (await call("index", text)).json()["created"] == 1
    assert (await call("index", text)).json()["unchanged"] == 1
    assert (await call("index", {})).json()["code"] == "SOURCE_UNKNOWN"
    refreshed = (await call("refresh", {"sources": ["product", "web"]})).json()
    assert (refreshed["product"]["created"], refreshed["asked"]) == (1, 0)
    assert (await call("refresh", {"sources": ["product"]})).json()["product"]["unchanged"] == 1
    documents = await ready(app, 2)
    assert documents["fila"]["collection"] == "rotina"
    assert "*" in documents["Aviso"]["readers"]
