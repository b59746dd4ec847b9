"""The drawings and maps name what is there: a module that joins has to join them."""

import re
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
ARCHITECTURE = (REPO / ".docs/architecture.md").read_text()
MODULES = sorted(path.parent.name for path in REPO.glob("services/core-api/src/core_api/modules/*/__init__.py"))
AI_PARTS = sorted(path.parent.name for path in REPO.glob("services/ai-svc/src/ai_svc/*/__init__.py"))
RAG_PARTS = sorted(path.parent.name for path in REPO.glob("services/ai-svc/src/ai_svc/rag/*/__init__.py"))


@pytest.mark.parametrize("name", [*MODULES, *AI_PARTS, *RAG_PARTS])
def test_a_module_is_in_the_drawings(name: str) -> None:
    drawings = "".join(re.findall(r"```mermaid\n(.*?)```", ARCHITECTURE, re.DOTALL))
    assert re.search(rf"\b{name}\b", drawings)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_in_the_services_map(name: str) -> None:
    readme = (REPO / "services/core-api/README.md").read_text()
    assert re.search(rf"^    {name}  ?\S*", readme, re.MULTILINE)


def test_every_decision_is_in_the_index() -> None:
    index = (REPO / ".docs/ADR/README.md").read_text()
    records = {path.name for path in (REPO / ".docs/ADR").glob("[0-9]*.md")}
    assert set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", index)) == records
    assert len({name[:4] for name in records}) == len(records), "two records with one number"
    assert {f"{number:04}" for number in range(1, 14)} <= {name[:4] for name in records}, (
        "a decision of the design has no record"
    )
