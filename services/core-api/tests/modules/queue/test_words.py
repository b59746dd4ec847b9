"""Reasons in words (E3): every code in both languages, with what it names filled in."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from factories.executions import add, force, new_execution
from factories.workers import register
from sqlalchemy import text

from core_api.modules.executions.public import Reason, ReasonCode
from core_api.modules.queue.service import _told
from core_api.texts import LANGUAGES
from shared_utils.clock import FakeClock
from shared_utils.db.session import WriteSession


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(ReasonCode))
def test_e03_every_reason_has_words(code: ReasonCode, language: Any) -> None:
    told = _told(Reason(code, {}), language)
    assert told.code == code
    assert told.message.strip()


def test_e03_words_are_different_in_each_language() -> None:
    for code in ReasonCode:
        assert len({_told(Reason(code, {}), language).message for language in LANGUAGES}) == len(LANGUAGES), code


async def test_e03_a_reason_names_what_it_waits_for_in_the_language_of_the_request(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    await register(session, clock)
    earlier = clock.now() - timedelta(minutes=5)
    above = new_execution(routine_name="b3-download", slot=earlier)
    ids = await add(session, above, new_execution(slot=earlier, depends_on=(above.routine_id,)))
    await force(session, ids[0], status="FAILED")
    await session.commit()

    said = {}
    for language in ("pt-BR", "en-GB,en;q=0.9", "fr"):
        answer = await as_viewer.get(f"/api/v1/executions/{ids[1]}", headers={"Accept-Language": language})
        said[language] = answer.json()["data"]["reason"]["message"]
    assert said == {
        "pt-BR": "Espera b3-download (FALHOU).",
        "en-GB,en;q=0.9": "Waits for b3-download (FAILED).",
        "fr": "Espera b3-download (FALHOU).",
    }


async def test_e11_a_skipped_slot_says_which_one_runs_instead(
    session: WriteSession, clock: FakeClock, as_viewer: httpx.AsyncClient
) -> None:
    [execution] = await add(session, new_execution())
    await force(session, execution, status="SKIPPED", reason="COALESCED")
    await session.execute(
        text("""UPDATE core.executions SET reason_context = '{"superseded_by": "2026-11-20T15:30:00+00:00"}'""")
    )
    await session.commit()
    reason = (await as_viewer.get(f"/api/v1/executions/{execution}")).json()["data"]["reason"]
    assert reason["context"] == {"superseded_by": "2026-11-20T15:30:00+00:00"}
    assert reason["message"].endswith("em seu lugar roda a de 20/11 12:30.")
