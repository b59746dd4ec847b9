"""Prompts: what people decide about them, and what a release brings."""

import difflib
import json
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ai_svc.brain.calls import Caller
from ai_svc.brain.chat import CallContext, ChatRequest, PromptRef
from ai_svc.brain.purposes import Purpose
from ai_svc.brain.templates import Variable, check_template, render
from ai_svc.prompts.exceptions import (
    PromptBuiltIn,
    PromptInvalid,
    PromptLabelNotFound,
    PromptNameTaken,
    PromptNotFound,
    PromptNothingBefore,
    PromptVersionExists,
    PromptVersionNotFound,
)
from ai_svc.prompts.models import Prompt, PromptLabel, PromptVersion
from ai_svc.prompts.repository import (
    PromptRepository,
    content_of,
    prompt_text,
    release_row,
    seeds,
    variable_of,
    version_row,
    written,
)
from ai_svc.prompts.schemas import (
    PRODUCTION,
    LabelMove,
    LabelRead,
    MoveKind,
    MoveRead,
    Origin,
    PromptDescribe,
    PromptDiff,
    PromptRead,
    PromptSummary,
    PromptTest,
    PromptTestRead,
    PromptText,
    PromptWrite,
    Rendered,
    Seed,
    TestValue,
    VariableRead,
    VariableShape,
    VersionRead,
    VersionSummary,
    VersionWrite,
)
from shared_schemas.auth import AuthContext
from shared_utils.clock import Clock
from shared_utils.db.ids import uuid7
from shared_utils.db.session import SessionFactory, read_transaction
from shared_utils.http.etag import require_if_match

RELEASE: Final = "release"
"""Who wrote what came with a release."""


def fits_release(name: str, variables: Sequence[Variable]) -> bool:
    """Whether a version takes the values that this release's code gives; always so for prompts that people made."""
    seed = seeds().get(name)
    return seed is None or _takes(seed.content.variables, variables)


def _takes(given: Sequence[Variable], taken: Sequence[Variable]) -> bool:
    optional = {one.name for one in given if not one.required}
    return {(one.name, one.type) for one in given} == {(one.name, one.type) for one in taken} and not any(
        one.required and one.name in optional for one in taken
    )


class ReleasePrompts:
    """Writes what a release's files say: a changed file becomes a new version, and labels that follow it move."""

    def __init__(self, prompts: PromptRepository, clock: Clock) -> None:
        self._prompts = prompts
        self._clock = clock

    async def write(self, found: Mapping[str, Seed]) -> list[str]:
        """Returns the names of prompts that changed. A person's choice of a version in production stays."""
        now = self._clock.now()
        await self._prompts.alone()
        await self._prompts.add_missing([release_row(seed, at=now, by=RELEASE) for seed in found.values()])
        known = await self._prompts.known(list(found))
        digests = [seed.content.sha256 for seed in found.values()]
        numbers = await self._prompts.by_content([prompt_id for prompt_id, _ in known.values()], digests)
        rows, fresh = [], []
        for seed in found.values():
            prompt_id, newest = known[seed.name]
            number = numbers.get((prompt_id, seed.content.sha256))
            if number is None:
                number = newest + 1
                fresh.append(
                    version_row(prompt_id, number, content=seed.content, origin=Origin.RELEASE, at=now, by=RELEASE)
                )
            rows.append((prompt_id, seed, number))
        if fresh:
            await self._prompts.add_versions(fresh)
        changed = set(await self._prompts.describe(rows, now=now, by=RELEASE))
        changed |= set(await self._prompts.follow([prompt_id for prompt_id, _, _ in rows], now=now, by=RELEASE))
        if changed:
            await self._prompts.tell(sorted(changed))
        return sorted(changed)


class PromptService:
    """What people decide about prompts."""

    def __init__(self, prompts: PromptRepository, clock: Clock) -> None:
        self._prompts = prompts
        self._clock = clock

    async def page(self, *, archived: bool, after: str | None, limit: int) -> tuple[list[PromptSummary], bool]:
        """One page by name, and whether there is another one."""
        found = await self._prompts.page(archived=archived, after=after, limit=limit + 1)
        labels = await self._prompts.labels([prompt.id for prompt in found[:limit]])
        reads = [_summary(one, [label for label in labels if label.prompt_id == one.id]) for one in found[:limit]]
        return reads, len(found) > limit

    async def get(self, name: str) -> tuple[PromptRead, int]:
        """A prompt with its history, and its revision. Raises `PromptNotFound`."""
        prompt = await self._existing(name)
        return await self._read(prompt), prompt.revision

    async def version(self, name: str, number: int) -> VersionRead:
        """One version with its text. Raises `PromptNotFound` and `PromptVersionNotFound`."""
        return _version_read(await self._version(await self._existing(name), number))

    async def diff(self, name: str, *, before: int, after: int) -> PromptDiff:
        """What changed between two versions."""
        prompt = await self._existing(name)
        old, new = await self._version(prompt, before), await self._version(prompt, after)
        titles = (f"version {before}", f"version {after}")
        return PromptDiff(
            from_version=before,
            to_version=after,
            body=_unified(old.body, new.body, titles),
            variables=_unified(_shown(old.variables), _shown(new.variables), titles),
        )

    async def create(self, write: PromptWrite, *, by: AuthContext) -> tuple[PromptRead, int]:
        """Adds a prompt with its first version in production. Raises `PromptInvalid` and `PromptNameTaken`."""
        content = _checked(write.body, write.variables)
        now = self._clock.now()
        values = {
            **write.model_dump(include={"name", "description", "language"}),
            "id": uuid7(),
            "purpose": write.purpose.value,
            **written(now, by.subject),
        }
        prompt = await self._prompts.add(values)
        if prompt is None:
            raise PromptNameTaken(write.name)
        row = version_row(prompt.id, 1, content=content, origin=Origin.PERSON, at=now, by=by.subject, note=write.note)
        await self._prompts.add_version(row)
        return await self._moved(prompt, PRODUCTION, 1, kind=MoveKind.MOVE, note=write.note, by=by)

    async def add_version(self, name: str, write: VersionWrite, *, by: AuthContext) -> tuple[VersionRead, int]:
        """Adds a version; no label moves. Raises `PromptInvalid` and `PromptVersionExists`."""
        prompt = await self._existing(name, lock=True)
        newest = await self._prompts.newest(prompt.id)
        kept = [variable_of(row) for row in newest.variables] if newest else []
        content = _checked(write.body, kept if write.variables is None else write.variables)
        if not fits_release(name, content.variables):
            seed = seeds()[name]
            given = ", ".join(f"{one.name} ({one.type.value})" for one in seed.content.variables)
            raise PromptInvalid(f"The service gives this prompt exactly these variables: {given}.")
        same = await self._prompts.same(prompt.id, content.sha256)
        if same is not None:
            raise PromptVersionExists(same)
        now, number = self._clock.now(), (newest.number if newest else 0) + 1
        row = version_row(
            prompt.id, number, content=content, origin=Origin.PERSON, at=now, by=by.subject, note=write.note
        )
        version = await self._prompts.add_version(row)
        changed = await self._prompts.change(prompt.id, {"updated_at": now, "updated_by": by.subject})
        return _version_read(version), changed.revision

    async def move(
        self, name: str, label: str, write: LabelMove, *, if_match: str | None, by: AuthContext
    ) -> tuple[PromptRead, int]:
        """Points a label at a version. In production it follows releases again when it is the release's own version."""
        prompt = await self._existing(name, lock=True)
        require_if_match(if_match, prompt.revision)
        version = await self._version(prompt, write.version)
        if label == PRODUCTION and not fits_release(name, content_of(version).variables):
            raise PromptInvalid("The version does not take the variables that the service gives; write a new one.")
        return await self._moved(prompt, label, write.version, kind=MoveKind.MOVE, note=write.note, by=by)

    async def roll_back(
        self, name: str, label: str, *, note: str, if_match: str | None, by: AuthContext
    ) -> tuple[PromptRead, int]:
        """Undoes the newest move of a label that is not undone yet. Raises `PromptNothingBefore`."""
        prompt = await self._existing(name, lock=True)
        require_if_match(if_match, prompt.revision)
        if all(one.label != label for one in await self._prompts.labels([prompt.id])):
            raise PromptLabelNotFound(name, label)
        undone = await self._prompts.undoable(prompt.id, label)
        if undone is None or undone.from_version is None:
            raise PromptNothingBefore
        # Undoing what a release brought is a choice, which the next start must not overrule.
        own = undone.kind != MoveKind.RELEASE
        follows = own and undone.followed_release and undone.from_version == prompt.release_version
        return await self._moved(
            prompt,
            label,
            undone.from_version,
            kind=MoveKind.ROLLBACK,
            note=note,
            by=by,
            undoes=undone.id,
            follows=follows,
        )

    async def describe(
        self, name: str, write: PromptDescribe, *, if_match: str | None, by: AuthContext
    ) -> tuple[PromptRead, int]:
        """Says anew what a prompt is for. Raises `PromptBuiltIn` for what a release describes."""
        prompt = await self._existing(name, lock=True)
        require_if_match(if_match, prompt.revision)
        if name in seeds():
            raise PromptBuiltIn
        values = {"description": write.description, "purpose": write.purpose.value}
        return await self._changed(prompt, values, by=by)

    async def archive(self, name: str, *, by: AuthContext) -> None:
        """Takes a prompt out of use; its versions and history stay. Raises `PromptBuiltIn`."""
        prompt = await self._existing(name, lock=True)
        if name in seeds():
            raise PromptBuiltIn
        if prompt.archived_at is None:
            await self._changed(prompt, {"archived_at": self._clock.now()}, by=by)

    async def restore(self, name: str, *, by: AuthContext) -> tuple[PromptRead, int]:
        """Puts an archived prompt back into use."""
        prompt = await self._existing(name, lock=True)
        if prompt.archived_at is None:
            return await self._read(prompt), prompt.revision
        return await self._changed(prompt, {"archived_at": None}, by=by)

    async def _changed(self, prompt: Prompt, values: Mapping[str, Any], *, by: AuthContext) -> tuple[PromptRead, int]:
        audit = {"updated_at": self._clock.now(), "updated_by": by.subject}
        changed = await self._prompts.change(prompt.id, {**values, **audit})
        await self._prompts.tell([prompt.name])
        return await self._read(changed), changed.revision

    async def _moved(
        self,
        prompt: Prompt,
        label: str,
        version: int,
        *,
        kind: MoveKind,
        note: str,
        by: AuthContext,
        undoes: int | None = None,
        follows: bool | None = None,
    ) -> tuple[PromptRead, int]:
        found = [one for one in await self._prompts.labels([prompt.id]) if one.label == label]
        before = found[0] if found else None
        released = label == PRODUCTION and version == prompt.release_version
        where = {"prompt_id": prompt.id, "label": label, "moved_at": self._clock.now(), "moved_by": by.subject}
        await self._prompts.note_move(
            {
                **where,
                "kind": kind.value,
                "from_version": before.version if before else None,
                "to_version": version,
                "followed_release": before.follows_release if before else False,
                "undoes": undoes,
                "note": note,
            }
        )
        follow = released if follows is None else follows
        await self._prompts.point({**where, "version": version, "follows_release": follow})
        return await self._changed(prompt, {}, by=by)

    async def _existing(self, name: str, *, lock: bool = False) -> Prompt:
        prompt = await self._prompts.get(name, lock=lock)
        if prompt is None:
            raise PromptNotFound(name)
        return prompt

    async def _version(self, prompt: Prompt, number: int) -> PromptVersion:
        version = await self._prompts.version(prompt.id, number)
        if version is None:
            raise PromptVersionNotFound(prompt.name, number)
        return version

    async def _read(self, prompt: Prompt) -> PromptRead:
        labels = await self._prompts.labels([prompt.id])
        live = next((one for one in labels if one.label == PRODUCTION), None)
        version = await self._prompts.version(prompt.id, live.version) if live else None
        own = live is not None and prompt.release_version is not None and not live.follows_release
        return PromptRead(
            **_summary(prompt, labels).model_dump(),
            overrides_release=own,
            falls_back=version is not None and not fits_release(prompt.name, content_of(version).variables),
            versions=[VersionSummary.model_validate(row) for row in await self._prompts.versions(prompt.id)],
            moves=[MoveRead.model_validate(move) for move in await self._prompts.moves(prompt.id)],
        )


class PromptTrial:
    """Tries a version with a model. No transaction is open while the model thinks."""

    def __init__(self, sessionmaker: SessionFactory, models: Caller) -> None:
        self._sessionmaker = sessionmaker
        self._models = models

    async def run(self, name: str, test: PromptTest, *, by: AuthContext) -> PromptTestRead:
        """One real call, which counts against the caller's budgets. Raises what `Caller.chat` raises."""
        version = await self._chosen(name, test)
        content = content_of(version)
        parts = render(content.body, content.variables, {key: _value(one) for key, one in test.variables.items()})
        ref = PromptRef(name=name, version=version.number, sha256=content.sha256)
        rendered = Rendered(system=parts.system, user=parts.user, ref=ref)
        started = time.perf_counter()
        answer = await self._models.chat(
            ChatRequest(messages=rendered.messages, max_output_tokens=test.max_output_tokens),
            context=CallContext(purpose=Purpose.PROMPT_TEST, user=by.subject, prompt=ref),
        )
        return PromptTestRead(
            version=version.number,
            sha256=content.sha256,
            system=parts.system,
            user=parts.user,
            text=answer.text,
            finish_reason=answer.finish_reason,
            provider=answer.provider,
            model=answer.model,
            input_tokens=answer.usage.input_tokens,
            output_tokens=answer.usage.output_tokens,
            estimated=answer.usage.estimated,
            seconds=round(time.perf_counter() - started, 3),
        )

    async def _chosen(self, name: str, test: PromptTest) -> PromptVersion:
        async with read_transaction(self._sessionmaker) as session:
            prompts = PromptRepository(session)
            if test.version is None:
                label = test.label or PRODUCTION
                there, version = await prompts.labelled(name, label)
                if version is None:
                    raise PromptLabelNotFound(name, label) if there else PromptNotFound(name)
                return version
            prompt = await prompts.get(name)
            version = await prompts.version(prompt.id, test.version) if prompt else None
            if version is None:
                raise PromptVersionNotFound(name, test.version) if prompt else PromptNotFound(name)
            return version


def _checked(body: str, variables: Sequence[VariableShape] | Sequence[Variable]) -> PromptText:
    declared = [Variable(one.name, one.type, one.required, one.description) for one in variables]
    content = prompt_text(body, declared)
    check_template(content.body, content.variables)
    return content


def _value(value: TestValue) -> Any:
    if isinstance(value, list):
        return [one.passage() for one in value]
    return value


def _summary(prompt: Prompt, labels: Sequence[PromptLabel]) -> PromptSummary:
    names = PromptSummary.model_fields.keys() - {"labels"}
    values = {name: getattr(prompt, name) for name in names}
    return PromptSummary(**values, labels=[LabelRead.model_validate(label) for label in labels])


def _version_read(version: PromptVersion) -> VersionRead:
    variables = [VariableRead.model_validate(one) for one in content_of(version).variables]
    summary = VersionSummary.model_validate(version)
    return VersionRead(**summary.model_dump(), body=version.body, variables=variables)


def _shown(variables: Sequence[Any]) -> str:
    return json.dumps(variables, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _unified(before: str, after: str, titles: tuple[str, str]) -> str:
    return "".join(difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), *titles))
