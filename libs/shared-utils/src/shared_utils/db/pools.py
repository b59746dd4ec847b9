"""How connection pools are used, as metrics. A scrape reads numbers of this process and asks no database."""

import weakref
from typing import Final

from prometheus_client import Gauge
from sqlalchemy import Pool, QueuePool

_CONNECTIONS: Final = Gauge("database_pool_connections", "Connections of a pool: used or idle.", ("pool", "state"))
_SIZE: Final = Gauge("database_pool_size", "How many connections a pool may open, overflow included.", ("pool",))


def watch_pool(pool: Pool, *, name: str, most: int) -> None:
    """Tells of `pool` as `name` from now on; of several pools of one name the latest. Keeps no pool alive.

    `most` is how many connections it may open.
    """
    seen = weakref.ref(pool)

    def used() -> float:
        found = seen()
        return found.checkedout() if isinstance(found, QueuePool) else 0

    def idle() -> float:
        found = seen()
        return found.checkedin() if isinstance(found, QueuePool) else 0

    _CONNECTIONS.labels(name, "used").set_function(used)
    _CONNECTIONS.labels(name, "idle").set_function(idle)
    _SIZE.labels(name).set(most)
