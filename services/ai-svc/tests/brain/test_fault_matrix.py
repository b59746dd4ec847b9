"""Every fault at every place of a chain: each stream ends once, and no token of an answer is lost or comes twice."""

import asyncio
import itertools
from collections import Counter
from dataclasses import dataclass

from model_calls import CONTEXT, HASTY, HASTY_LATER, PATIENT, Book, asking, ends, heard, provider_of

from ai_svc.brain.adapters.local import LocalProvider
from ai_svc.brain.adapters.openai import OpenAIProvider
from ai_svc.brain.caller import ModelCaller
from ai_svc.brain.chat import Began, Done, Failed, Restart, StreamEvent
from ai_svc.brain.links import Link
from ai_svc.brain.timeouts import Timeouts
from shared_utils.testing.model_server import Answer, Call, Fault, ModelServer

TEXTS = ("um dois três quatro cinco seis", "uno due tre quattro cinque", "one two three four")
SOUND: tuple[Fault | None, ...] = (
    None,
    Fault("no_done"),
    Fault("no_usage"),
    Fault("wrong_usage"),
    Fault("drip", seconds=0.001),
)
SILENT: tuple[Fault, ...] = (
    Fault("refuse"),
    Fault("status", status=500),
    Fault("status", status=429, retry_after="7"),
    Fault("hang"),
    Fault("hang", after=0),
    *(Fault(kind, after=0) for kind in ("cut", "error_event", "end_early")),
)
BROKEN: tuple[Fault, ...] = (
    *(Fault(kind, after=after) for kind in ("cut", "bad_json", "error_event", "end_early") for after in (1, 3)),
    Fault("hang", after=2),
)
FAULTS = (*SOUND, *SILENT, *BROKEN)
CHAINS: tuple[tuple[Fault | None, ...], ...] = (
    *((fault,) for fault in FAULTS),
    *itertools.product(FAULTS, FAULTS),
    *((fault, other, None) for fault, other in zip(FAULTS, reversed(FAULTS), strict=True)),
)


@dataclass
class Run:
    """A chain's faults, in order, and what came of it."""

    faults: tuple[Fault | None, ...]
    with_local: bool
    events: list[StreamEvent]
    book: Book

    @property
    def answering(self) -> int | None:
        """The place of the first provider whose fault does no harm."""
        return next((place for place, fault in enumerate(self.faults) if fault in SOUND), None)

    @property
    def speaking(self) -> list[int]:
        """The places of those that said something, up to the one that answered."""
        last = len(self.faults) if self.answering is None else self.answering + 1
        return [place for place in range(last) if self.faults[place] not in SILENT]


def patience_with(fault: Fault | None) -> Timeouts:
    if fault is None or fault.kind != "hang":
        return PATIENT
    return HASTY_LATER if fault.place else HASTY


async def run(chain: tuple[Fault | None, ...], number: int, providers: list[OpenAIProvider]) -> Run:
    steps = [Link(providers[place], timeouts=patience_with(fault)) for place, fault in enumerate(chain)]
    with_local = number % 2 == 0
    book = Book()
    caller = ModelCaller([*steps, *([Link(LocalProvider())] if with_local else [])], ledger=book)
    events = [event async for event in caller.stream(asking(str(number)), context=CONTEXT)]
    return Run(chain, with_local, events, book)


async def test_at_least_500_faulted_streams_end_once_with_no_token_lost_or_doubled(quick_retries: None) -> None:
    assert sum(any(fault is not None for fault in chain) for chain in CHAINS) >= 500

    def script(place: int) -> object:
        return lambda call: _answer(call, place)

    def _answer(call: Call, place: int) -> Answer:
        return Answer(TEXTS[place], CHAINS[int(call.last)][place])

    async with ModelServer(script(0)) as a, ModelServer(script(1)) as b, ModelServer(script(2)) as c:  # type: ignore[arg-type]
        providers = [provider_of(server, model=name) for server, name in ((a, "a"), (b, "b"), (c, "c"))]
        gate = asyncio.Semaphore(24)

        async def gated(number: int) -> Run:
            async with gate:
                return await run(CHAINS[number], number, providers)

        runs = await asyncio.gather(*(gated(number) for number in range(len(CHAINS))))
        for provider in providers:
            await provider.aclose()
    for one in runs:
        check(one)
    assert Counter(type(one.events[-1]) for one in runs)[Failed] > 50, "the matrix also has chains that nobody ends"


def check(run: Run) -> None:
    (end,) = ends(run.events)
    assert run.events[-1] is end, run
    if run.answering is not None:
        assert isinstance(end, Done), run
        assert heard(run.events) == end.result.text == TEXTS[run.answering], run
    elif isinstance(end, Done):
        assert run.with_local, run
        assert heard(run.events) == end.result.text, run
    else:
        assert TEXTS[run.speaking[-1]].startswith(heard(run.events)) if run.speaking else not heard(run.events), run
    by_local = isinstance(end, Done) and run.answering is None
    speakers = len(run.speaking) + by_local
    assert sum(isinstance(event, Began) for event in run.events) == speakers, run
    assert sum(isinstance(event, Restart) for event in run.events) == max(0, speakers - 1), run
    # What was set aside was settled, each once, and counts are never negative or absurd.
    assert [made[0] for made in run.book.reserved] == [settled[0] for settled in run.book.settled], run
    assert all(0 <= usage.output_tokens < 5000 <= 5000 + usage.input_tokens for _, usage, _ in run.book.settled), run
