"""Runs the worker's download and load jobs in a process of its own, so that its memory is the job's.

    python -m bench.load_job daily 2024-11-08 2024-11-07 ...

Prints one JSON object per date: seconds of the load, rows, and the peak resident memory of the process so far.
"""

import asyncio
import json
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from rotina.registry import JobSpec
from rotina.testing import run_job
from worker_svc.jobs.catalog import CATALOG


def main() -> None:
    granularity, *days = sys.argv[1:]
    began = time.perf_counter()
    for name in ("b3.cotahist.download", "b3.cotahist.load"):
        _spec(name).resolve()
    imports = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        for day in days:
            measured = asyncio.run(_load(granularity, date.fromisoformat(day), Path(folder)))
            print(json.dumps(measured | {"import_seconds": imports}), flush=True)


async def _load(granularity: str, day: date, folder: Path) -> dict[str, Any]:
    params = {"reference": day.isoformat(), "file": granularity}
    await _run("b3.cotahist.download", day, params, folder)
    began, processor = time.perf_counter(), time.process_time()
    data = await _run("b3.cotahist.load", day, params, folder)
    seconds, processor = time.perf_counter() - began, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "day": day.isoformat(),
        "seconds": seconds,
        "processor_seconds": processor,
        "rows": data["rows"],
        "inserted": data["inserted"],
        "peak_mb": peak,
    }


async def _run(name: str, day: date, params: dict[str, Any], folder: Path) -> dict[str, Any]:
    end = await run_job(_spec(name), business_date=day, temp_dir=folder / name, params=params)
    if end.result is None:
        raise RuntimeError(f"{name}: {end.error}")
    return end.result.data


def _spec(name: str) -> JobSpec:
    spec = CATALOG.get(name)
    if spec is None:
        raise LookupError(f"the worker has no job {name}")
    return spec


if __name__ == "__main__":
    main()
