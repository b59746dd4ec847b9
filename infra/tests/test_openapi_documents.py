"""What other programs are built from is complete: `frontend/openapi/` (`make check` says whether it is up to date)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("core-api", "ai-svc", "worker-svc")
SCHEMAS = "#/components/schemas/"


@pytest.fixture(params=SERVICES)
def document(request: pytest.FixtureRequest) -> Any:
    return json.loads((ROOT / f"frontend/openapi/{request.param}.json").read_text(encoding="utf-8"))


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_operation_has_an_id_a_description_and_its_errors(document: Any) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert ids
    assert len(ids) == len(set(ids))
    for name, operation in operations(document):
        assert operation["operationId"].startswith(operation["tags"][0] + "_"), name
        assert operation.get("summary"), name
        assert operation.get("description"), f"{name} needs a docstring"
        errors = {status: answer for status, answer in operation["responses"].items() if not status.startswith("2")}
        assert {"401", "422", "default"} <= set(errors), f"{name} documents {sorted(errors)}"
        for status, answer in errors.items():
            assert answer["content"]["application/json"]["schema"] == {"$ref": f"{SCHEMAS}ApiError"}, f"{name} {status}"


def test_every_body_that_is_needed_has_an_example(document: Any) -> None:
    needed = {
        name: content["schema"]
        for name, operation in operations(document)
        for content in operation.get("requestBody", {}).get("content", {}).values()
        if operation["requestBody"].get("required") and "$ref" in content["schema"]
    }
    assert [name for name, schema in needed.items() if not has_example(document, schema)] == []


def test_answers_are_in_the_envelope(document: Any) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            content = answer.get("content", {}).get("application/json")
            if status.startswith("2") and content is not None:
                assert content["schema"]["$ref"].startswith(f"{SCHEMAS}ApiResponse"), name


def test_every_reference_leads_somewhere(document: Any) -> None:
    there = {f"{SCHEMAS}{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= there


def test_every_document_has_its_client() -> None:
    assert {path.stem for path in (ROOT / "frontend/openapi").glob("*.json")} == set(SERVICES)
    assert {path.stem for path in (ROOT / "frontend/src/client").glob("*.ts")} >= set(SERVICES)


def has_example(document: Any, node: Any, seen: frozenset[str] = frozenset()) -> bool:
    if isinstance(node, list):
        return any(has_example(document, item, seen) for item in node)
    if not isinstance(node, dict):
        return False
    if "examples" in node or "example" in node:
        return True
    reference = str(node.get("$ref", ""))
    if reference.startswith(SCHEMAS) and reference not in seen:
        schema = document["components"]["schemas"][reference.removeprefix(SCHEMAS)]
        return has_example(document, schema, seen | {reference})
    return any(has_example(document, item, seen) for item in node.values())


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)
