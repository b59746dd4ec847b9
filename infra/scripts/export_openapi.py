"""Writes the OpenAPI documents from which the frontend's client is generated.

    python infra/scripts/export_openapi.py            writes frontend/openapi/<service>.json
    python infra/scripts/export_openapi.py --check    says whether they are what would be written now

Only what the front door routes is kept: no internal routes, and not the `/api` alias beside `/api/v1`.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ai_svc.main import create_app as create_ai_svc
from ai_svc.settings import Settings as AiSvcSettings
from core_api.main import create_app as create_core_api
from core_api.settings import Settings as CoreApiSettings
from worker_svc.main import create_app as create_worker_svc
from worker_svc.settings import Settings as WorkerSvcSettings

TARGET = Path(__file__).resolve().parents[2] / "frontend/openapi"
PUBLIC = "/api/v1/"
REFERENCE = "#/components/schemas/"
NOWHERE = "127.0.0.1:1"
_NOWHERE: dict[str, Any] = {
    "database_url": f"postgresql+asyncpg://nobody@{NOWHERE}/nothing",
    "streams_url": f"redis://{NOWHERE}",
    "oidc_issuer": f"http://{NOWHERE}",
    "oidc_audience": "rotina-api",
    "internal_keys": {},
}


def core_api() -> dict[str, Any]:
    """core-api's document. Nothing is opened before an application's lifespan starts, so the addresses lead nowhere."""
    settings = CoreApiSettings.model_validate(_NOWHERE | {"cache_url": f"redis://{NOWHERE}"})
    return create_core_api(settings).openapi()


def ai_svc() -> dict[str, Any]:
    """ai-svc's document."""
    return create_ai_svc(AiSvcSettings.model_validate(_NOWHERE)).openapi()


def worker_svc() -> dict[str, Any]:
    """worker-svc's document."""
    own = {"core_api_url": f"http://{NOWHERE}", "internal_key": "none", "storage_dir": "storage"}
    return create_worker_svc(WorkerSvcSettings.model_validate(_NOWHERE | own)).openapi()


DOCUMENTS = {"core-api": core_api, "ai-svc": ai_svc, "worker-svc": worker_svc}


def references(node: Any) -> set[str]:
    """Names of the schemas that a part of a document refers to."""
    if isinstance(node, dict):
        own = {node["$ref"].removeprefix(REFERENCE)} if str(node.get("$ref", "")).startswith(REFERENCE) else set()
        return own.union(*map(references, node.values()))
    if isinstance(node, list):
        return set().union(*map(references, node))
    return set()


def public_part(document: dict[str, Any]) -> dict[str, Any]:
    """The document with public routes only, and the schemas that they reach."""
    paths = {path: item for path, item in document["paths"].items() if path.startswith(PUBLIC)}
    schemas = document.get("components", {}).get("schemas", {})
    reached: set[str] = set()
    fresh = references(paths)
    while fresh:
        reached |= fresh
        fresh = references([schemas[name] for name in fresh]) - reached
    components = document.get("components", {}) | {"schemas": {name: schemas[name] for name in sorted(reached)}}
    return document | {"paths": paths, "components": components}


def main() -> int:
    """Write or check every document; 1 when a check finds one out of date."""
    parser = argparse.ArgumentParser(description="OpenAPI documents for the frontend's client")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a document is out of date")
    check = parser.parse_args().check
    stale = False
    for name, build in DOCUMENTS.items():
        path = TARGET / f"{name}.json"
        text = json.dumps(public_part(build()), indent=2, ensure_ascii=False) + "\n"
        if check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            stale = True
            print(f"{path.name} is out of date: run make client", file=sys.stderr)
        elif not check:
            TARGET.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"frontend/openapi/{path.name}")
    return int(stale)


if __name__ == "__main__":
    sys.exit(main())
