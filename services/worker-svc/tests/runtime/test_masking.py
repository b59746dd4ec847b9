"""E15: what counts as a secret, and where it is found."""

from typing import Any

import pytest
from pydantic import BaseModel, Field, SecretStr

from worker_svc.runtime.masking import SecretMask, environment_secrets, param_secrets

SECRET = "s3cr3t/v@lue"


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("DB_PASSWORD", True), ("TEAM_API_TOKEN", True), ("WORKER_SVC_INTERNAL_KEY", True), ("CLIENT_SECRET", True),
        ("SENTRY_DSN", True), ("token", True), ("KEYBOARD", False), ("TOKENIZER", False), ("PATH", False),
    ],
)  # fmt: skip
def test_e15_variables_named_like_secrets_are_secret(name: str, *, is_secret: bool) -> None:
    assert (SECRET in set(environment_secrets({name: SECRET}))) is is_secret


def test_e15_the_password_of_an_address_is_secret_whatever_the_variable_is_called() -> None:
    found = set(environment_secrets({"SOME_URL": "postgresql+asyncpg://user:hunter2hunter2@host:5432/db"}))
    assert found == {"hunter2hunter2"}


@pytest.mark.parametrize(
    "text",
    [
        f"it is {SECRET}!",
        "https://host/?q=s3cr3t%2Fv%40lue",
        "Authorization: Bearer abcdefgh12345678",
        "redis://:s3cr3t/v@lue@host",
        "postgresql://core:hunter2hunter2@127.0.0.1/rotina",
    ],
)
def test_e15_secrets_are_masked_in_text(text: str) -> None:
    masked = SecretMask([SECRET]).text(text)
    assert "***" in masked
    for secret in (SECRET, "s3cr3t%2Fv%40lue", "abcdefgh12345678", "hunter2"):
        assert secret not in masked


def test_e15_secrets_are_masked_anywhere_in_a_value() -> None:
    value = {"list": [SECRET, {"deep": f"a {SECRET} b"}], SECRET: 1, "api_key": 12345, "rows": 3, "none": None}
    masked = SecretMask([SECRET]).value(value)
    assert masked == {"list": ["***", {"deep": "a *** b"}], "***": 1, "api_key": "***", "rows": 3, "none": None}


def test_e15_each_line_of_a_long_secret_is_masked_and_short_or_harmless_ones_are_not() -> None:
    mask = SecretMask(["-----BEGIN-----\nabcdefghij\nklmnopqrst\n", "abc", "default"])
    assert mask.text("klmnopqrst and abc by default") == "*** and abc by default"


class Inner(BaseModel):
    pin: SecretStr
    name: str = ""


class Outer(BaseModel):
    password: SecretStr
    key: str = Field(json_schema_extra={"format": "password"})
    hidden: dict[str, Any] = Field(json_schema_extra={"writeOnly": True})
    inner: Inner
    many: list[Inner] = []
    maybe: SecretStr | None = None
    by_name: dict[str, SecretStr] = {}
    plain: str = ""


def test_e15_params_that_the_schema_marks_are_secret_at_any_depth() -> None:
    params = {
        "password": "secret-1",
        "key": "secret-2",
        "hidden": {"a": ["secret-3", 12345678]},
        "inner": {"pin": "secret-4", "name": "open-1"},
        "many": [{"pin": "secret-5", "name": "open-2"}],
        "maybe": "secret-6",
        "by_name": {"x": "secret-7"},
        "plain": "open-3",
        "unknown": "open-4",
    }
    found = set(param_secrets(Outer.model_json_schema(), params))
    assert found == {*(f"secret-{n}" for n in range(1, 8)), "12345678"}


def test_e15_params_that_do_not_fit_their_schema_break_nothing() -> None:
    for params in (None, [], "text", {"inner": 3, "many": {"pin": "x"}, "by_name": ["y"]}):
        assert list(param_secrets(Outer.model_json_schema(), params)) == []
