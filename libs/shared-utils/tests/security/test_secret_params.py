"""Secret params are masked for whoever reads them, and a mask that is written back keeps what is stored."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field, SecretStr

from shared_utils.security.secret_params import (
    MASK,
    marks_secrets,
    masked,
    restored,
    secret_texts,
    secret_values,
    value_at,
)


class Inner(BaseModel):
    pin: SecretStr
    name: str = ""


class Outer(BaseModel):
    passphrase: SecretStr
    key: str = Field(json_schema_extra={"format": "password"})
    hidden: dict[str, Any] = Field(json_schema_extra={"writeOnly": True})
    inner: Inner
    many: list[Inner] = []
    maybe: SecretStr | None = None
    by_name: dict[str, SecretStr] = {}
    pair: tuple[str, SecretStr] = ("", SecretStr(""))
    plain: str = ""


SCHEMA = Outer.model_json_schema()
PARAMS = {
    "passphrase": "secret-1",
    "key": "secret-2",
    "hidden": {"a": ["secret-3", 12345678]},
    "inner": {"pin": "secret-4", "name": "open-1"},
    "many": [{"pin": "secret-5", "name": "open-2"}, {"pin": "secret-6", "name": "open-3"}],
    "maybe": "secret-7",
    "by_name": {"x": "secret-8"},
    "pair": ["open-4", "secret-9"],
    "plain": "open-5",
    "unknown": "open-6",
    "headers": {"x-api-key": "secret-10", "accept": "open-7"},
}
SHOWN = {
    "passphrase": MASK,
    "key": MASK,
    "hidden": MASK,
    "inner": {"pin": MASK, "name": "open-1"},
    "many": [{"pin": MASK, "name": "open-2"}, {"pin": MASK, "name": "open-3"}],
    "maybe": MASK,
    "by_name": {"x": MASK},
    "pair": ["open-4", MASK],
    "plain": "open-5",
    "unknown": "open-6",
    "headers": {"x-api-key": MASK, "accept": "open-7"},
}


def test_secrets_are_masked_at_any_depth_and_nothing_else_is() -> None:
    before = json.dumps(PARAMS)
    assert masked(SCHEMA, PARAMS) == SHOWN
    assert json.dumps(PARAMS) == before, "what was given stays as it is"
    assert set(secret_texts(SCHEMA, PARAMS)) == {*(f"secret-{n}" for n in range(1, 11)), "12345678"}
    assert secret_values(SCHEMA, PARAMS)["many", 1, "pin"] == "secret-6"


def test_a_form_that_was_read_and_written_back_keeps_every_secret() -> None:
    assert restored(SCHEMA, SHOWN, stored=PARAMS) == (PARAMS, [])
    changed = {**SHOWN, "key": "new", "plain": "other", "by_name": {}}
    assert restored(SCHEMA, changed, stored=PARAMS) == ({**PARAMS, "key": "new", "plain": "other", "by_name": {}}, [])


def test_a_mask_for_which_nothing_is_stored_is_told_with_its_place() -> None:
    stored = {"inner": {"name": "open-1"}, "maybe": None, "key": ""}
    written = {"inner": {"pin": MASK}, "maybe": MASK, "key": MASK, "by_name": {"y": MASK}, "plain": MASK}
    value, lost = restored(SCHEMA, written, stored=stored)
    assert set(lost) == {("inner", "pin"), ("maybe",), ("key",), ("by_name", "y")}
    assert value["plain"] == MASK, "at a place that is not secret three stars are three stars"


def test_null_and_empty_text_hide_nothing() -> None:
    params = {"passphrase": "", "maybe": None, "token": None, "api_key": ""}
    assert masked(SCHEMA, params) == params
    assert list(secret_texts(SCHEMA, params)) == []


def test_without_a_schema_names_decide() -> None:
    params = {"api_key": "a", "deep": [{"db-password": 1, "use_cookies": True}], "plain": "b"}
    assert masked(None, params) == {"api_key": MASK, "deep": [{"db-password": MASK, "use_cookies": True}], "plain": "b"}
    assert restored(None, masked(None, params), stored=params) == (params, [])


def many(*items: tuple[str, str]) -> dict[str, Any]:
    return {"many": [{"name": name, "pin": pin} for name, pin in items]}


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ([("b", MASK), ("a", MASK)], [("b", "2"), ("a", "1")]),
        ([("b", MASK)], [("b", "2")]),
        ([("a", MASK), ("b", MASK), ("c", "3")], [("a", "1"), ("b", "2"), ("c", "3")]),
        ([("a", MASK), ("new", MASK)], [("a", "1"), ("new", "2")]),
        ([("a", "9"), ("b", MASK)], [("a", "9"), ("b", "2")]),
    ],
)
def test_items_of_a_list_keep_their_own_secrets(written: list[Any], wanted: list[Any]) -> None:
    assert restored(SCHEMA, many(*written), stored=many(("a", "1"), ("b", "2"))) == (many(*wanted), [])


@pytest.mark.parametrize(
    ("written", "lost"),
    [
        ([("new", MASK)], [0]),  # which of the two was it?
        ([("b", MASK), ("new", MASK)], [1]),  # the place of the second is that of `b`, which moved
        ([("a", MASK), ("b", MASK), ("c", MASK)], [2]),
    ],
)
def test_no_item_of_a_list_gets_the_secret_of_another(written: list[Any], lost: list[int]) -> None:
    _, places = restored(SCHEMA, many(*written), stored=many(("a", "1"), ("b", "2")))
    assert places == [("many", number, "pin") for number in lost]


def test_items_that_look_the_same_are_only_known_by_their_place() -> None:
    schema = {"properties": {"pins": {"items": {"format": "password"}}}}
    stored = {"pins": ["1", "2"]}
    assert restored(schema, {"pins": [MASK, MASK]}, stored=stored) == (stored, [])
    assert restored(schema, {"pins": [MASK]}, stored=stored)[1] == [("pins", 0)]
    assert restored(schema, {"pins": [MASK]}, stored={"pins": ["1", "1"]}) == ({"pins": ["1"]}, [])


@pytest.mark.parametrize("params", [None, [], "text", 3, {"inner": 3, "many": {"pin": None}, "by_name": []}])
def test_params_that_do_not_fit_their_schema_break_nothing(params: Any) -> None:
    assert masked(SCHEMA, params) == params
    assert restored(SCHEMA, params, stored=PARAMS) == (params, [])


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"},
        {"$ref": "#/nowhere/at/all"},
        {"properties": 3, "allOf": 3, "patternProperties": [], "prefixItems": {}, "items": [True], "$ref": 4},
        {"anyOf": [{"$ref": "#"}, {"$ref": "#"}], "properties": {"deep": {"$ref": "#"}}},
    ],
)
def test_strange_schemas_break_nothing(schema: dict[str, Any]) -> None:
    params = {"deep": {"deep": [[{"deep": "x"}]]}}
    assert masked(schema, params) == params


@pytest.mark.parametrize(
    "schema",
    [
        {"writeOnly": True},
        {"$ref": "#/definitions/a~1b", "definitions": {"a/b": {"properties": {"x": {"format": "password"}}}}},
        {"patternProperties": {"^x": {"writeOnly": True}}},
        {"if": {}, "then": {"properties": {"x": {"writeOnly": True}}}},
        {"dependentSchemas": {"y": {"properties": {"x": {"writeOnly": True}}}}},
        {"allOf": [{"properties": {"x": {"type": "string"}}}, {"additionalProperties": {"format": "password"}}]},
    ],
)
def test_marks_are_found_wherever_a_schema_may_have_them(schema: dict[str, Any]) -> None:
    assert marks_secrets(schema)
    assert masked(schema, {"x": "secret"}) == {"x": MASK}


def test_a_schema_without_marks_is_known() -> None:
    assert marks_secrets(SCHEMA)
    assert not marks_secrets({"properties": {"password": {"type": "string", "format": "date"}}, "allOf": [True, {}]})


def test_values_are_found_by_their_place() -> None:
    assert value_at(PARAMS, ("many", 1, "name")) == "open-3"
    assert value_at(PARAMS, ()) is PARAMS
    assert value_at(PARAMS, ("many", 7, "name")) is None
    assert value_at(PARAMS, ("plain", "deeper")) is None


json_values = st.recursive(
    st.sampled_from([None, True, 0, 12, "", "a", "b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["token", "x", "password", "deep"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from leaves(item)
    else:
        yield value


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["token", "x", "list"]), json_values, max_size=3))
def test_what_was_read_means_what_is_stored(params: dict[str, Any]) -> None:
    shown = masked(None, params)
    assert restored(None, shown, stored=params) == (params, [])
    assert masked(None, shown) == shown
    assert not [value for value in leaves(list(secret_values(None, shown).values())) if value != MASK]
