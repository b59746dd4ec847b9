"""Taking work from the band streams of a queue, and settling its entries.

One consumer group per work stream. An entry stays pending until its run is finished, then it is acknowledged and
deleted in one step. PostgreSQL decides whether an entry still means anything, so an entry that comes twice is harmless.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from shared_schemas.jobs import wake_stream, work_stream
from shared_utils.logging import get_logger

logger = get_logger(__name__)

GROUP: Final = "workers"
BANDS: Final = (1, 2, 3)
_CLAIM_BATCH: Final = 100

# XREADGROUP with COUNT over several streams answers COUNT entries of each (redis#11116): so one stream at a time.
_READ = """
local out, left = {}, tonumber(ARGV[3])
local function read(key)
    return redis.pcall('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', left, 'STREAMS', key, '>')
end
for _, key in ipairs(KEYS) do
    if left <= 0 then break end
    local answer = read(key)
    if answer and answer.err and string.find(answer.err, 'NOGROUP', 1, true) then
        redis.call('XGROUP', 'CREATE', key, ARGV[1], '0', 'MKSTREAM')
        answer = read(key)
    end
    if answer and answer.err then
        -- What was read so far is delivered and must not be lost with the error.
        if #out == 0 then return answer end
        break
    end
    if answer then
        for _, entry in ipairs(answer[1][2]) do
            out[#out + 1] = {key, entry[1], entry[2]}
            left = left - 1
        end
    end
end
return out
"""

# In one step: a consumer that reads between look and deletion would lose its entries (watermill-redisstream#24).
_FORGET_CONSUMERS = """
local removed = 0
for _, consumer in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
    local facts = {}
    for i = 1, #consumer, 2 do facts[consumer[i]] = consumer[i + 1] end
    if facts['pending'] == 0 and facts['idle'] > tonumber(ARGV[2]) and facts['name'] ~= ARGV[3] then
        redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], facts['name'])
        removed = removed + 1
    end
end
return removed
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a work stream. Its body is only the id: the truth is in PostgreSQL."""

    stream: str
    entry_id: str
    execution_id: UUID


class QueueReader:
    """Reads the queues of one worker. `blocking` is a client of its own, since it waits inside XREAD."""

    def __init__(self, redis: Redis, blocking: Redis, *, queues: Sequence[str], consumer: str) -> None:
        self._redis = redis
        self._blocking = blocking
        self._queues = tuple(queues)
        self._consumer = consumer
        self._read = redis.register_script(_READ)
        self._forget = redis.register_script(_FORGET_CONSUMERS)
        self._seen_wakes = {wake_stream(queue): "0-0" for queue in self._queues}

    @property
    def streams(self) -> list[str]:
        return [work_stream(queue, band) for queue in self._queues for band in BANDS]

    async def read(self, count: int) -> list[Entry]:
        """Up to `count` entries, the most urgent band of each queue first. Groups that are missing are created.

        They are missing at first use, and after a flush of Redis.
        """
        entries: list[Entry] = []
        for queue in self._queues:
            wanted = count - len(entries)
            if wanted <= 0:
                break
            entries += await self._read_queue(queue, wanted)
        return entries

    async def _read_queue(self, queue: str, count: int) -> list[Entry]:
        keys = [work_stream(queue, band) for band in BANDS]
        rows = await self._read(keys=keys, args=[GROUP, self._consumer, count])
        return await self._entries([(row[0], row[1], _pairs(row[2])) for row in rows])

    async def wait(self, seconds: float) -> None:
        """Waits until a relay says that there is new work, at most `seconds`."""
        answer = await self._blocking.xread(
            cast("Any", dict(self._seen_wakes)), count=16, block=max(1, int(seconds * 1000))
        )
        for stream, rows in cast("list[Any]", answer or []):
            self._seen_wakes[stream] = rows[-1][0]

    async def settle(self, entries: Iterable[Entry]) -> None:
        """Acknowledges and deletes entries, whoever of the group holds them."""
        by_stream: dict[str, list[str]] = {}
        for entry in entries:
            by_stream.setdefault(entry.stream, []).append(entry.entry_id)
        if not by_stream:
            return
        async with self._redis.pipeline(transaction=True) as pipe:
            for stream, ids in by_stream.items():
                pipe.xack(stream, GROUP, *ids)
                pipe.xdel(stream, *ids)
            await pipe.execute()

    async def abandoned(self, *, idle_ms: int, count: int = _CLAIM_BATCH) -> list[Entry]:
        """Takes over entries that nobody touched for `idle_ms`: their worker is gone, or runs something long.

        Both are told apart by the claim at core-api, so taking one over from a healthy worker does no harm.
        """
        found: list[Entry] = []
        for stream in self.streams:
            found += await self._abandoned_of(stream, idle_ms=idle_ms, count=count - len(found))
        return found

    async def _abandoned_of(self, stream: str, *, idle_ms: int, count: int) -> list[Entry]:
        rows: list[tuple[str, str, dict[str, str]]] = []
        cursor = "0-0"
        while len(rows) < count:
            try:
                answer = await self._redis.xautoclaim(
                    stream, GROUP, self._consumer, idle_ms, cursor, count=min(_CLAIM_BATCH, count - len(rows))
                )
            except ResponseError as error:
                if "NOGROUP" not in str(error):
                    raise
                break
            # Redis 6.2 answers entries that were deleted meanwhile without a body; later versions leave them out.
            rows += [(stream, row[0], dict(row[1] or {})) for row in answer[1] if row[0]]
            cursor = answer[0]
            if cursor == "0-0":
                break
        return await self._entries(rows)

    async def forget_consumers(self, *, idle_ms: int) -> int:
        """Deletes consumers of workers that are long gone and left nothing pending. Returns how many."""
        removed = 0
        for stream in self.streams:
            try:
                removed += int(await self._forget(keys=[stream], args=[GROUP, idle_ms, self._consumer]))
            except ResponseError as error:
                if "NOGROUP" not in str(error) and "no such key" not in str(error).lower():
                    raise
        return removed

    async def _entries(self, rows: Iterable[tuple[str, str, dict[str, str]]]) -> list[Entry]:
        good: list[Entry] = []
        bad: list[Entry] = []
        for stream, entry_id, fields in rows:
            try:
                good.append(Entry(stream, entry_id, UUID(fields["execution_id"])))
            except (KeyError, ValueError):
                bad.append(Entry(stream, entry_id, UUID(int=0)))
        if bad:
            logger.error("entries without an execution id are dropped", extra={"fields": {"entries": len(bad)}})
            await self.settle(bad)
        return good


def _pairs(flat: Sequence[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))
