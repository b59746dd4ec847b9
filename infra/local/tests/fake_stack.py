"""A supervisor of trivial processes, run as a process of its own by test_supervisor: python fake_stack.py <state> [fail]."""

import asyncio
import signal
import sys
from pathlib import Path

from local_stack.console import Console
from local_stack.processes import Command
from local_stack.state import AlreadyRunningError, StackLock, StateFolder
from local_stack.supervisor import Supervisor

OBEDIENT = "import signal; signal.pause()"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); signal.pause()"
# A parent whose child sits in another session, as a job's child process does.
PARENT = "import signal, subprocess, sys; subprocess.Popen([sys.executable, '-c', %r], start_new_session=True); signal.pause()"
BROKEN = "import sys; print('I cannot find my database', file=sys.stderr); sys.exit(7)"


class FakeStack(Supervisor):
    fail = False
    cleanup_seconds = 0.5

    async def _start_parts(self) -> None:
        parts = {"core-api": OBEDIENT, "worker-svc": PARENT % OBEDIENT, "ai-svc": STUBBORN}
        for name, code in parts.items():
            await self._spawn(self._fake(name, code))
        if self.fail:
            child = await self._spawn(self._fake("oidc", BROKEN))
            await child.process.wait()
            await self._until_ready(child, self._answers)

    def _fake(self, name: str, code: str) -> Command:
        env = self.plan.own_environment()
        return Command(name, [sys.executable, "-c", code], env, self.state.log(name), Path("/"), stop_seconds=0.5)


async def main(state: StateFolder, lock: StackLock) -> int:
    supervisor = FakeStack(state, lock, Console())
    supervisor.fail = "fail" in sys.argv
    return await supervisor.run()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    folder = StateFolder(Path(sys.argv[1]))
    holder = StackLock(folder.root)
    try:
        holder.acquire()
    except AlreadyRunningError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    folder.create()
    sys.exit(asyncio.run(main(folder, holder)))
