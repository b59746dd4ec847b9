"""What a release's files write into the database: new versions, and labels that follow unless a person chose."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ai_svc.prompts.exceptions import PromptBuiltIn, PromptInvalid, PromptNothingBefore, PromptVersionExists
from ai_svc.prompts.public import write_release
from ai_svc.prompts.repository import PromptRepository, prompt_text, seeds
from ai_svc.prompts.schemas import LabelMove, PromptRead, Seed, VersionWrite
from ai_svc.prompts.service import PromptService, ReleasePrompts
from shared_schemas.auth import AuthContext
from shared_utils.clock import FakeClock
from shared_utils.db.session import SessionFactory, transaction
from shared_utils.http.etag import etag_for

NAME = "text.qa"


class Desk:
    """The service in a transaction per call, and releases with other texts."""

    def __init__(self, sessions: SessionFactory, clock: FakeClock, by: AuthContext) -> None:
        self.sessions = sessions
        self.clock = clock
        self.by = by

    async def release(self, words: str = "") -> list[str]:
        found = dict(seeds())
        if words:
            content = found[NAME].content
            found[NAME] = replace(found[NAME], content=prompt_text(f"{words}\n{content.body}", content.variables))
        async with transaction(self.sessions) as session:
            return await ReleasePrompts(PromptRepository(session), self.clock).write(found)

    async def call(self, method: str, *values: Any, **named: Any) -> Any:
        async with transaction(self.sessions) as session:
            return await getattr(PromptService(PromptRepository(session), self.clock), method)(*values, **named)

    async def read(self) -> PromptRead:
        return (await self.call("get", NAME))[0]

    async def live(self) -> tuple[int, bool]:
        label = next(one for one in (await self.read()).labels if one.label == "production")
        return label.version, label.follows_release

    async def write(self, words: str) -> int:
        body = f"{words}\n{seeds()[NAME].content.body}"
        return (await self.call("add_version", NAME, VersionWrite(body=body, note=words), by=self.by))[0].number

    async def etag(self) -> str:
        return etag_for((await self.call("get", NAME))[1])

    async def move(self, version: int) -> None:
        await self.call("move", NAME, "production", LabelMove(version=version), if_match=await self.etag(), by=self.by)

    async def rollback(self) -> None:
        await self.call("roll_back", NAME, "production", note="", if_match=await self.etag(), by=self.by)


@pytest.fixture
def desk(sessions: SessionFactory, clock: FakeClock, adm: AuthContext) -> Desk:
    return Desk(sessions, clock, adm)


async def test_the_first_start_writes_everything_and_the_next_one_nothing(desk: Desk) -> None:
    assert set(await desk.release()) == set(seeds())
    before = await desk.read()
    assert await desk.release() == []
    assert await desk.read() == before
    assert (await desk.live(), before.release_version, before.overrides_release) == ((1, True), 1, False)


async def test_processes_that_start_together_write_once(sessions: SessionFactory, clock: FakeClock, desk: Desk) -> None:
    changed = await asyncio.gather(*(write_release(sessions, clock) for _ in range(4)))
    assert sorted(len(one) for one in changed) == [0, 0, 0, len(seeds())]
    assert [one.number for one in (await desk.read()).versions] == [1]


async def test_a_changed_file_is_a_new_version_and_production_follows(desk: Desk) -> None:
    await desk.release()
    assert await desk.release("Versão dois.") == [NAME]
    read = await desk.read()
    assert [(one.number, one.origin) for one in read.versions] == [(2, "release"), (1, "release")]
    assert await desk.live() == (2, True)
    assert [(one.kind, one.from_version, one.to_version) for one in read.moves] == [
        ("release", 1, 2),
        ("release", None, 1),
    ]
    # The release before starts again: its text has its version already.
    await desk.release()
    assert await desk.live() == (1, True)
    assert len((await desk.read()).versions) == 2


async def test_a_persons_choice_is_never_overwritten(desk: Desk) -> None:
    await desk.release()
    number = await desk.write("Nossa versão.")
    await desk.move(number)
    await desk.release("Versão dois.")
    read = await desk.read()
    assert await desk.live() == (2, False)
    assert (read.release_version, read.overrides_release) == (3, True)
    # Choosing the release's own version is following it again.
    await desk.move(3)
    assert await desk.live() == (3, True)
    await desk.release("Versão três.")
    assert await desk.live() == (4, True)


async def test_rolling_a_release_back_stays(desk: Desk) -> None:
    await desk.release()
    await desk.release("Versão dois.")
    await desk.rollback()
    assert await desk.live() == (1, False)
    assert await desk.release("Versão dois.") == []
    assert await desk.live() == (1, False)


async def test_rollback_goes_back_move_by_move(desk: Desk) -> None:
    await desk.release()
    first, second = await desk.write("Um."), await desk.write("Dois.")
    await desk.move(first)
    await desk.move(second)
    await desk.rollback()
    assert await desk.live() == (first, False)
    await desk.rollback()
    assert await desk.live() == (1, True)
    with pytest.raises(PromptNothingBefore):
        await desk.rollback()
    await desk.move(second)
    await desk.rollback()
    assert await desk.live() == (1, True)
    moves = (await desk.read()).moves
    assert [one.kind for one in moves] == ["rollback", "move", "rollback", "rollback", "move", "move", "release"]
    assert moves[2].undoes == moves[5].id


async def test_a_version_must_take_what_the_service_gives(desk: Desk) -> None:
    await desk.release()
    content = seeds()[NAME].content
    renamed = content.body.replace("{{question}}", "{{pergunta}}")
    variables = [replace(one, name="pergunta") if one.name == "question" else one for one in content.variables]
    write = VersionWrite(body=renamed, variables=[{"name": v.name, "type": v.type} for v in variables])
    with pytest.raises(PromptInvalid, match=r"question \(text\), text \(fenced\)"):
        await desk.call("add_version", NAME, write, by=desk.by)


async def test_equal_content_is_the_same_version(desk: Desk) -> None:
    await desk.release()
    with pytest.raises(PromptVersionExists) as caught:
        await desk.call("add_version", NAME, VersionWrite(body=seeds()[NAME].content.body + "\r\n"), by=desk.by)
    assert caught.value.details == {"version": 1}


async def test_what_the_service_uses_cannot_be_archived(desk: Desk) -> None:
    await desk.release()
    with pytest.raises(PromptBuiltIn):
        await desk.call("archive", NAME, by=desk.by)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ai.prompt_versions SET body = 'x'",
        "UPDATE ai.prompt_versions SET note = 'x'",
        "DELETE FROM ai.prompt_versions",
        "UPDATE ai.prompt_label_moves SET note = 'x'",
        "DELETE FROM ai.prompt_label_moves",
    ],
)
async def test_versions_and_moves_are_written_once(desk: Desk, statement: str) -> None:
    await desk.release()
    with pytest.raises(IntegrityError, match="written once"):
        async with transaction(desk.sessions) as session:
            await session.execute(text(statement))


async def test_a_persons_prompt_that_a_later_release_brings_keeps_their_version(desk: Desk) -> None:
    seed: Seed = seeds()[NAME]
    async with transaction(desk.sessions) as session:
        service = ReleasePrompts(PromptRepository(session), desk.clock)
        await service.write({name: one for name, one in seeds().items() if name != NAME})
        await session.execute(
            text(
                "INSERT INTO ai.prompts (id, name, description, purpose, language, created_at, created_by, updated_at, updated_by)"
                " VALUES (uuidv7(), :name, '', 'other', 'pt-BR', now(), 'ana', now(), 'ana')"
            ),
            {"name": NAME},
        )
        await session.execute(
            text(
                "INSERT INTO ai.prompt_versions (prompt_id, number, body, variables, sha256, origin, note, created_at, created_by)"
                " SELECT id, 1, 'x', '[]', 'x', 'person', '', now(), 'ana' FROM ai.prompts WHERE name = :name"
            ),
            {"name": NAME},
        )
        await session.execute(
            text(
                "INSERT INTO ai.prompt_labels (prompt_id, label, version, follows_release, moved_at, moved_by)"
                " SELECT id, 'production', 1, false, now(), 'ana' FROM ai.prompts WHERE name = :name"
            ),
            {"name": NAME},
        )
    await desk.release()
    read = await desk.read()
    assert (await desk.live(), read.release_version, read.purpose) == ((1, False), 2, seed.purpose)
    assert (read.overrides_release, read.falls_back) == (True, True)
