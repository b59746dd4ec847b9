"""`make chaos`, or `python -m chaos [--short] [--seed N]`: simulates, prints the verdict, fails on a violation."""

import argparse
import asyncio
import secrets
import signal
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

from chaos.run import Outcome, simulate
from chaos.scenario import Scenario, long, short
from ephemeral import REPO


def main() -> int:
    parser = argparse.ArgumentParser(prog="chaos", description="Simulated weeks under random SIGKILLs.")
    parser.add_argument("--short", action="store_true", help="the version of the tests: a minute instead of twenty")
    parser.add_argument("--seed", type=int, help="repeat the draws of an earlier run")
    parser.add_argument("--kills", type=int, help="how many SIGKILLs")
    parser.add_argument("--seconds", type=float, help="how long the simulated days should take")
    parser.add_argument("--outages", type=int, help="how often no scheduler is there for a day or so")
    parser.add_argument("--last", type=date.fromisoformat, help="the last simulated date, if not all of them")
    parser.add_argument("--takeovers", type=int, help="how often a takeover is measured")
    parser.add_argument("--keep", action="store_true", help="keep the folder with all logs")
    parser.add_argument("--folder", type=Path, default=REPO / ".rotina" / "chaos", help="where the servers live")
    arguments = parser.parse_args()
    seed = secrets.randbelow(1_000_000) if arguments.seed is None else arguments.seed
    scenario = short(seed) if arguments.short else long(seed)
    changes = {
        name: getattr(arguments, name)
        for name in ("kills", "seconds", "outages", "takeovers", "last")
        if getattr(arguments, name) is not None
    }
    arguments.folder.mkdir(parents=True, exist_ok=True)
    print(f"seed {seed}", flush=True)
    outcome = asyncio.run(_simulate(replace(scenario, **changes), arguments.folder, keep=arguments.keep))
    print(outcome.verdict.table())
    return 0 if outcome.passed else 1


async def _simulate(scenario: Scenario, folder: Path, *, keep: bool) -> Outcome:
    """Ends with everything that it started, also when it is told to stop in the middle."""
    task = asyncio.ensure_future(simulate(scenario, folder, keep=keep))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await task


if __name__ == "__main__":
    sys.exit(main())
