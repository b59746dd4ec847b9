"""What can go wrong with executions."""

from uuid import UUID

from shared_utils.errors import Conflict, NotFound


class ExecutionNotFound(NotFound):
    code = "EXECUTION_NOT_FOUND"

    def __init__(self, execution_id: UUID) -> None:
        super().__init__(f"There is no execution {execution_id}; GET /api/v1/executions lists them.")


class IllegalTransition(Conflict):
    """The state machine (`TRANSITIONS`) has no such move from the present status."""

    code = "EXECUTION_STATE"

    def __init__(self, execution_id: UUID, *, move: str, status: str, advice: str) -> None:
        super().__init__(
            f"The execution is {status}, so {move!r} is not possible. {advice}",
            details={"execution_id": str(execution_id), "move": move, "status": status},
        )
