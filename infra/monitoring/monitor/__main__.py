"""python -m monitor up | check | compare | dashboards."""

import argparse
import asyncio
import signal
import sys

from local_stack.console import Console, StackError
from local_stack.plan import shown_path
from local_stack.state import StateFolder, read_json
from local_stack.tools import state_dir
from monitor.boards import write
from monitor.checks import check
from monitor.compare import compare_with_stack
from monitor.running import Monitoring, Stack
from monitor.sink import print_alerts, sink


def running_stack() -> Stack:
    """The stack that `make up` runs; raises StackError when there is none."""
    content = read_json(StateFolder(state_dir()).stack_file)
    if content is None:
        raise StackError("Rotina does not run. Start it in another terminal with: make up")
    return Stack.of_stack_file(content)


async def up() -> int:
    """Watches the running stack until Ctrl-C, and prints its alerts."""
    console = Console()
    monitoring = Monitoring(running_stack(), state_dir() / "monitoring")
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stopping.set)
    async with sink(monitoring.ports["sink"]) as received:
        printing = asyncio.create_task(print_alerts(received, console.step))
        try:
            await monitoring.start()
            console.say(_banner(monitoring))
            await stopping.wait()
        finally:
            printing.cancel()
            await monitoring.stop()
    console.say("  monitoring is stopped")
    return 0


def _banner(monitoring: Monitoring) -> str:
    jobs = ", ".join(sorted(monitoring.targets()))
    return f"""
  Prometheus     {monitoring.prometheus_url}
  Alertmanager   {monitoring.alertmanager_url}
  watches        {jobs}
  logs           {shown_path(monitoring.folder / "logs")}/

  Alerts are printed here. Ctrl-C stops the monitoring; the stack goes on.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="monitor", description="Monitoring of the local stack, and checks of its files."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start Prometheus and Alertmanager beside the running stack and print its alerts")
    commands.add_parser("check", help="check rules, routes, dashboards and runbooks")
    commands.add_parser("compare", help="compare what queries name with what the running stack exposes")
    commands.add_parser("dashboards", help="write Grafana's JSON")
    command = parser.parse_args().command
    try:
        if command == "up":
            return asyncio.run(up())
        if command == "compare":
            return asyncio.run(compare_with_stack(running_stack(), state_dir() / "monitoring"))
        if command == "dashboards":
            write()
            return 0
        return check()
    except StackError as error:
        print(f"\n{error}\n", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
