"""Free ports of the loopback interface."""

import socket


def free_port() -> int:
    """A port that nothing listens on at the moment. Another process may take it first: start what needs it soon."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
