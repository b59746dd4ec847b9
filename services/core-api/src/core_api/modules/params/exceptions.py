"""What can be wrong with the params of a job."""

from collections.abc import Sequence
from typing import Any

from shared_utils.errors import Invalid


class ParamsInvalid(Invalid):
    code = "ROUTINE_PARAMS_INVALID"

    def __init__(self, job: str, details: list[dict[str, Any]]) -> None:
        super().__init__(f"The params do not fit job {job!r}: {details[0]['message']}", details=details)


class SecretParamMissing(Invalid):
    code = "ROUTINE_SECRET_MISSING"

    def __init__(self, places: Sequence[str]) -> None:
        stands = "stands for a stored secret, and none is stored there: write the value itself"
        super().__init__(
            f"{', '.join(places)}: '***' {stands}.",
            details=[{"field": place, "message": f"'***' {stands}", "type": "secret_missing"} for place in places],
        )


class SecretParamExposed(Invalid):
    code = "ROUTINE_SECRET_EXPOSED"

    def __init__(self, places: Sequence[str], *, before: str, after: str) -> None:
        shown = f"is a secret of job {before!r}, and job {after!r} would show it to everybody: leave it out"
        super().__init__(
            f"{', '.join(places)} {shown}.",
            details=[{"field": place, "message": shown, "type": "secret_exposed"} for place in places],
        )
