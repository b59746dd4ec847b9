"""Prompts in use: kept, forgotten when a label moves, and there though the database is away."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from ai_svc.prompts.exceptions import PromptLabelNotFound, PromptNotFound
from ai_svc.prompts.public import Prompts, open_prompts, write_release
from ai_svc.prompts.repository import PromptRepository, seeds
from ai_svc.prompts.schemas import LabelMove, PromptWrite, VersionWrite
from ai_svc.prompts.service import PromptService
from shared_schemas.auth import AuthContext
from shared_utils.clock import FakeClock, SystemClock
from shared_utils.db.engine import create_engine
from shared_utils.db.notify import Listener
from shared_utils.db.session import SessionFactory, sessionmaker_for, transaction
from shared_utils.http.etag import etag_for

VALUES = {"question": "Quando?", "text": "Hoje."}


async def live(prompts: Prompts, name: str = "text.qa", **more: Any) -> int:
    return (await prompts.rendered(name, variables=VALUES, **more)).ref.version


async def new_version_in_production(sessions: SessionFactory, by: AuthContext, words: str = "Nova.") -> int:
    async with transaction(sessions) as session:
        service = PromptService(PromptRepository(session), SystemClock())
        body = f"{words}\n{seeds()['text.qa'].content.body}"
        version, revision = await service.add_version("text.qa", VersionWrite(body=body), by=by)
        move = LabelMove(version=version.number)
        await service.move("text.qa", "production", move, if_match=etag_for(revision), by=by)
        return version.number


async def test_a_minute_without_a_question(
    prompts_engine: AsyncEngine, sessions: SessionFactory, clock: FakeClock, adm: AuthContext
) -> None:
    await write_release(sessions, clock)
    prompts = Prompts(sessions, clock, load_seconds=60)
    asked: list[str] = []
    event.listen(prompts_engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert [await live(prompts) for _ in range(3)] == [1, 1, 1]
    assert len([one for one in asked if "prompt_versions" in one]) == 1
    number = await new_version_in_production(sessions, adm)
    assert await live(prompts) == 1
    clock.advance(timedelta(seconds=60))
    assert await live(prompts) == number


async def test_many_at_once_ask_once(prompts_engine: AsyncEngine, sessions: SessionFactory, clock: FakeClock) -> None:
    await write_release(sessions, clock)
    prompts = Prompts(sessions, clock, load_seconds=60)
    asked: list[str] = []
    event.listen(prompts_engine.sync_engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert set(await asyncio.gather(*(live(prompts) for _ in range(20)))) == {1}
    assert len([one for one in asked if "prompt_versions" in one]) == 1


async def test_a_moved_label_shows_at_once(database: Any, sessions: SessionFactory, adm: AuthContext) -> None:
    async with Listener(database.runtime_url) as listener, open_prompts(sessions, SystemClock(), listener) as prompts:
        async with asyncio.timeout(60):
            while await live(prompts) != 1:
                prompts.forget()
        await listener.wait_connected()
        for words in ("Um.", "Dois.", "Três."):
            number = await new_version_in_production(sessions, adm, words)
            # Well within a second on an idle machine; the copy would last a minute, longer than this waits.
            async with asyncio.timeout(20):
                while await live(prompts) != number:
                    await asyncio.sleep(0)


async def test_the_last_good_copy_lasts_while_the_database_is_away(
    database: Any, sessions: SessionFactory, clock: FakeClock
) -> None:
    await write_release(sessions, clock)
    prompts = Prompts(sessions, clock, load_seconds=60)
    assert await live(prompts) == 1
    there = prompts._sessionmaker
    gone = create_engine(database.runtime_url.rsplit("/", 1)[0] + "/rotina_test_not_there", application_name="test")
    prompts._sessionmaker = sessionmaker_for(gone)
    clock.advance(timedelta(hours=5))
    assert await live(prompts) == 1
    # What was never read comes from the release's files.
    prompt = await prompts.rendered("text.process", variables={"instruction": "x", "text": "y"})
    assert (prompt.ref.version, prompt.ref.sha256) == (0, seeds()["text.process"].content.sha256)
    with pytest.raises(PromptNotFound):
        await live(prompts, "nope")
    prompts._sessionmaker = there
    clock.advance(timedelta(seconds=6))
    assert await live(prompts) == 1
    await gone.dispose()


async def test_a_version_that_does_not_take_the_values_is_not_used(
    sessions: SessionFactory, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """A release that gives other variables finds an older choice in production."""
    await write_release(sessions, clock)
    async with transaction(sessions) as session:
        await session.execute(
            text(
                "INSERT INTO ai.prompt_versions (prompt_id, number, body, variables, sha256, origin, note, created_at, created_by)"
                " SELECT id, 2, 'velho', '[]', 'x', 'person', '', now(), 'ana' FROM ai.prompts WHERE name = 'text.qa'"
            )
        )
        await session.execute(
            text(
                "UPDATE ai.prompt_labels SET version = 2 WHERE prompt_id = (SELECT id FROM ai.prompts WHERE name = 'text.qa')"
            )
        )
    prompt = await Prompts(sessions, clock, load_seconds=60).rendered("text.qa", variables=VALUES)
    assert prompt.ref.sha256 == seeds()["text.qa"].content.sha256
    assert "the release's own text is used" in caplog.text


async def test_labels_and_archived_prompts(sessions: SessionFactory, clock: FakeClock, adm: AuthContext) -> None:
    async with transaction(sessions) as session:
        service = PromptService(PromptRepository(session), clock)
        write = PromptWrite(name="time.ola", body="Olá {{name}}", variables=[{"name": "name", "type": "text"}])
        await service.create(write, by=adm)
    prompts = Prompts(sessions, clock, load_seconds=60)
    prompt = await prompts.rendered("time.ola", variables={"name": "Ana {{name}}"})
    assert (prompt.text, prompt.ref.version) == ("Olá Ana {{name}}", 1)
    with pytest.raises(PromptLabelNotFound):
        await prompts.rendered("time.ola", variables={}, label="candidate")
    async with transaction(sessions) as session:
        await PromptService(PromptRepository(session), clock).archive("time.ola", by=adm)
    prompts.forget()
    with pytest.raises(PromptNotFound):
        await prompts.rendered("time.ola", variables={"name": "Ana"})
