"""One simulation from its seed to its verdict."""

import random
import shutil
import signal
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from chaos.actors import Cast, RedisActor
from chaos.clock import ENVIRONMENT_NAME
from chaos.expectation import expected_slots, instant
from chaos.fleet import HOME, draw_fleet
from chaos.scenario import Scenario
from chaos.simulation import Course, Simulation
from chaos.stage import cast_of, open_stage
from chaos.verdict import TAKEOVER_BAR_SECONDS, Verdict, judge


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: Verdict
    course: Course
    cast: Cast

    @property
    def passed(self) -> bool:
        return not self.verdict.broken


async def simulate(scenario: Scenario, parent: Path, *, keep: bool = False) -> Outcome:
    """Runs a scenario in a folder of its own below `parent`, which has to be there."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-", dir=parent))
    try:
        outcome = await _simulate(scenario, folder)
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
    return outcome


async def _simulate(scenario: Scenario, folder: Path) -> Outcome:
    rng = random.Random(scenario.seed)  # noqa: S311  a simulation has to repeat itself
    routines = draw_fleet(scenario.routines, rng).routines
    expected = expected_slots(routines, scenario.first, scenario.last)
    instants = sorted({slot for _, slot in expected})
    async with open_stage(scenario, folder, start=_quiet_start(scenario)) as stage:
        cast = cast_of(stage, scenario, rng)
        await stage.create(routines)
        zones = sorted({routine.zone for routine in routines})
        course = await Simulation(scenario, stage, cast, zones, rng).run(instants)
        reached = {key: day for key, day in expected.items() if key[1] <= stage.clock.now()}
        by_name = {routine.name: routine for routine in routines}
        verdict = await judge(stage.database, by_name, reached, course.outages)
        names = [name for (name,) in await stage.database.fetch("SELECT DISTINCT routine_name FROM core.executions")]
        verdict.facts["routines with executions"] = f"{len(names)} of {len(routines)}"
        for process in stage.stack.processes:
            process.signal(signal.SIGTERM)  # all at once: one after the other would take longer
    _add_course(verdict, scenario, course, cast)
    verdict.check("processes left behind", _left_behind(folder))
    return Outcome(verdict, course, cast)


def _quiet_start(scenario: Scenario) -> datetime:
    """Before the first date begins anywhere in the fleet's zones: every one of its slots is still ahead."""
    return instant(HOME, scenario.first, "00:00") - timedelta(hours=18)


def _add_course(verdict: Verdict, scenario: Scenario, course: Course, cast: Cast) -> None:
    kills = cast.kills
    emptied = sum(actor.emptied for actor in cast.actors if isinstance(actor, RedisActor))
    verdict.facts["seed"] = scenario.seed
    verdict.facts["SIGKILLs"] = f"{kills.total()}: " + ", ".join(f"{kind} {n}" for kind, n in sorted(kills.items()))
    verdict.facts["Redis came back empty"] = emptied
    verdict.facts["clock jumps"] = course.jumps
    verdict.facts["seconds"] = f"{course.seconds:.0f}, of which {course.waited_seconds:.0f} waiting for a slow machine"
    if course.outages:
        hours = [(outage.ended - outage.began) / timedelta(hours=1) for outage in course.outages]
        verdict.facts["outages without any scheduler"] = ", ".join(f"{one:.0f} h" for one in hours)
    times = sorted(course.takeovers)
    if times:
        verdict.facts["takeover by another scheduler"] = (
            f"{len(times)} times, median {times[len(times) // 2]:.2f} s, worst {times[-1]:.2f} s"
        )
    verdict.check("takeovers slower than 5 s", [f"{one:.2f} s" for one in times if one > TAKEOVER_BAR_SECONDS])
    verdict.check("dates loaded late", course.late_loads)
    verdict.check("too few kills", _too_few(scenario, kills.total()))
    verdict.check("out of time", [f"after {course.jumps} jumps"] if course.out_of_time else [])


def _too_few(scenario: Scenario, kills: int) -> Sequence[str]:
    wanted = scenario.kills * 95 // 100
    return [f"{kills} of {scenario.kills}"] if kills < wanted else []


def _left_behind(folder: Path) -> list[str]:
    """Processes that belong to this run by their environment, although everything was ended."""
    clock = str(folder / "clock")
    found: list[str] = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(ENVIRONMENT_NAME) == clock and process.status() != psutil.STATUS_ZOMBIE:
                found.append(f"{process.pid} {' '.join(process.cmdline())[:100]}")
        except (psutil.Error, OSError):
            continue
    return found
