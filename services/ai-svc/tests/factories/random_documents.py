"""Documents that people write, edit, give away and delete at random, and what should be there of them."""

import random
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from libraries import Library

from ai_svc.rag.chunking import chunk
from ai_svc.rag.documents.public import documents_for
from ai_svc.rag.parsing import parse
from shared_schemas.auth import AuthContext, Role
from shared_utils.db.session import transaction

ANA = AuthContext(subject="ana", issuer="test", roles=frozenset({Role.OPERATOR}))
WORDS = [
    "pregão",
    "fundo",
    "cota",
    "câmbio",
    "leilão",
    "opção",
    "ajuste",
    "margem",
    "título",
    "saldo",
    "juros",
    "prazo",
    "índice",
    "ação",
    "rendimento",
    "😀",
    "ﬁm",
]


@dataclass
class Kept:
    """What the model knows of one document."""

    document_id: UUID
    wanted: str
    shown: str | None = None
    """The text that readers see."""
    before: list[str] = field(default_factory=list)
    """Texts that were wanted since the last look: a crash may come after the swap of any of them."""


def paragraph(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randint(3, 30))) + "."


def written(rng: random.Random) -> str:
    parts = [
        f"## {paragraph(rng)[:20]}\n\n{paragraph(rng)}" if rng.random() < 0.4 else paragraph(rng)
        for _ in range(rng.randint(1, 8))
    ]
    return "\n\n".join(parts)


def edited(rng: random.Random, text: str) -> str:
    parts = text.split("\n\n")
    place = rng.randrange(len(parts))
    match rng.randrange(4):
        case 0:
            parts.insert(place, paragraph(rng))
        case 1 if len(parts) > 1:
            parts.pop(place)
        case 2:
            parts[place] = paragraph(rng)
        case _:
            parts.append(parts[place])  # the same passage twice in one document
    return "\n\n".join(parts)


@lru_cache(maxsize=5000)
def expected(text: str) -> tuple[str, list[list[str]]]:
    parsed = parse(text.encode(), media_type="text/markdown", name="a.md")
    return parsed.text, [[piece.heading, piece.text] for piece in chunk(parsed, mode="heading", max_chars=200)]


class People:
    """Changes documents, and keeps in mind what was wanted."""

    def __init__(self, library: Library, rng: random.Random, *, documents: int) -> None:
        self.library, self.rng = library, rng
        self.keys = [f"{number}.md" for number in range(documents)]
        self.model: dict[str, Kept] = {}
        self.ever: dict[str, set[str]] = {}
        self.gone: set[UUID] = set()
        self.operations = 0

    async def act(self) -> None:
        """One change by a person."""
        key = self.rng.choice(self.keys)
        known = self.model.get(key)
        self.operations += 1
        chance = 0.0 if known is None else self.rng.random()
        if known is None or chance < 0.55:
            text = edited(self.rng, known.wanted) if known and self.rng.random() < 0.8 else written(self.rng)
            await self.put(key, known.wanted if known and self.rng.random() < 0.1 else text)
            return
        async with transaction(self.library.sessions) as session:
            documents = documents_for(session, clock=self.library.clock)
            if chance < 0.7:
                await documents.delete(known.document_id, by=ANA)
            elif chance < 0.9:
                readers = self.rng.sample(["user:bia", "user:caio", "role:viewer"], k=self.rng.randint(0, 2))
                await documents.give(known.document_id, readers=readers, by=ANA)
            else:
                await documents.reindex(known.document_id, by=ANA)
        if chance < 0.7:
            del self.model[key]
            self.gone.add(known.document_id)

    async def put(self, key: str, text: str) -> None:
        """A new document, or a new version of one."""
        self.ever.setdefault(key, set()).add(text)
        added = await self.library.put(text, key=key)
        kept = self.model.setdefault(key, Kept(added.document.id, text))
        kept.before.append(kept.wanted)
        kept.wanted = text

    def judge(self, rows: list) -> None:
        """What is shown is one of the texts that were wanted, whole; what was deleted is gone."""
        shown = {row.source_key: row for row in rows}
        assert shown.keys() == self.model.keys()
        for key, row in shown.items():
            kept = self.model[key]
            assert row.id == kept.document_id
            done = row.status == "READY" and row.error_code is None
            possible = [kept.wanted] if done else [kept.wanted, *kept.before, kept.shown]
            same = [text for text in possible if text is not None and (row.text, row.chunks) == expected(text)]
            assert same or row.version == 0, f"{key} shows what nobody wanted"
            kept.shown = same[0] if same else None
            if row.status == "READY":
                kept.before.clear()
