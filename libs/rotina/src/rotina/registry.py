"""The catalog of jobs: what exists, with which params, and where its code is.

A catalog must be cheap to list: the worker announces its jobs without importing what they need to run. So a spec names
its code by an entry point ("package.module:function") which is imported only where the job runs.
"""

import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from shared_schemas.jobs import JobDescriptor, JobName

type JobFunction = Callable[[Any], Any]

_JOB_NAME: TypeAdapter[str] = TypeAdapter(JobName)


class Params(BaseModel):
    """Base of params models. Unknown params are refused, so that a typing mistake in a routine is seen at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSpec:
    """One job. `light` jobs are async, short, and share the worker's event loop; all others run in a child process."""

    name: str
    title: str
    entrypoint: str
    description: str = ""
    params: type[BaseModel] = Params
    light: bool = False
    timeout_seconds: int | None = None

    def __post_init__(self) -> None:
        _JOB_NAME.validate_python(self.name)
        module, separator, attribute = self.entrypoint.partition(":")
        if not (separator and module and attribute) or "<locals>" in attribute:
            raise ValueError(f"job {self.name}: {self.entrypoint!r} is not 'module:function' at module level")

    def descriptor(self) -> JobDescriptor:
        """What the worker announces to core-api."""
        return JobDescriptor(
            name=self.name,
            title=self.title,
            description=self.description,
            params_schema=self.params.model_json_schema(),
            light=self.light,
            default_timeout_seconds=self.timeout_seconds,
        )

    def resolve(self) -> JobFunction:
        """Import the job's code."""
        function: JobFunction = load_attribute(self.entrypoint)
        if not callable(function):
            raise TypeError(f"job {self.name}: {self.entrypoint} is not a function")
        if self.light and not inspect.iscoroutinefunction(function):
            raise TypeError(f"job {self.name} is declared light, so {self.entrypoint} must be an async function")
        return function


class JobRegistry:
    """Jobs by name. Registering two different jobs under one name is an error."""

    def __init__(self, specs: Iterable[JobSpec] = ()) -> None:
        self._specs: dict[str, JobSpec] = {}
        for spec in specs:
            self.add(spec)

    def add(self, spec: JobSpec) -> None:
        """Register `spec`; the same spec again (a module imported twice) changes nothing."""
        known = self._specs.get(spec.name)
        if known is not None and known.entrypoint != spec.entrypoint:
            raise ValueError(f"job {spec.name} is registered twice: {known.entrypoint} and {spec.entrypoint}")
        self._specs[spec.name] = spec

    def update(self, other: "JobRegistry") -> None:
        """Register everything of `other`."""
        for spec in other:
            self.add(spec)

    def get(self, name: str) -> JobSpec | None:
        return self._specs.get(name)

    def __iter__(self) -> Iterator[JobSpec]:
        return iter(self._specs.values())

    def __len__(self) -> int:
        return len(self._specs)

    def __contains__(self, name: object) -> bool:
        return name in self._specs


default_registry = JobRegistry()


def job(
    name: str,
    *,
    title: str | None = None,
    description: str | None = None,
    params: type[BaseModel] = Params,
    light: bool = False,
    timeout_seconds: int | None = None,
    registry: JobRegistry | None = None,
) -> Callable[[JobFunction], JobFunction]:
    """Declare a function as a job: `@job("team.report", title="Relatório", params=ReportParams, timeout_seconds=600)`.

    The function takes one `JobContext` and returns a dict, a `RunResult`, a Pydantic model or nothing. It may be async.
    It is registered in `registry`, or in `default_registry`; the description defaults to its docstring.
    """

    def register(function: JobFunction) -> JobFunction:
        spec = JobSpec(
            name=name,
            title=title or name,
            entrypoint=f"{function.__module__}:{function.__qualname__}",
            description=description if description is not None else inspect.getdoc(function) or "",
            params=params,
            light=light,
            timeout_seconds=timeout_seconds,
        )
        target = default_registry if registry is None else registry
        target.add(spec)
        return function

    return register


def load_attribute(path: str) -> Any:
    """Import "module:attribute" and return the attribute (dots allowed in it)."""
    module_name, _, attribute = path.partition(":")
    target: Any = importlib.import_module(module_name)
    for part in attribute.split("."):
        target = getattr(target, part)
    return target


def load_registry(path: str) -> JobRegistry:
    """The registry at "module:registry"; a bare "module" means the jobs which it put into `default_registry`.

    Errors name the path, so that a wrong setting is understood at start.
    """
    try:
        if ":" not in path:
            return _registered_by(importlib.import_module(path))
        found = load_attribute(path)
    except (ImportError, AttributeError) as error:
        raise ValueError(f"cannot load jobs from {path!r}: {error}") from error
    if not isinstance(found, JobRegistry):
        raise TypeError(f"{path!r} is a {type(found).__name__}, not a JobRegistry")
    return found


def _registered_by(module: ModuleType) -> JobRegistry:
    return JobRegistry(spec for spec in default_registry if spec.entrypoint.partition(":")[0] == module.__name__)
