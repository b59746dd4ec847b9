"""E15: what counts as a secret, and where it is found."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel, SecretStr

from shared_schemas.jobs import ClaimedRun, JobDescriptor
from worker_svc.runtime.masking import RunSecrets, SecretMask, environment_secrets

SECRET = "s3cr3t/v@lue"


def claimed(*, params: dict[str, Any]) -> ClaimedRun:
    return ClaimedRun(
        execution_id=uuid4(), attempt=1, routine_id=uuid4(), routine_name="demo", job="demo.job", params=params,
        business_date=date(2026, 11, 20), slot=datetime(2026, 11, 20, 12, tzinfo=UTC), origin="manual",
        timeout_seconds=None, max_attempts=1, recoveries=0, correlation_id="c",
    )  # fmt: skip


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


class Params(BaseModel):
    password: SecretStr
    plain: str = ""


@pytest.mark.parametrize("marks", [True, False])
def test_e15_a_run_says_nothing_of_its_secret_params(*, marks: bool) -> None:
    schema = Params.model_json_schema() if marks else {"type": "object"}
    job = JobDescriptor(name="demo.job", title="Demo", description="", params_schema=schema)
    run = claimed(
        params={"password": "correct-horse", "plain": "open-text", "headers": {"x-api-key": "battery-staple"}}
    )
    mask = RunSecrets({}, [job]).of_run(run)
    assert mask.text("correct-horse, battery-staple, open-text") == "***, ***, open-text"
