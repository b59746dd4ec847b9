"""Which providers of language models this installation has, and the chain of those that are asked."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from ai_svc.brain.chat import Provider
from ai_svc.brain.links import Link
from ai_svc.brain.schemas import ProviderName, ProviderRead
from ai_svc.brain.timeouts import Timeouts
from ai_svc.settings import Settings


class ChainInvalid(ValueError):
    """The settings name a provider that this installation does not have."""


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of the chain."""

    provider: ProviderName
    model: str


def configured_providers(settings: Settings) -> list[ProviderRead]:
    """Every provider that the service knows, in the order in which they are asked; `local` is always there and last."""
    configured = {
        ProviderName.OPENAI: settings.openai_api_key is not None,
        ProviderName.OPENAI_COMPATIBLE: settings.openai_compatible_url is not None,
        ProviderName.ANTHROPIC: settings.anthropic_api_key is not None,
        ProviderName.GOOGLE: settings.google_api_key is not None,
        ProviderName.LOCAL: True,
    }
    return [ProviderRead(name=name, configured=there) for name, there in configured.items()]


def steps_of(settings: Settings) -> list[Step]:
    """The chain that the settings describe. Raises `ChainInvalid` with what to change."""
    there = [provider.name for provider in configured_providers(settings) if provider.configured]
    if settings.model_chain is None:
        return [Step(name, _default_model(settings, name)) for name in there]
    steps = [_step(settings, entry.strip(), there) for entry in settings.model_chain.split(",") if entry.strip()]
    if not steps:
        raise ChainInvalid("model_chain: name at least one provider, for example `openai,local`")
    return steps


def chain_of(settings: Settings) -> list[Link]:
    """The links of the chain. The library of a provider is imported here, when it is configured, and not before."""
    limits = _timeouts(settings)
    return [_link(settings, step, limits.get(step.provider, Timeouts())) for step in steps_of(settings)]


def build_provider(settings: Settings, step: Step, *, timeouts: Timeouts | None = None) -> Provider:
    """The provider of one step. Raises `ChainInvalid` when its library is not installed."""
    return _BUILDERS[step.provider](settings, step, timeouts or Timeouts())


def _link(settings: Settings, step: Step, timeouts: Timeouts) -> Link:
    return Link(build_provider(settings, step, timeouts=timeouts), timeouts=timeouts)


def _openai(settings: Settings, step: Step, timeouts: Timeouts) -> Provider:
    own = step.provider is ProviderName.OPENAI
    provider: Provider = _adapter("openai").OpenAIProvider(
        name=step.provider,
        model=step.model,
        api_key=settings.openai_api_key if own else settings.openai_compatible_api_key,
        base_url=None if own else settings.openai_compatible_url,
        embedding_model=settings.openai_embedding_model if own else settings.openai_compatible_embedding_model,
        timeouts=timeouts,
    )
    return provider


def _anthropic(settings: Settings, step: Step, timeouts: Timeouts) -> Provider:
    provider: Provider = _adapter("anthropic", extra="anthropic").AnthropicProvider(
        model=step.model, api_key=settings.anthropic_api_key, timeouts=timeouts
    )
    return provider


def _google(settings: Settings, step: Step, timeouts: Timeouts) -> Provider:
    provider: Provider = _adapter("google", extra="google").GoogleProvider(
        model=step.model,
        api_key=settings.google_api_key,
        embedding_model=settings.google_embedding_model,
        timeouts=timeouts,
    )
    return provider


def _local(_settings: Settings, _step: Step, _timeouts: Timeouts) -> Provider:
    provider: Provider = _adapter("local").LocalProvider()
    return provider


_BUILDERS: Final[dict[ProviderName, Callable[[Settings, Step, Timeouts], Provider]]] = {
    ProviderName.OPENAI: _openai,
    ProviderName.OPENAI_COMPATIBLE: _openai,
    ProviderName.ANTHROPIC: _anthropic,
    ProviderName.GOOGLE: _google,
    ProviderName.LOCAL: _local,
}


def _adapter(name: str, *, extra: str | None = None) -> Any:
    try:
        return import_module(f"ai_svc.brain.adapters.{name}")
    except ModuleNotFoundError as error:
        if extra is None:
            raise
        raise ChainInvalid(f"the library for {name} is not installed: pip install 'ai-svc[{extra}]'") from error


def _step(settings: Settings, entry: str, there: list[ProviderName]) -> Step:
    name, _, model = entry.partition(":")
    try:
        provider = ProviderName(name)
    except ValueError:
        raise ChainInvalid(f"model_chain: there is no provider {name!r}; there are {', '.join(ProviderName)}") from None
    if provider not in there:
        raise ChainInvalid(f"model_chain names {name}, which is not configured: set its key or URL, or take it out")
    return Step(provider, model or _default_model(settings, provider))


def _default_model(settings: Settings, name: ProviderName) -> str:
    return {
        ProviderName.OPENAI: settings.openai_model,
        ProviderName.OPENAI_COMPATIBLE: settings.openai_compatible_model,
        ProviderName.ANTHROPIC: settings.anthropic_model,
        ProviderName.GOOGLE: settings.google_model,
        ProviderName.LOCAL: "extractive",
    }[name]


def _timeouts(settings: Settings) -> dict[ProviderName, Timeouts]:
    try:
        return {ProviderName(name): Timeouts.model_validate(given) for name, given in settings.model_timeouts.items()}
    except ValueError as error:
        raise ChainInvalid(f"model_timeouts: {error}") from error
