"""Real servers on the loopback interface, for tests, the local stack and benchmarks."""

from shared_utils.testing.ports import free_port
from shared_utils.testing.postgres_server import PostgresServer
from shared_utils.testing.redis_server import RedisServer
from shared_utils.testing.server_process import ServerFailedError

__all__ = ["PostgresServer", "RedisServer", "ServerFailedError", "free_port"]
