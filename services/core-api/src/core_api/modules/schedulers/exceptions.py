"""What can go wrong when asking schedulers for something."""

from collections.abc import Iterable
from uuid import UUID

from shared_utils.errors import Conflict, Invalid, NotFound


class NoScheduler(Conflict):
    """Nobody is there to restart anything."""

    code = "NO_SCHEDULER"

    def __init__(self) -> None:
        super().__init__("No scheduler is running: start `python -m core_api.scheduler`; its loops start with it.")


class SchedulerNotFound(NotFound):
    """No live scheduler has this id."""

    code = "SCHEDULER_NOT_FOUND"

    def __init__(self, scheduler_id: str) -> None:
        super().__init__(
            f"No live scheduler has the id {scheduler_id}: see `schedulers` in GET /scheduler/monitor/status."
        )


class LoopUnknown(Invalid):
    """No scheduler has a loop of this name."""

    code = "LOOP_UNKNOWN"

    def __init__(self, unknown: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"No loop is called {', '.join(unknown)}; there are {', '.join(known)}.")


class RestartNotFound(NotFound):
    """Restarts are remembered for a month."""

    code = "RESTART_NOT_FOUND"

    def __init__(self, restart_id: UUID) -> None:
        super().__init__(f"No restart has the id {restart_id}: it was never asked for, or over a month ago.")
