"""Which chain the settings make, and which of them are refused with what to change."""

from typing import Any

import pytest
from pydantic import ValidationError
from service_settings import NEEDED, settings_with

from ai_svc.brain.providers import ChainInvalid, chain_of, steps_of
from ai_svc.settings import Settings


def test_by_default_whatever_is_configured_is_asked_and_local_last() -> None:
    steps = steps_of(settings_with(openai_compatible_url="http://models/v1", anthropic_api_key="k", openai_api_key="k"))
    assert [step.provider for step in steps] == ["openai", "openai_compatible", "anthropic", "local"]
    assert steps[0].model == settings_with().openai_model


def test_the_chain_may_name_models_and_leave_local_out() -> None:
    steps = steps_of(settings_with(openai_api_key="k", model_chain="openai:gpt-x, openai:gpt-y:free"))
    assert [(step.provider, step.model) for step in steps] == [("openai", "gpt-x"), ("openai", "gpt-y:free")]


@pytest.mark.parametrize(
    ("chain", "said"), [("openai", "not configured"), ("gpt", "no provider 'gpt'"), (" , ", "at least one")]
)
def test_a_chain_that_cannot_be_is_refused(chain: str, said: str) -> None:
    with pytest.raises(ChainInvalid, match=said):
        steps_of(settings_with(model_chain=chain))


def test_time_limits_are_set_by_provider() -> None:
    settings = settings_with(
        openai_compatible_url="http://models/v1", model_timeouts={"openai_compatible": {"first_token": 90}}
    )
    compatible, local = chain_of(settings)
    assert (compatible.timeouts.first_token, local.timeouts.first_token) == (90, 20)


@pytest.mark.parametrize("wrong", [{"openia": {"whole": 1}}, {"openai": {"hole": 1}}, {"openai": {"whole": -1}}])
def test_limits_that_mean_nothing_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ChainInvalid, match="model_timeouts"):
        chain_of(settings_with(model_timeouts=wrong))


def test_content_in_traces_of_production_has_to_be_meant() -> None:
    strong = {"database_url": "postgresql+asyncpg://ai:Wm3kq8Zp1xV7tR5nB2cY9dF4gH6jL0sA@db:5432/rotina"}
    production = NEEDED | strong | {"environment": "production", "streams_url": strong["database_url"]}
    with pytest.raises(ValidationError, match="trace_content"):
        Settings.model_validate(production | {"trace_content": "on"})
    assert Settings.model_validate(production | {"trace_content": "on_in_production"})
    assert settings_with(trace_content="on")
