"""How long and how hard a simulation is."""

from dataclasses import dataclass
from datetime import date, timedelta

from chaos.expectation import FIRST_DAY, LAST_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """`seconds` is what the simulated days should take; a machine that cannot keep up takes longer, up to the limit.

    In an outage no scheduler is there for so long: whole days have to be loaded afterwards, and what was missed is
    decided by each routine's policy (E11).
    """

    seed: int
    routines: int
    first: date
    last: date
    kills: int
    seconds: float
    limit_seconds: float
    takeovers: int
    outages: int = 0
    outage: timedelta = timedelta(hours=30)
    schedulers: int = 2
    workers: int = 2
    slots: int = 8
    lease_seconds: float = 3
    requeue_seconds: float = 1


def short(seed: int) -> Scenario:
    """For every CI run: a holiday, the Sunday on which São Paulo's 00:01 did not exist, and two sessions."""
    return Scenario(
        seed=seed,
        routines=60,
        first=date(2018, 11, 1),
        last=date(2018, 11, 5),
        kills=25,
        seconds=20,
        limit_seconds=120,
        takeovers=2,
        outages=1,
    )


def long(seed: int) -> Scenario:
    """30 sessions x 500 routines, more than 1,000 kills."""
    return Scenario(
        seed=seed,
        routines=500,
        first=FIRST_DAY,
        last=LAST_DAY,
        kills=1_050,
        seconds=18 * 60,
        limit_seconds=24 * 60,
        takeovers=25,
        outages=3,
        schedulers=3,
        workers=3,
    )
