"""The OpenAPI document is complete: the client that the web app uses is generated from it."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert method in METHODS
            yield f"{method.upper()} {path}", operation


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation.get("summary"), name
        assert operation.get("description"), f"{name} needs a docstring"
        assert operation["tags"], name
        errors = {status: answer for status, answer in operation["responses"].items() if not status.startswith("2")}
        assert {"401", "422", "default"} <= set(errors), f"{name} documents {sorted(errors)}"
        for status, answer in errors.items():
            schema = answer["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/ApiError"}, f"{name} {status}"


def test_operation_ids_are_unique_and_carry_their_tag(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for _, operation in operations(document):
        assert operation["operationId"].startswith(operation["tags"][0] + "_")


def test_the_alias_is_served_but_not_documented(document: dict[str, Any]) -> None:
    assert all(path.startswith(("/api/v1/", "/internal/v1/")) for path in document["paths"])


def test_public_answers_are_in_the_envelope(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if " /internal/" in name:
            continue
        for status, answer in operation["responses"].items():
            json_answer = answer.get("content", {}).get("application/json")
            if status.startswith("2") and json_answer is not None:
                assert json_answer["schema"]["$ref"].startswith("#/components/schemas/ApiResponse"), name


def test_no_output_schema_has_a_default(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for name in sorted(reachable(document)):
        schema = schemas[name]
        properties = schema.get("properties", {})
        assert set(schema.get("required", ())) == set(properties), f"{name} has optional fields"
        for field, definition in properties.items():
            assert "default" not in definition, f"{name}.{field} has a default"


def reachable(document: dict[str, Any]) -> set[str]:
    """Names of all schemas that an answer of the public API can hold."""
    found: set[str] = set()
    waiting = [
        answer
        for name, operation in operations(document)
        if " /internal/" not in name
        for answer in operation["responses"].values()
    ]
    while waiting:
        for name in references(waiting.pop()):
            if name not in found:
                found.add(name)
                waiting.append(document["components"]["schemas"][name])
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(reference := node.get("$ref"), str):
            yield reference.rsplit("/", 1)[1]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)
