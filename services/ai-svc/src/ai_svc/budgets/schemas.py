"""Shapes of budgets, prices and usage. Money is in US dollars."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ai_svc.brain.schemas import ProviderName
from ai_svc.inputs import Input, StorableText, Title

MAX_TOKENS = 10**15
Usd = Annotated[Decimal, Field(ge=0, le=1_000_000_000, max_digits=18, decimal_places=9)]
Tokens = Annotated[int, Field(ge=0, le=MAX_TOKENS, strict=True)]
ModelPattern = Annotated[StorableText, StringConstraints(min_length=1, max_length=200, pattern=r"^\S+$")]


class SubjectKind(StrEnum):
    """Whose calls a budget is about."""

    EVERYTHING = "everything"
    USER = "user"
    API_KEY = "api_key"
    TEAM = "team"
    AGENT = "agent"


class Period(StrEnum):
    """Days and months begin at midnight in America/Sao_Paulo."""

    DAY = "day"
    MONTH = "month"


class BudgetWrite(Input):
    """A budget. Calls count against every budget that applies to them; a `hard` one refuses what does not fit.

    Without a `subject` each user (key, team, agent) has the limits for itself.
    """

    name: Title = Field(examples=["Cada pessoa, por dia"])
    subject_kind: SubjectKind
    subject: Title | None = Field(default=None, examples=["ana"])
    period: Period
    limit_tokens: Tokens | None = Field(default=None, examples=[200_000])
    limit_usd: Usd | None = Field(default=None, examples=["5.00"])
    hard: bool = True

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.limit_tokens is None and self.limit_usd is None:
            raise ValueError("give limit_tokens, limit_usd, or both")
        if self.subject_kind is SubjectKind.EVERYTHING and self.subject is not None:
            raise ValueError("a budget of everything has no subject")
        return self


class Spent(BaseModel):
    """What a subject has used in the running period, and what is set aside for calls that are being made."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    subject: str
    used_tokens: int
    reserved_tokens: int
    used_usd: Decimal
    reserved_usd: Decimal
    calls: int


class BudgetRead(BaseModel):
    """A budget. `spent` has the ten subjects that used most in the running period."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    name: str
    subject_kind: SubjectKind
    subject: str | None
    period: Period
    limit_tokens: int | None
    limit_usd: Decimal | None
    hard: bool
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str
    period_start: date
    resets_at: datetime
    spent: list[Spent]


class PriceWrite(Input):
    """A price per million tokens. `source` says where it was read: prices change without notice, so check them."""

    provider: ProviderName
    model: ModelPattern = Field(description="A model's name; a star stands for any text.", examples=["my-model-*"])
    input_usd: Usd
    output_usd: Usd
    valid_from: AwareDatetime | None = Field(default=None, description="Left out, it counts from now on.")
    source: Title = Field(examples=["contrato 12/2026"])


class PriceRead(BaseModel):
    """A price per million tokens."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    id: UUID
    provider: ProviderName
    model: str
    input_usd: Decimal
    output_usd: Decimal
    valid_from: datetime
    source: str
    created_at: datetime
    created_by: str


class UsageBy(StrEnum):
    """What usage can be told apart by. A `day` begins at midnight in America/Sao_Paulo."""

    DAY = "day"
    PURPOSE = "purpose"
    PROVIDER = "provider"
    MODEL = "model"
    USER = "user"
    API_KEY = "api_key"
    TEAM = "team"
    AGENT = "agent"
    PROMPT = "prompt"
    OUTCOME = "outcome"


class UsageRow(BaseModel):
    """What calls with the same `group` used. `group` has one text, or null, for each name that was asked for.

    A prompt is told by its name and version. `unpriced_calls` cost money that the books do not know.
    """

    model_config = ConfigDict(from_attributes=True, frozen=True)

    group: dict[str, str | None]
    calls: int
    failed_calls: int
    input_tokens: int
    output_tokens: int
    estimated_calls: int
    usd: Decimal
    unpriced_calls: int
    seconds: float


class UsageMeta(BaseModel):
    """The question, as it was answered. `truncated` when there were more groups than the limit."""

    model_config = ConfigDict(frozen=True)

    since: datetime
    until: datetime
    group_by: list[UsageBy]
    user: str | None
    currency: Literal["USD"]
    truncated: bool


class BudgetMine(BaseModel):
    """A budget that applies to you, and how much of it is left; `left_*` is null where there is no limit."""

    model_config = ConfigDict(frozen=True)

    name: str
    subject_kind: SubjectKind
    period: Period
    limit_tokens: int | None
    left_tokens: int | None
    limit_usd: Decimal | None
    left_usd: Decimal | None
    hard: bool
    resets_at: datetime
