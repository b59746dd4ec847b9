"""What can go wrong with backfills."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from shared_utils.errors import Conflict, Invalid, NotFound

_SHOWN = 10


class BackfillNotFound(NotFound):
    code = "BACKFILL_NOT_FOUND"

    def __init__(self, backfill_id: UUID) -> None:
        super().__init__(f"There is no backfill {backfill_id}; GET /api/v1/backfills lists them.")


class BackfillRoutinesUnknown(Invalid):
    code = "BACKFILL_ROUTINES_UNKNOWN"

    def __init__(self, routine_ids: Sequence[UUID]) -> None:
        shown = ", ".join(str(one) for one in routine_ids[:_SHOWN])
        super().__init__(f"There are no such routines: {shown}. Take their ids from GET /api/v1/routines.")


class BackfillSelectsNothing(Invalid):
    """No routine carries one of these tags: check their spelling, or give routine_ids."""

    code = "BACKFILL_SELECTS_NOTHING"


class BackfillEmpty(Invalid):
    code = "BACKFILL_EMPTY"

    def __init__(self, *, start: date, end: date, mode: str) -> None:
        super().__init__(
            f"Nothing is to run from {start} to {end} in mode {mode!r}. The preview shows the business dates of each "
            "routine and what is there already; choose other dates or another mode."
        )


class BackfillTooLarge(Invalid):
    code = "BACKFILL_TOO_LARGE"

    def __init__(self, wanted: int, *, most: int, what: str) -> None:
        super().__init__(
            f"This would be {wanted:,} {what}; one backfill holds at most {most:,}. Split it by dates or routines."
        )


class BackfillNotPlannable(Invalid):
    code = "BACKFILL_NOT_PLANNABLE"

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        details = [{"field": name, "message": message, "type": "calendar"} for name, message in problems[:_SHOWN]]
        super().__init__(
            f"The business dates of {len(problems)} of the routines are not known over the whole range. Choose dates "
            "that their calendars cover, or leave these routines out.",
            details=details,
        )


class BackfillState(Conflict):
    code = "BACKFILL_STATE"

    def __init__(self, backfill_id: UUID, *, move: str, status: str) -> None:
        super().__init__(
            f"The backfill is {status}, so {move!r} is not possible. {_ADVICE[status]}",
            details={"backfill_id": str(backfill_id), "move": move, "status": status},
        )


_ADVICE = {
    "ACTIVE": "It runs already: pause or cancel it.",
    "PAUSED": "It is paused already: resume or cancel it.",
    "CANCELLED": "It is over: create another one under another name.",
    "DONE": "It is over: retry single executions of it, or create another one under another name.",
}
