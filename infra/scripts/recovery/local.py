"""The local stack while it stands still: its PostgreSQL alone, for a restore."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local_stack.console import StackError
from local_stack.plan import Plan, Secrets
from local_stack.ports import choose_ports
from local_stack.servers import create_servers
from local_stack.state import StackLock, StateFolder
from recovery.errors import RecoveryError
from shared_utils.testing.server_process import ServerFailedError
from shared_utils.testing.servers import PostgresServer


@contextmanager
def stopped_stack(root: Path) -> Iterator[tuple[str, Mapping[str, str]]]:
    """A superuser's URL and the passwords of the roles. The next start of the stack migrates what was restored."""
    state = StateFolder(root)
    lock = StackLock(root)
    try:
        lock.acquire()
    except StackError as error:
        raise RecoveryError(f"{error} A restore needs a stack that stands still") from error
    try:
        state.create()
        plan = Plan(state, choose_ports(), Secrets.load_or_create(state))
        server = create_servers(plan)["postgres"]
        assert isinstance(server, PostgresServer)
        server.init()
        server.start()
        try:
            yield plan.admin_url("postgres"), plan.secrets.roles
        finally:
            state.schema_file.unlink(missing_ok=True)
            server.stop()
    except (StackError, ServerFailedError) as error:
        raise RecoveryError(str(error)) from error
    finally:
        lock.release()
