"""What can go wrong with a document of definitions."""

from collections.abc import Sequence

from core_api.yaml_documents import Problem
from shared_schemas.envelope import ErrorDetail
from shared_utils.errors import Conflict, Invalid


class DefinitionsInvalid(Invalid):
    code = "DEFINITIONS_INVALID"

    def __init__(self, problems: Sequence[Problem]) -> None:
        lines = sorted({problem.line for problem in problems if problem.line is not None})
        where = f" (line {', '.join(map(str, lines[:10]))})" if lines else ""
        super().__init__(
            f"The document is not acceptable{where}; nothing was changed.",
            details=[
                ErrorDetail(
                    field=problem.field,
                    message=problem.message if problem.line is None else f"line {problem.line}: {problem.message}",
                    type=problem.type,
                )
                for problem in problems
            ],
        )


class PlanOutdated(Conflict):
    """What applying would change is not what the plan said: somebody changed something since. Plan again."""

    code = "PLAN_OUTDATED"


class NameUnknown(Invalid):
    code = "NAME_UNKNOWN"

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"There is no {kind} {name!r}, neither here nor in the document.")
