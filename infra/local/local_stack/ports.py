"""Ports on the loopback interface: the preferred one when it is free, else any free one."""

import errno
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PREFERRED: Mapping[str, int] = {
    "front_door": 8080,
    "core_api": 8000,
    "ai_svc": 8001,
    "worker_svc": 8004,
    "core_scheduler": 8005,
    "oidc": 9000,
    "mirror": 9080,
    "postgres": 5433,
    "redis_streams": 6390,
    "redis_cache": 6391,
}


@dataclass(frozen=True)
class Ports:
    """The chosen port of each part, and which preferred ones somebody else has."""

    chosen: Mapping[str, int]
    taken: Mapping[str, int]

    def __getitem__(self, name: str) -> int:
        return self.chosen[name]


def is_free(port: int) -> bool:
    """Nobody listens on it, on neither loopback address: a browser asks ::1 for `localhost` before 127.0.0.1."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
                probe.listen(1)
        except OSError as error:
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                return False
            if family == socket.AF_INET:
                raise
            # No IPv6 on this machine: nothing can listen there.
    return True


def free_port(avoid: Iterable[int] = ()) -> int:
    """Any free port that is not in `avoid`."""
    refused = set(avoid)
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if port not in refused and is_free(port):
            return port


def choose_ports(preferred: Mapping[str, int] = PREFERRED) -> Ports:
    """One port per part; a taken one is replaced, never waited for."""
    chosen: dict[str, int] = {}
    taken: dict[str, int] = {}
    for name, port in preferred.items():
        if port not in chosen.values() and is_free(port):
            chosen[name] = port
        else:
            taken[name] = port
            chosen[name] = free_port(avoid=[*chosen.values(), *preferred.values()])
    return Ports(chosen, taken)
