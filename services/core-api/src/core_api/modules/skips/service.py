"""Decides what of the ready will not run (E3, E11): before it would start, and never in silence.

Each skipped execution keeps its reason and what it names, is announced as `execution.skipped`, and is part of one line
of the scheduler's log.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy.engine import Row

from core_api.modules.executions.public import (
    ActionRepository,
    Candidate,
    Identity,
    ReasonCode,
    Skip,
    Verdict,
    events,
    outbox_for,
)
from core_api.modules.schedulers.public import LogEvent, Note, note
from core_api.modules.skips.repository import LapseRepository
from shared_utils.clock import Clock
from shared_utils.db.session import WriteSession

MOST_NAMES: Final = 20


async def judge(session: WriteSession, clock: Clock, candidates: Sequence[Candidate]) -> list[Identity]:
    """Skips what may not run of the candidates that are `doomed`, and of the other slots of their routines.

    Returns the skipped; the others are free to run.
    """
    now = clock.now()
    skips = [
        *await _without_upstream(session, candidates, now=now),
        *await _lapsed(session, candidates, now=now),
    ]
    once = list({skip.execution_id: skip for skip in skips}.values())
    if not once:
        return []
    skipped = await ActionRepository(session).skip(once, now=now)
    reasons = {skip.execution_id: skip.reason for skip in once}
    outbox = outbox_for(session, clock)
    for execution in skipped:
        outbox.add(events.skipped(execution, reason=reasons[execution.id]), **events.context_of(execution))
    await note(session, [_note(skipped, reasons)], now=now)
    return skipped


async def _without_upstream(session: WriteSession, candidates: Sequence[Candidate], *, now: datetime) -> list[Skip]:
    verdicts = {one.id: Verdict(one.verdict) for one in candidates if one.verdict > Verdict.WAIT}
    if not verdicts:
        return []
    causes = await LapseRepository(session).causes(list(verdicts), now=now)
    return [Skip(one, verdict.name, {"upstream": causes.get(one, [])}) for one, verdict in verdicts.items()]


async def _lapsed(session: WriteSession, candidates: Sequence[Candidate], *, now: datetime) -> list[Skip]:
    late = [one for one in candidates if one.missed or one.overtaken]
    if not late:
        return []
    rows = await LapseRepository(session).lapsed(
        sorted({one.routine_id for one in late}), since=min(one.business_date for one in late), now=now
    )
    return [Skip(row.id, row.reason, _context(row)) for row in rows]


def _context(row: Row[Any]) -> dict[str, Any]:
    return {"superseded_by": row.superseded_by.isoformat()} if row.superseded_by is not None else {}


def _note(skipped: Sequence[Identity], reasons: dict[Any, str]) -> Note:
    counts = Counter(reasons[one.id] for one in skipped)
    names = sorted({one.routine_name for one in skipped})
    said = ", ".join(f"{count} {reason}" for reason, count in sorted(counts.items()))
    silent = counts.keys() <= {ReasonCode.COALESCED, ReasonCode.SUPERSEDED}
    return Note(
        event=LogEvent.EXECUTIONS_SKIPPED,
        level="INFO" if silent else "WARNING",
        message=f"{len(skipped)} executions of {len(names)} routines will not run: {said}.",
        fields={"reasons": dict(counts), "routines": names[:MOST_NAMES]},
    )
