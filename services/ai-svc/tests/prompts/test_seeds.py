"""The prompts that a release brings: well formed, in Portuguese, and usable without a database."""

from typing import Any

import pytest

from ai_svc.brain.templates import VariableType
from ai_svc.prompts.exceptions import PromptInvalid, PromptNotFound
from ai_svc.prompts.public import Passage, Prompts
from ai_svc.prompts.repository import parsed, seeds

VALUES: dict[str, dict[str, Any]] = {
    "text.summarize": {"text": "Um texto.", "max_words": 50, "style": "tópicos", "language": "inglês"},
    "text.summarize.map": {"text": "Um texto.", "max_words": 50},
    "text.summarize.reduce": {"summaries": ["a", "b"], "max_words": 50, "style": "tópicos"},
    "text.process": {"instruction": "Extraia as datas.", "text": "Em 19/11/2026."},
    "text.qa": {"question": "Quando?", "text": "Em 19/11/2026."},
    "rag.answer": {"question": "Quando?", "passages": [Passage(text="Em 19/11/2026.", title="Aviso")]},
    "rag.evidence_check": {"question": "Quando?", "passages": ["Em 19/11/2026."]},
    "text.warnings_paragraph": {"date": "19/11/2026", "warnings": ["cvm.inf_diario: faltou um arquivo"]},
}


def test_every_prompt_that_the_service_uses_is_there() -> None:
    assert set(seeds()) >= set(VALUES)


@pytest.mark.parametrize("name", sorted(VALUES))
async def test_a_seed_renders_rules_for_the_system_and_material_for_the_user(name: str) -> None:
    prompt = await Prompts.of_release().rendered(name, variables=VALUES[name])
    seed = seeds()[name]
    assert seed.language == "pt-BR"
    assert "português do Brasil" in prompt.system
    assert [message.role for message in prompt.messages] == ["system", "user"]
    assert "{{" not in prompt.text
    assert (prompt.ref.name, prompt.ref.sha256) == (name, seed.content.sha256)
    # What comes from documents never stands among the rules.
    head = seed.content.body.split("--- user ---")[0]
    fenced = [v.name for v in seed.content.variables if v.type in {VariableType.FENCED, VariableType.FENCED_LIST}]
    assert fenced
    assert not any(f"{{{{{name}}}}}" in head for name in fenced)


async def test_the_answers_prompt_shows_the_form_of_citations() -> None:
    prompt = await Prompts.of_release().rendered("rag.answer", variables=VALUES["rag.answer"])
    assert "[[n|citação]]" in prompt.system
    assert "<<<TRECHO 1 " in prompt.user


async def test_an_unknown_prompt_says_where_to_look() -> None:
    with pytest.raises(PromptNotFound, match="ai/prompts"):
        await Prompts.of_release().rendered("nope", variables={})


@pytest.mark.parametrize(
    "text",
    [
        "no front matter",
        "+++\npurpose = 'x'\nbody",
        "x+++\n\n+++\nbody",
        "+++\ndescription='d'\npurpose='p'\nlanguage='l'\n+++\n{{x}}",
    ],
)
def test_a_malformed_seed_is_refused(text: str) -> None:
    with pytest.raises(PromptInvalid):
        parsed("broken", text)
