"""Shapes of prompts: what files declare, what the API takes and gives."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ai_svc.brain.chat import ChatMessage, FinishReason, PromptRef
from ai_svc.brain.purposes import Purpose
from ai_svc.brain.schemas import ProviderName
from ai_svc.brain.templates import MAX_BODY, Passage, Variable, VariableType
from ai_svc.inputs import Input, Note, StorableText, Title

PRODUCTION: Final = "production"
"""The label that calls are made with."""
NAME_PATTERN: Final = r"^[a-z][a-z0-9_]{0,39}(\.[a-z0-9_]{1,40}){0,3}$"
LABEL_PATTERN: Final = r"^[a-z][a-z0-9_-]{0,39}$"
MAX_TEST_VALUE: Final = 200_000

PromptName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
PromptBody = Annotated[StorableText, StringConstraints(min_length=1, max_length=MAX_BODY, strip_whitespace=False)]
VersionNumber = Annotated[int, Field(ge=1, le=1_000_000_000)]


@dataclass(frozen=True, slots=True)
class PromptText:
    """The content of a version: equal content has the same sha256."""

    body: str
    variables: tuple[Variable, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A prompt as the release's file has it."""

    name: str
    description: str
    purpose: str
    language: str
    content: PromptText


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt with its variables filled in, and which version it was, for `CallContext.prompt`."""

    system: str
    user: str | None
    ref: PromptRef

    @property
    def text(self) -> str:
        """All of it as one text."""
        return self.system if self.user is None else f"{self.system}\n\n{self.user}"

    @property
    def messages(self) -> tuple[ChatMessage, ...]:
        """The same as messages: the rules as the system's, the material as the user's."""
        system = ChatMessage(role="system", content=self.system)
        return (system,) if self.user is None else (system, ChatMessage(role="user", content=self.user))


class Origin(StrEnum):
    """Who wrote a version: a release's file, or a person."""

    RELEASE = "release"
    PERSON = "person"


class MoveKind(StrEnum):
    """Why a label moved: a release brought a new version, a person chose one, or a person undid a move."""

    RELEASE = "release"
    MOVE = "move"
    ROLLBACK = "rollback"


class VariableShape(Input):
    """A hole in a prompt, written `{{name}}`.

    `text` is inserted as it is. `fenced` and `fenced_list` stand between lines that the text itself cannot forge: use
    them for whatever comes from documents or from people who are not asking.
    """

    model_config = ConfigDict(from_attributes=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")] = Field(examples=["question"])
    type: VariableType
    required: bool = True
    description: Note = ""


class VariableRead(BaseModel):
    """A hole in a prompt."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    name: str
    type: VariableType
    required: bool
    description: str


class VersionWrite(Input):
    """A new version. Without `variables` it has those of the newest version."""

    body: PromptBody = Field(
        description="The text; above a line `--- user ---` are the rules, below it the user's message.",
        examples=["Resuma em português do Brasil, em {{max_words}} palavras.\n--- user ---\n{{text}}"],
    )
    variables: list[VariableShape] | None = Field(default=None, max_length=30)
    note: Note = Field(default="", description="Why, for whoever reads the history.")


class PromptWrite(Input):
    """A new prompt with its first version, at which `production` points."""

    name: PromptName = Field(examples=["time.resumo_diario"])
    description: Note = ""
    purpose: Purpose = Purpose.OTHER
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "pt-BR"
    body: PromptBody
    variables: list[VariableShape] = Field(default=[], max_length=30)
    note: Note = ""


class PromptDescribe(Input):
    """What a prompt is for."""

    description: Note = Field(examples=["O resumo da noite para a mesa."])
    purpose: Purpose


class LabelMove(Input):
    """Where a label is to point."""

    version: Annotated[VersionNumber, Field(examples=[3])]
    note: Note = ""


class Rollback(Input):
    """Why a move is undone."""

    note: Note = Field(default="", examples=["A versão 4 esquece os valores."])


class PassageValue(Input):
    """One item of a `fenced_list`, with the title of where it comes from."""

    text: Annotated[StorableText, StringConstraints(max_length=MAX_TEST_VALUE, strip_whitespace=False)]
    title: Title | None = None

    def passage(self) -> Passage:
        return Passage(text=self.text, title=self.title or "")


TestValue = (
    Annotated[StorableText, StringConstraints(max_length=MAX_TEST_VALUE, strip_whitespace=False)]
    | Annotated[int, Field(strict=True, ge=-(10**15), le=10**15)]
    | list[PassageValue]
    | None
)


class PromptTest(Input):
    """A test of one version, or of the one that a label points at. It is a real call and counts against budgets."""

    version: VersionNumber | None = None
    label: Annotated[str, StringConstraints(pattern=LABEL_PATTERN)] | None = None
    variables: dict[str, TestValue] = Field(default={}, max_length=30, examples=[{"question": "Quando?"}])
    max_output_tokens: int = Field(default=512, ge=1, le=4096)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.version is not None and self.label is not None:
            raise ValueError("give version or label, not both")
        return self


class LabelRead(BaseModel):
    """Where a label points. One that follows the release moves when a release brings a new version; others stay."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    label: str
    version: int
    follows_release: bool
    moved_at: datetime
    moved_by: str


class MoveRead(BaseModel):
    """One move of a label."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: int
    label: str
    kind: MoveKind
    from_version: int | None
    to_version: int
    undoes: int | None
    note: str
    moved_at: datetime
    moved_by: str


class VersionSummary(BaseModel):
    """A version without its text."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    number: int
    sha256: str
    origin: Origin
    note: str
    created_at: datetime
    created_by: str


class VersionRead(VersionSummary):
    """A version. It never changes."""

    body: str
    variables: list[VariableRead]


class PromptSummary(BaseModel):
    """A prompt. `release_version` is what the running release brought; null for prompts that people made."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    name: str
    description: str
    purpose: str
    language: str
    release_version: int | None
    archived_at: datetime | None
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    labels: list[LabelRead]


class PromptRead(PromptSummary):
    """A prompt with its newest 200 versions and moves.

    `overrides_release` when the version in production is a person's choice: a release does not change it, only shows
    its own as `release_version`. `falls_back` when that choice does not take the variables that the running release
    gives: the release's own text is used until a fitting version is in production.
    """

    overrides_release: bool
    falls_back: bool
    versions: list[VersionSummary]
    moves: list[MoveRead]


class PromptDiff(BaseModel):
    """What changed between two versions, as unified diffs; empty where nothing did."""

    model_config = ConfigDict(frozen=True)

    from_version: int
    to_version: int
    body: str
    variables: str


class PromptTestRead(BaseModel):
    """What the model answered, what it was sent, and what that used."""

    model_config = ConfigDict(frozen=True)

    version: int
    sha256: str
    system: str
    user: str | None
    text: str
    finish_reason: FinishReason
    provider: ProviderName
    model: str
    input_tokens: int
    output_tokens: int
    estimated: bool
    seconds: float
