"""Where prompts come from: the files of this release, and the database."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ai_svc.brain.templates import Variable, VariableType, check_template
from ai_svc.prompts.exceptions import PromptInvalid
from ai_svc.prompts.models import Prompt, PromptLabel, PromptLabelMove, PromptVersion
from ai_svc.prompts.schemas import PRODUCTION, MoveKind, Origin, PromptText, Seed
from shared_utils.db.ids import uuid7
from shared_utils.db.session import ReadSession

_SEEDS: Final = "ai_svc.prompts"
_FENCE: Final = "+++\n"


@cache
def seeds() -> dict[str, Seed]:
    """The prompts of this release by name. Raises `PromptInvalid` for a file that is not one."""
    files = [file for file in resources.files(_SEEDS).joinpath("seeds").iterdir() if file.name.endswith(".md")]
    found = [parsed(file.name.removesuffix(".md"), file.read_text(encoding="utf-8")) for file in files]
    return {seed.name: seed for seed in sorted(found, key=lambda seed: seed.name)}


def parsed(name: str, text: str) -> Seed:
    """A seed file: TOML between two lines of `+++`, then the body."""
    before, _, rest = text.partition(_FENCE)
    front, fence, body = rest.partition("\n" + _FENCE)
    if before or not fence:
        raise PromptInvalid(f"The seed {name} does not begin with its declarations between lines of `+++`.")
    declared = tomllib.loads(front)
    variables = tuple(variable_of(one) for one in declared.pop("variables", []))
    check_template(body, variables)
    return Seed(content=prompt_text(body, variables), name=name, **declared)


def prompt_text(body: str, variables: Iterable[Variable]) -> PromptText:
    """A body and its variables with the digest of both. Descriptions count: they are what people edit against."""
    kept = tuple(variables)
    body = body.replace("\r\n", "\n").strip() + "\n"
    canonical = json.dumps([body, [variable_row(one) for one in kept]], ensure_ascii=False, sort_keys=True)
    return PromptText(body=body, variables=kept, sha256=hashlib.sha256(canonical.encode()).hexdigest())


def variable_of(row: dict[str, Any]) -> Variable:
    """A variable as a file or a row has it."""
    return Variable(
        name=row["name"],
        type=VariableType(row["type"]),
        required=row.get("required", True),
        description=row.get("description", ""),
    )


def variable_row(variable: Variable) -> dict[str, Any]:
    """The opposite of `variable_of`."""
    return {
        "name": variable.name,
        "type": variable.type.value,
        "required": variable.required,
        "description": variable.description,
    }


def content_of(version: PromptVersion) -> PromptText:
    """The content of a stored version."""
    variables = tuple(variable_of(row) for row in version.variables)
    return PromptText(body=version.body, variables=variables, sha256=version.sha256)


def written(at: datetime, by: str) -> dict[str, Any]:
    """The audit columns of a new prompt."""
    return {"created_at": at, "created_by": by, "updated_at": at, "updated_by": by}


def release_row(seed: Seed, *, at: datetime, by: str) -> dict[str, Any]:
    """The row of a prompt that a release brings."""
    about = {"name": seed.name, "description": seed.description, "purpose": seed.purpose, "language": seed.language}
    return {"id": uuid7(), **about, **written(at, by)}


def version_row(
    prompt_id: UUID, number: int, *, content: PromptText, origin: Origin, at: datetime, by: str, note: str = ""
) -> dict[str, Any]:
    """The row of a version."""
    return {
        "prompt_id": prompt_id,
        "number": number,
        "body": content.body,
        "variables": [variable_row(one) for one in content.variables],
        "sha256": content.sha256,
        "origin": origin.value,
        "note": note,
        "created_at": at,
        "created_by": by,
    }


CHANGED: Final = "ai_prompts"
"""The channel on which a prompt's name is told when its labels, or itself, changed."""
MAX_HISTORY: Final = 200

_TELL: Final = text("SELECT pg_notify(:channel, name) FROM unnest(CAST(:names AS text[])) AS name")
_ALONE: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('ai.prompts.release', 0))")
_DESCRIBE: Final = text("""
    UPDATE ai.prompts p
    SET description = s.description, purpose = s.purpose, language = s.language, release_version = s.number,
        archived_at = NULL, revision = p.revision + 1, updated_at = :now, updated_by = :by
    FROM unnest(CAST(:ids AS uuid[]), CAST(:descriptions AS text[]), CAST(:purposes AS text[]),
        CAST(:languages AS text[]), CAST(:numbers AS bigint[])) s (id, description, purpose, language, number)
    WHERE p.id = s.id AND ROW(p.description, p.purpose, p.language, p.release_version, p.archived_at)
        IS DISTINCT FROM ROW(s.description, s.purpose, s.language, s.number, CAST(NULL AS timestamptz))
    RETURNING p.name
""")
# A label that is not there yet, and one that follows the release and points elsewhere.
_FOLLOW: Final = text("""
    WITH released AS (
        SELECT p.id, p.name, p.release_version AS version FROM ai.prompts p WHERE p.id = ANY (CAST(:ids AS uuid[]))
    ), before AS (
        SELECT r.id, r.name, r.version, l.version AS from_version, l.follows_release
        FROM released r LEFT JOIN ai.prompt_labels l ON l.prompt_id = r.id AND l.label = :label
        WHERE l.prompt_id IS NULL OR (l.follows_release AND l.version <> r.version)
    ), moved AS (
        INSERT INTO ai.prompt_labels (prompt_id, label, version, follows_release, moved_at, moved_by)
        SELECT id, :label, version, true, :now, :by FROM before
        ON CONFLICT (prompt_id, label) DO UPDATE
        SET version = excluded.version, moved_at = excluded.moved_at, moved_by = excluded.moved_by
    ), noted AS (
        INSERT INTO ai.prompt_label_moves (
            prompt_id, label, kind, from_version, to_version, followed_release, note, moved_at, moved_by)
        SELECT id, :label, 'release', from_version, version, COALESCE(follows_release, true), '', :now, :by FROM before
    )
    SELECT name FROM before
""")


class PromptRepository:
    def __init__(self, session: ReadSession) -> None:
        self._session = session

    # --- reading

    async def page(self, *, archived: bool, after: str | None, limit: int) -> list[Prompt]:
        """Prompts by name."""
        query = select(Prompt).order_by(Prompt.name).limit(limit)
        query = query.where(Prompt.archived_at.is_not(None) if archived else Prompt.archived_at.is_(None))
        if after is not None:
            query = query.where(Prompt.name > after)
        return list(await self._session.scalars(query))

    async def get(self, name: str, *, lock: bool = False) -> Prompt | None:
        query = select(Prompt).where(Prompt.name == name)
        if lock:
            query = query.with_for_update()
        return (await self._session.scalars(query, execution_options={"populate_existing": True})).one_or_none()

    async def labels(self, ids: Sequence[UUID]) -> list[PromptLabel]:
        """The labels of prompts, by name."""
        query = select(PromptLabel).where(PromptLabel.prompt_id.in_(ids)).order_by(PromptLabel.label)
        return list(await self._session.scalars(query, execution_options={"populate_existing": True}))

    async def versions(self, prompt_id: UUID) -> Sequence[Any]:
        """The newest versions, without their texts."""
        v = PromptVersion
        query = select(v.number, v.sha256, v.origin, v.note, v.created_at, v.created_by)
        query = query.where(v.prompt_id == prompt_id).order_by(v.number.desc()).limit(MAX_HISTORY)
        return (await self._session.execute(query)).all()

    async def moves(self, prompt_id: UUID) -> list[PromptLabelMove]:
        """The newest moves of all labels."""
        query = select(PromptLabelMove).where(PromptLabelMove.prompt_id == prompt_id)
        return list(await self._session.scalars(query.order_by(PromptLabelMove.id.desc()).limit(MAX_HISTORY)))

    async def version(self, prompt_id: UUID, number: int) -> PromptVersion | None:
        query = select(PromptVersion).where(PromptVersion.prompt_id == prompt_id, PromptVersion.number == number)
        return (await self._session.scalars(query)).one_or_none()

    async def newest(self, prompt_id: UUID) -> PromptVersion | None:
        query = select(PromptVersion).where(PromptVersion.prompt_id == prompt_id)
        return (await self._session.scalars(query.order_by(PromptVersion.number.desc()).limit(1))).one_or_none()

    async def same(self, prompt_id: UUID, sha256: str) -> int | None:
        """The version that has this content."""
        query = select(PromptVersion.number).where(PromptVersion.prompt_id == prompt_id, PromptVersion.sha256 == sha256)
        return await self._session.scalar(query)

    async def labelled(self, name: str, label: str) -> tuple[bool, PromptVersion | None]:
        """Whether there is such a prompt in use, and the version that a label of it points at."""
        query = (
            select(Prompt.id, PromptVersion)
            .outerjoin(PromptLabel, (PromptLabel.prompt_id == Prompt.id) & (PromptLabel.label == label))
            .outerjoin(
                PromptVersion,
                (PromptVersion.prompt_id == Prompt.id) & (PromptVersion.number == PromptLabel.version),
            )
            .where(Prompt.name == name, Prompt.archived_at.is_(None))
        )
        row = (await self._session.execute(query)).one_or_none()
        return (False, None) if row is None else (True, row[1])

    async def undoable(self, prompt_id: UUID, label: str) -> PromptLabelMove | None:
        """The newest move of a label that is neither a rollback nor undone by one."""
        undone = select(PromptLabelMove.undoes).where(
            PromptLabelMove.prompt_id == prompt_id,
            PromptLabelMove.label == label,
            PromptLabelMove.undoes.is_not(None),
        )
        query = select(PromptLabelMove).where(
            PromptLabelMove.prompt_id == prompt_id,
            PromptLabelMove.label == label,
            PromptLabelMove.kind != MoveKind.ROLLBACK.value,
            PromptLabelMove.id.not_in(undone),
        )
        return (await self._session.scalars(query.order_by(PromptLabelMove.id.desc()).limit(1))).one_or_none()

    # --- writing; whoever changes a prompt holds its row

    async def add(self, values: Mapping[str, Any]) -> Prompt | None:
        """Insert a prompt; None when the name is taken."""
        statement = upsert(Prompt).values(**values).on_conflict_do_nothing(index_elements=["name"]).returning(Prompt)
        return (await self._session.scalars(statement)).one_or_none()

    async def change(self, prompt_id: UUID, values: Mapping[str, Any]) -> Prompt:
        """Change a prompt; its revision grows."""
        statement = update(Prompt).where(Prompt.id == prompt_id).values(revision=Prompt.revision + 1, **values)
        changed = await self._session.scalars(
            statement.returning(Prompt), execution_options={"populate_existing": True}
        )
        return changed.one()

    async def add_version(self, values: Mapping[str, Any]) -> PromptVersion:
        """Insert a version."""
        return (await self._session.scalars(insert(PromptVersion).values(**values).returning(PromptVersion))).one()

    async def point(self, values: Mapping[str, Any]) -> None:
        """Makes a label point at a version."""
        statement = upsert(PromptLabel).values(**values)
        changed = {name: statement.excluded[name] for name in values if name not in {"prompt_id", "label"}}
        await self._session.execute(
            statement.on_conflict_do_update(index_elements=["prompt_id", "label"], set_=changed)
        )

    async def note_move(self, values: Mapping[str, Any]) -> None:
        """Insert a move into the history."""
        await self._session.execute(insert(PromptLabelMove).values(**values))

    async def tell(self, names: Sequence[str]) -> None:
        """Tells every process, when the transaction commits, that these prompts changed."""
        await self._session.execute(_TELL, {"channel": CHANGED, "names": list(names)})

    # --- what a release brings

    async def alone(self) -> None:
        """Waits until no other process writes a release's prompts, and keeps others out until the transaction ends."""
        await self._session.execute(_ALONE)

    async def add_missing(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Inserts prompts whose names are not there yet."""
        await self._session.execute(upsert(Prompt).on_conflict_do_nothing(index_elements=["name"]).values(list(rows)))

    async def known(self, names: Sequence[str]) -> dict[str, tuple[UUID, int]]:
        """The ids of prompts and the numbers of their newest versions, 0 for none. Locks the prompts."""
        newest = (
            select(func.coalesce(func.max(PromptVersion.number), 0))
            .where(PromptVersion.prompt_id == Prompt.id)
            .scalar_subquery()
        )
        locked = await self._session.execute(
            select(Prompt.id).where(Prompt.name.in_(names)).order_by(Prompt.name).with_for_update()
        )
        query = select(Prompt.name, Prompt.id, newest).where(Prompt.id.in_(locked.scalars().all()))
        return {name: (prompt_id, number) for name, prompt_id, number in await self._session.execute(query)}

    async def by_content(self, ids: Sequence[UUID], digests: Sequence[str]) -> dict[tuple[UUID, str], int]:
        """The numbers of versions that have one of these contents."""
        query = select(PromptVersion.prompt_id, PromptVersion.sha256, PromptVersion.number).where(
            PromptVersion.prompt_id.in_(ids), PromptVersion.sha256.in_(digests)
        )
        return {(prompt_id, digest): number for prompt_id, digest, number in await self._session.execute(query)}

    async def add_versions(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert versions."""
        await self._session.execute(insert(PromptVersion).values(list(rows)))

    async def describe(self, rows: Sequence[tuple[UUID, Seed, int]], *, now: datetime, by: str) -> list[str]:
        """Gives prompts the release's description and version; returns the names of those that changed."""
        values = {
            "ids": [prompt_id for prompt_id, _, _ in rows],
            "descriptions": [seed.description for _, seed, _ in rows],
            "purposes": [seed.purpose for _, seed, _ in rows],
            "languages": [seed.language for _, seed, _ in rows],
            "numbers": [number for _, _, number in rows],
        }
        return list((await self._session.execute(_DESCRIBE, values | {"now": now, "by": by})).scalars())

    async def follow(self, ids: Sequence[UUID], *, now: datetime, by: str) -> list[str]:
        """Moves `production` to the release's versions where it follows them; returns the names of those that moved."""
        values = {"ids": list(ids), "label": PRODUCTION, "now": now, "by": by}
        return list((await self._session.execute(_FOLLOW, values)).scalars())
