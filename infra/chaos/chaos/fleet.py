"""The routines of a simulation, drawn from a seed: triggers, zones, chains, pools, keys, failures."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

type Days = Literal["sessions", "every_day", "mondays_and_wednesdays"]
type Behaviour = Literal["fine", "flaky", "broken"]

HOME: Final = "America/Sao_Paulo"
# Zones whose clocks change within the simulated weeks of 2018, at midnight too, and one that never does.
ABROAD: Final = (
    *("America/New_York", "America/Havana", "Europe/London", "Europe/Lisbon", "Asia/Beirut"),
    *("Asia/Tokyo", "Australia/Sydney"),
)
HOME_TIMES: Final = ("00:05", "00:30", "08:30", "10:00", "12:00", "18:30", "20:45", "22:00")
ABROAD_TIMES: Final = ("01:30", "07:00", "16:30")
POOLS: Final = {"b3": 3, "vendor": 1}
INTERVAL_HOURS: Final = range(8, 21, 2)
LONGEST_CHAIN: Final = 4
_BEHAVIOURS: Final[tuple[Behaviour, ...]] = ("fine", "flaky", "broken")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedRoutine:
    """A routine as the simulator knows it: enough to create it by the API and to count by hand what it owes."""

    name: str
    zone: str
    days: Days
    times: tuple[str, ...]
    interval: bool = False
    job: str = "chaos.light"
    behaviour: Behaviour = "fine"
    seconds: float = 0
    priority: int = 30
    pool: str | None = None
    key: str | None = None
    upstream: tuple[str, ...] = ()
    on_failure: Literal["wait", "skip", "run"] = "wait"
    end: tuple[str, str | None] = ("SUCCEEDED", None)
    """How each of its executions has to end, and the reason that it has to give."""
    catch_up: Literal["none", "latest", "all"] = "all"
    grace: int | None = None
    coalesce: bool = False

    @property
    def trigger(self) -> dict[str, Any]:
        if self.interval:
            return {"type": "interval", "every_minutes": 120, "start": self.times[0], "end": self.times[-1]}
        return {"type": "times", "times": list(self.times)}


@dataclass(slots=True)
class Fleet:
    """All routines of a run; upstream ones stand before those that wait for them."""

    routines: list[SimulatedRoutine] = field(default_factory=list)

    def by_name(self) -> dict[str, SimulatedRoutine]:
        return {routine.name: routine for routine in self.routines}


def draw_fleet(count: int, rng: random.Random) -> Fleet:
    """`count` routines: about a fifth in chains, a sixth in pools, a tenth behind keys, a tenth that fail at first."""
    fleet = Fleet()
    while len(fleet.routines) < count:
        number = len(fleet.routines)
        fleet.routines += list(_kinds(number, rng))[: count - number]
    return fleet


def _kinds(number: int, rng: random.Random) -> Iterator[SimulatedRoutine]:
    """Every tenth draw is a chain; otherwise a single routine. The first few are the ones that clocks are hard on."""
    if number < len(_HARD):
        yield _HARD[number]
    elif number % 10 == 0:
        yield from _chain(number, rng)
    else:
        yield _single(number, rng)


_HARD: Final[Sequence[SimulatedRoutine]] = (
    SimulatedRoutine(name="gap-at-midnight", zone=HOME, days="every_day", times=("00:05", "00:30")),
    SimulatedRoutine(name="twice-in-havana", zone="America/Havana", days="every_day", times=("00:30",)),
    SimulatedRoutine(name="twice-in-london", zone="Europe/London", days="every_day", times=("01:30",)),
    SimulatedRoutine(name="twice-in-new-york", zone="America/New_York", days="every_day", times=("01:30",)),
    SimulatedRoutine(name="twice-in-beirut", zone="Asia/Beirut", days="every_day", times=("23:30",)),
    # What comes of a failure downstream: left out, left out in turn, run all the same.
    SimulatedRoutine(
        name="always-fails",
        zone=HOME,
        days="sessions",
        times=("18:30",),
        behaviour="broken",
        end=("FAILED", "PERMANENT_ERROR"),
    ),
    SimulatedRoutine(
        name="left-out",
        zone=HOME,
        days="sessions",
        times=("18:30",),
        upstream=("always-fails",),
        on_failure="skip",
        end=("SKIPPED", "UPSTREAM_FAILED"),
    ),
    SimulatedRoutine(
        name="left-out-in-turn",
        zone=HOME,
        days="sessions",
        times=("18:30",),
        upstream=("left-out",),
        end=("SKIPPED", "UPSTREAM_SKIPPED"),
    ),
    SimulatedRoutine(
        name="runs-all-the-same",
        zone=HOME,
        days="sessions",
        times=("18:30",),
        upstream=("always-fails",),
        on_failure="run",
    ),
)


def _single(number: int, rng: random.Random) -> SimulatedRoutine:
    abroad = rng.random() < 0.15
    interval = not abroad and rng.random() < 0.05
    if interval:
        times = tuple(f"{hour:02d}:00" for hour in INTERVAL_HOURS)
    else:
        pick = ABROAD_TIMES if abroad else HOME_TIMES
        times = tuple(sorted(rng.sample(pick, k=rng.choices((1, 2), weights=(9, 1))[0])))
    behaviour = rng.choices(_BEHAVIOURS, weights=(88, 10, 2))[0]
    return SimulatedRoutine(
        name=f"routine-{number:03d}",
        zone=rng.choice(ABROAD) if abroad else HOME,
        days=rng.choices(("sessions", "every_day", "mondays_and_wednesdays"), weights=(80, 12, 8))[0],
        times=times,
        interval=interval,
        job="chaos.process" if rng.random() < 0.15 else "chaos.light",
        behaviour=behaviour,
        end=("FAILED", "PERMANENT_ERROR") if behaviour == "broken" else ("SUCCEEDED", None),
        seconds=rng.choices((0.0, rng.uniform(0.05, 1.5)), weights=(80, 20))[0],
        priority=rng.choice((1, 5, 10, 15, 20, 30, 40)),
        pool=rng.choices((None, *POOLS), weights=(84, 12, 4))[0],
        key=f"key-{rng.randrange(8)}" if rng.random() < 0.1 else None,
        coalesce=interval and rng.random() < 0.5,
        **_misfires(rng),
    )


def _misfires(rng: random.Random) -> dict[str, Any]:
    """What becomes of slots that nobody could look at in time."""
    return rng.choices(
        ({"catch_up": "all"}, {"catch_up": "latest", "grace": 3600}, {"catch_up": "none", "grace": 3600}),
        weights=(60, 25, 15),
    )[0]


def _chain(number: int, rng: random.Random) -> Iterator[SimulatedRoutine]:
    """Two to four routines, each waiting for the one before; the later ones are often due before it is done."""
    time = rng.choice(("18:30", "20:45"))
    upstream: tuple[str, ...] = ()
    for step in range(rng.randint(2, LONGEST_CHAIN)):
        name = f"routine-{number + step:03d}"
        yield SimulatedRoutine(
            name=name,
            zone=HOME,
            days="sessions",
            times=(time,),
            behaviour="flaky" if rng.random() < 0.1 else "fine",
            seconds=rng.choice((0.0, 0.1)),
            priority=max(1, 30 - 8 * step),  # what waits is the more urgent one: it must not overtake
            upstream=upstream,
        )
        upstream = (name,)
