"""`make bench`, or `python -m bench [--only NAME ...]`: measures, prints a table with the bars, writes JSON."""

import argparse
import asyncio
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench.backfills import measure_backfills
from bench.burst import measure_burst
from bench.documents import measure_documents
from bench.history import measure_history
from bench.idle import measure_idle_memory
from bench.latency import measure_latency
from bench.market import measure_market
from bench.middleware import measure_middleware
from bench.models import measure_models
from bench.peers import measure_peers
from bench.previews import measure_previews
from bench.recovery import measure_recovery
from bench.report import Measure, Report
from bench.retrieval import measure_retrieval
from bench.stack import LOG_LEVEL
from bench.throughput import measure_queue
from bench.vectors import measure_vectors
from ephemeral import REPO
from shared_utils.clock import utc_now
from shared_utils.logging import configure_logging

type Measurement = Callable[[], Awaitable[list[Measure]]]

# name -> what it measures, and after how many seconds it is given up.
MEASUREMENTS: dict[str, tuple[Measurement, float]] = {
    "middleware": (measure_middleware, 60),
    "latency": (measure_latency, 240),
    "queue": (measure_queue, 420),
    "burst": (measure_burst, 180),
    "recovery": (measure_recovery, 300),
    "previews": (measure_previews, 120),
    "backfills": (measure_backfills, 900),
    "documents": (measure_documents, 300),
    "market": (measure_market, 420),
    "models": (measure_models, 180),
    "history": (measure_history, 1800),
    "retrieval": (measure_retrieval, 600),
    "idle": (measure_idle_memory, 120),
    "vectors": (measure_vectors, 900),
    "peers": (measure_peers, 480),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description="Measure Rotina's numbers beside their bars.")
    parser.add_argument("--only", nargs="+", choices=list(MEASUREMENTS), help="measure these alone")
    parser.add_argument("--folder", type=Path, default=REPO / ".rotina" / "bench", help="where the JSON goes")
    arguments = parser.parse_args()
    report = asyncio.run(_measure(arguments.only or list(MEASUREMENTS)))
    print(f"\n{report.on_what()}\n\n{report.table()}\n")
    if report.side_by_side():
        print(f"{report.side_by_side()}\n")
    print(f"written to {report.write(arguments.folder)}")
    return 1 if report.failures else 0


async def _measure(names: list[str]) -> Report:
    report = Report(started_at=utc_now())
    for name in names:
        measurement, limit = MEASUREMENTS[name]
        began = time.perf_counter()
        print(f"measuring {name} ...", file=sys.stderr, flush=True)
        # An app that was started in this process has set up its own log, which would go on between the tables.
        configure_logging(service="bench", level=LOG_LEVEL, fmt="text")
        try:
            async with asyncio.timeout(limit):
                report.measures += await measurement()
        except Exception as error:  # noqa: BLE001  one that fails is told, and the others still run
            report.failures[name] = f"{type(error).__name__}: {error}"
            traceback.print_exception(error, file=sys.stderr)
        report.details[name] = {"seconds": round(time.perf_counter() - began, 1)}
    return report


if __name__ == "__main__":
    sys.exit(main())
