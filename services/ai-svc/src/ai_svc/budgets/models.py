"""Tables of the books. Money is in US dollars, prices in US dollars per million tokens."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, Double, Index, Numeric, Text, UniqueConstraint, Uuid, func, text
from sqlalchemy.orm import Mapped, mapped_column

from ai_svc.database import Base

_ZERO = text("0")


def _usd(**options: Any) -> Mapped[Any]:
    return mapped_column(Numeric(20, 9), **options)


class Budget(Base):
    """What may be used in a period. Without a `subject` each user (key, team, agent) has the limits for itself."""

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint("subject_kind IN ('everything', 'user', 'api_key', 'team', 'agent')", name="subject_kind"),
        CheckConstraint("subject_kind <> 'everything' OR subject IS NULL", name="subject"),
        CheckConstraint("period IN ('day', 'month')", name="period"),
        CheckConstraint("limit_tokens IS NOT NULL OR limit_usd IS NOT NULL", name="limited"),
        CheckConstraint("limit_tokens >= 0 AND limit_usd >= 0", name="limits"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    name: Mapped[str] = mapped_column(Text, unique=True)
    subject_kind: Mapped[str]
    subject: Mapped[str | None]
    period: Mapped[str]
    limit_tokens: Mapped[int | None]
    limit_usd: Mapped[Decimal | None] = _usd()
    hard: Mapped[bool]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime]
    created_by: Mapped[str]
    updated_at: Mapped[datetime]
    updated_by: Mapped[str]


class BudgetUsage(Base):
    """The counters of a budget's subject in a period; `subject` is empty for budgets of everything."""

    __tablename__ = "budget_usage"
    __table_args__ = (
        CheckConstraint(
            "reserved_tokens >= 0 AND used_tokens >= 0 AND reserved_usd >= 0 AND used_usd >= 0", name="counts"
        ),
        Index("ix_budget_usage_period_start", "period_start"),
    )

    budget_id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    period_start: Mapped[date] = mapped_column(Date, primary_key=True)
    reserved_tokens: Mapped[int] = mapped_column(server_default=_ZERO)
    used_tokens: Mapped[int] = mapped_column(server_default=_ZERO)
    reserved_usd: Mapped[Decimal] = _usd(server_default=_ZERO)
    used_usd: Mapped[Decimal] = _usd(server_default=_ZERO)
    calls: Mapped[int] = mapped_column(server_default=_ZERO)


class ModelPrice(Base):
    """What a provider asks, per million tokens. `model` may hold stars: the most exact, then the newest one counts."""

    __tablename__ = "model_prices"
    __table_args__ = (
        CheckConstraint("input_usd >= 0 AND output_usd >= 0", name="prices"),
        UniqueConstraint("provider", "model", "valid_from"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=func.uuidv7())
    provider: Mapped[str]
    model: Mapped[str]
    input_usd: Mapped[Decimal] = _usd()
    output_usd: Mapped[Decimal] = _usd()
    valid_from: Mapped[datetime]
    source: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class _Attribution:
    """For whom, for what and with whom a call is made."""

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    purpose: Mapped[str]
    user_id: Mapped[str]
    api_key: Mapped[str | None]
    team: Mapped[str | None]
    agent: Mapped[str | None]
    prompt_name: Mapped[str | None]
    prompt_version: Mapped[int | None]
    prompt_sha256: Mapped[str | None]
    provider: Mapped[str]
    model: Mapped[str]
    input_tokens: Mapped[int]
    output_tokens: Mapped[int]
    usd: Mapped[Decimal] = _usd()


class CallReservation(_Attribution, Base):
    """A call that is being made: what is set aside for it, at which prices, and on which counters."""

    __tablename__ = "call_reservations"
    __table_args__ = (
        CheckConstraint("input_tokens >= 0 AND output_tokens >= 0", name="tokens"),
        Index("ix_call_reservations_expires_at", "expires_at"),
    )

    input_usd: Mapped[Decimal | None] = _usd()
    output_usd: Mapped[Decimal | None] = _usd()
    expires_at: Mapped[datetime]
    budget_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    subjects: Mapped[list[str]] = mapped_column(ARRAY(Text))
    period_starts: Mapped[list[date]] = mapped_column(ARRAY(Date))


class ModelCall(_Attribution, Base):
    """A call that was made, never its content. `estimated` when the provider did not say what it used."""

    __tablename__ = "model_calls"
    __table_args__ = (
        CheckConstraint("input_tokens >= 0 AND output_tokens >= 0", name="tokens"),
        Index("ix_model_calls_at", "at"),
        Index("ix_model_calls_user_id_at", "user_id", "at"),
    )

    estimated: Mapped[bool]
    priced: Mapped[bool]
    outcome: Mapped[str]
    seconds: Mapped[float | None] = mapped_column(Double)
    first_token_seconds: Mapped[float | None] = mapped_column(Double)
