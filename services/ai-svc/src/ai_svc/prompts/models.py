from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ai_svc.database import Base


class Prompt(Base):
    """A name under which versions gather. `release_version` is the one that the running release brought, if any."""

    __tablename__ = "prompts"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
    purpose: Mapped[str]
    language: Mapped[str]
    release_version: Mapped[int | None]
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class PromptVersion(Base):
    """A text and its variables, written once: a trigger refuses changes. Equal content is the same version."""

    __tablename__ = "prompt_versions"
    __table_args__ = (
        CheckConstraint("origin IN ('release', 'person')", name="origin"),
        UniqueConstraint("prompt_id", "sha256"),
    )

    prompt_id: Mapped[UUID] = mapped_column(ForeignKey(Prompt.id), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str]
    variables: Mapped[list[Any]]
    sha256: Mapped[str]
    origin: Mapped[str]
    note: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class PromptLabel(Base):
    """Which version a label points at. One that follows the release moves with it; a person's choice stays."""

    __tablename__ = "prompt_labels"
    __table_args__ = (ForeignKeyConstraint(["prompt_id", "version"], [PromptVersion.prompt_id, PromptVersion.number]),)

    prompt_id: Mapped[UUID] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    follows_release: Mapped[bool]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]


class PromptLabelMove(Base):
    """One move of a label, written once. A rollback names the move that it undoes."""

    __tablename__ = "prompt_label_moves"
    __table_args__ = (
        CheckConstraint("kind IN ('release', 'move', 'rollback')", name="kind"),
        CheckConstraint("(kind = 'rollback') = (undoes IS NOT NULL)", name="undoes"),
        Index("ix_prompt_label_moves_prompt_id_label_id", "prompt_id", "label", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    prompt_id: Mapped[UUID] = mapped_column(ForeignKey(Prompt.id))
    label: Mapped[str]
    kind: Mapped[str]
    from_version: Mapped[int | None]
    to_version: Mapped[int]
    followed_release: Mapped[bool]
    undoes: Mapped[int | None]
    note: Mapped[str]
    moved_at: Mapped[datetime]
    moved_by: Mapped[str]
