"""What can go wrong with pools."""

from shared_utils.errors import Conflict, NotFound


class PoolNotFound(NotFound):
    code = "POOL_NOT_FOUND"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no pool {name!r}; GET /api/v1/pools lists them.")


class PoolNameTaken(Conflict):
    code = "POOL_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A pool named {name!r} exists already; change it with PUT or choose another name.")


class PoolInUse(Conflict):
    code = "POOL_IN_USE"

    def __init__(self, name: str) -> None:
        super().__init__(f"Pool {name!r} is used by routines; take it away from them first.")
