"""Budgets, prices and calls to models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

USD = sa.Numeric(20, 9)
ZERO = sa.text("0")
AT = sa.DateTime(timezone=True)

# The counters of a call are locked in one order (budget, subject, period), so that no two calls wait for each other.
# Every statement of a function sees what was committed before it began: after the locks, the numbers stand still.
RESERVE = """
CREATE FUNCTION ai.reserve_call(
    p_id uuid, p_at timestamptz, p_expires_at timestamptz, p_purpose text,
    p_user text, p_api_key text, p_team text, p_agent text,
    p_prompt_name text, p_prompt_version bigint, p_prompt_sha256 text,
    p_provider text, p_model text, p_input_tokens bigint, p_output_tokens bigint, p_exempt boolean
) RETURNS TABLE (
    refusal text, usd numeric, budget_id uuid, budget_name text, subject_kind text, period text, resets_at timestamptz
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    price record;
    tokens bigint := p_input_tokens + p_output_tokens;
    cost numeric(20, 9) := 0;
    ids uuid[]; subjects text[]; starts date[]; money_matters boolean; refused record;
BEGIN
    SELECT p.input_usd, p.output_usd INTO price FROM ai.model_prices p
    WHERE p.provider = p_provider AND p.valid_from <= p_at
        AND p_model LIKE replace(replace(replace(replace(p.model, '\\', '\\\\'), '%', '\\%'), '_', '\\_'), '*', '%')
    ORDER BY position('*' IN p.model) > 0, length(p.model) DESC, p.valid_from DESC LIMIT 1;
    IF price.input_usd IS NOT NULL THEN
        cost := ceil((p_input_tokens * price.input_usd + p_output_tokens * price.output_usd) * 1000) / 1000000000;
    END IF;

    SELECT array_agg(a.id ORDER BY a.id), array_agg(a.subject ORDER BY a.id), array_agg(a.start ORDER BY a.id),
        COALESCE(bool_or(a.hard AND a.limit_usd IS NOT NULL), false)
    INTO ids, subjects, starts, money_matters
    FROM (
        SELECT b.id, b.hard, b.limit_usd,
            CAST(date_trunc(b.period, p_at AT TIME ZONE 'America/Sao_Paulo') AS date) AS start,
            CASE b.subject_kind WHEN 'everything' THEN '' WHEN 'user' THEN p_user WHEN 'api_key' THEN p_api_key
                WHEN 'team' THEN p_team WHEN 'agent' THEN p_agent END AS subject, b.subject AS only
        FROM ai.budgets b
    ) a WHERE NOT p_exempt AND a.subject IS NOT NULL AND (a.only IS NULL OR a.only = a.subject);

    IF money_matters AND price.input_usd IS NULL THEN
        RETURN QUERY SELECT 'price_unknown', NULL::numeric, b.id, b.name, b.subject_kind, b.period, NULL::timestamptz
        FROM ai.budgets b WHERE b.id = ANY (ids) AND b.hard AND b.limit_usd IS NOT NULL ORDER BY b.id LIMIT 1;
        RETURN;
    END IF;

    IF ids IS NOT NULL THEN
        INSERT INTO ai.budget_usage (budget_id, subject, period_start)
        SELECT k.* FROM unnest(ids, subjects, starts) k (budget_id, subject, period_start)
        ORDER BY k.budget_id, k.subject, k.period_start ON CONFLICT DO NOTHING;

        PERFORM 1 FROM ai.budget_usage u
        JOIN unnest(ids, subjects, starts) k (budget_id, subject, period_start)
            ON u.budget_id = k.budget_id AND u.subject = k.subject AND u.period_start = k.period_start
        ORDER BY u.budget_id, u.subject, u.period_start FOR UPDATE OF u;

        SELECT b.id, b.name, b.subject_kind, b.period, u.period_start INTO refused
        FROM ai.budget_usage u
        JOIN unnest(ids, subjects, starts) k (budget_id, subject, period_start)
            ON u.budget_id = k.budget_id AND u.subject = k.subject AND u.period_start = k.period_start
        JOIN ai.budgets b ON b.id = u.budget_id
        WHERE b.hard AND (
            u.used_tokens + u.reserved_tokens + tokens > b.limit_tokens
            OR u.used_usd + u.reserved_usd + cost > b.limit_usd)
        ORDER BY b.id LIMIT 1;
        IF refused.id IS NOT NULL THEN
            RETURN QUERY SELECT 'exceeded', cost, refused.id, refused.name, refused.subject_kind, refused.period,
                (refused.period_start + CAST('1 ' || refused.period AS interval)) AT TIME ZONE 'America/Sao_Paulo';
            RETURN;
        END IF;

        UPDATE ai.budget_usage u
        SET reserved_tokens = u.reserved_tokens + tokens, reserved_usd = u.reserved_usd + cost
        FROM unnest(ids, subjects, starts) k (budget_id, subject, period_start)
        WHERE u.budget_id = k.budget_id AND u.subject = k.subject AND u.period_start = k.period_start;
    END IF;

    INSERT INTO ai.call_reservations (
        id, at, expires_at, purpose, user_id, api_key, team, agent, prompt_name, prompt_version, prompt_sha256,
        provider, model, input_tokens, output_tokens, usd, input_usd, output_usd, budget_ids, subjects, period_starts)
    VALUES (p_id, p_at, p_expires_at, p_purpose, p_user, p_api_key, p_team, p_agent,
        p_prompt_name, p_prompt_version, p_prompt_sha256, p_provider, p_model, p_input_tokens, p_output_tokens, cost,
        price.input_usd, price.output_usd,
        COALESCE(ids, '{}'), COALESCE(subjects, '{}'), COALESCE(starts, '{}'));
    RETURN QUERY SELECT NULL::text, cost, NULL::uuid, NULL::text, NULL::text, NULL::text, NULL::timestamptz;
END $$
"""

# Settles one call, or what is left of calls whose process died: `p_ids` are settled with the given usage, or with all
# that was reserved when there is none. What somebody else is settling at this moment is left to them.
BOOK = """
CREATE FUNCTION ai.book_calls(
    p_ids uuid[], p_input_tokens bigint, p_output_tokens bigint, p_estimated boolean, p_outcome text,
    p_seconds double precision, p_first_token_seconds double precision
) RETURNS TABLE (
    id uuid, purpose text, provider text, model text, input_tokens bigint, output_tokens bigint, usd numeric
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    mine uuid[];
BEGIN
    SELECT array_agg(l.id) INTO mine FROM (
        SELECT r.id FROM ai.call_reservations r WHERE r.id = ANY (p_ids) ORDER BY r.id FOR UPDATE SKIP LOCKED
    ) l;
    IF mine IS NULL THEN
        RETURN;
    END IF;

    PERFORM 1 FROM ai.budget_usage u
    JOIN (
        SELECT DISTINCT k.* FROM ai.call_reservations r,
            unnest(r.budget_ids, r.subjects, r.period_starts) k (budget_id, subject, period_start)
        WHERE r.id = ANY (mine)
    ) k ON u.budget_id = k.budget_id AND u.subject = k.subject AND u.period_start = k.period_start
    ORDER BY u.budget_id, u.subject, u.period_start FOR UPDATE OF u;

    UPDATE ai.budget_usage u
    SET reserved_tokens = u.reserved_tokens - s.reserved_tokens, reserved_usd = u.reserved_usd - s.reserved_usd,
        used_tokens = u.used_tokens + s.used_tokens, used_usd = u.used_usd + s.used_usd, calls = u.calls + s.calls
    FROM (
        SELECT k.budget_id, k.subject, k.period_start, count(*) AS calls,
            sum(c.reserved) AS reserved_tokens, sum(c.reserved_usd) AS reserved_usd,
            sum(c.input_tokens + c.output_tokens) AS used_tokens, sum(c.usd) AS used_usd
        FROM ai.booked(mine, p_input_tokens, p_output_tokens) c
        JOIN ai.call_reservations r ON r.id = c.id,
            unnest(r.budget_ids, r.subjects, r.period_starts) k (budget_id, subject, period_start)
        GROUP BY k.budget_id, k.subject, k.period_start
    ) s WHERE u.budget_id = s.budget_id AND u.subject = s.subject AND u.period_start = s.period_start;

    RETURN QUERY
    WITH logged AS (
        INSERT INTO ai.model_calls (
            id, at, purpose, user_id, api_key, team, agent, prompt_name, prompt_version, prompt_sha256,
            provider, model, input_tokens, output_tokens, estimated, usd, priced, outcome, seconds, first_token_seconds)
        SELECT r.id, r.at, r.purpose, r.user_id, r.api_key, r.team, r.agent,
            r.prompt_name, r.prompt_version, r.prompt_sha256, r.provider, r.model,
            c.input_tokens, c.output_tokens, p_estimated, c.usd, r.input_usd IS NOT NULL, p_outcome,
            p_seconds, p_first_token_seconds
        FROM ai.booked(mine, p_input_tokens, p_output_tokens) c JOIN ai.call_reservations r ON r.id = c.id
        RETURNING ai.model_calls.*
    ), gone AS (
        DELETE FROM ai.call_reservations r WHERE r.id = ANY (mine)
    )
    SELECT l.id, l.purpose, l.provider, l.model, l.input_tokens, l.output_tokens, l.usd FROM logged l;
END $$
"""

# What is booked for reservations: the usage and its price, rounded up to a billionth of a dollar.
BOOKED = """
CREATE FUNCTION ai.booked(p_ids uuid[], p_input_tokens bigint, p_output_tokens bigint) RETURNS TABLE (
    id uuid, reserved bigint, reserved_usd numeric, input_tokens bigint, output_tokens bigint, usd numeric
) LANGUAGE sql STABLE AS $$
    SELECT r.id, r.input_tokens + r.output_tokens, r.usd, b.input_tokens, b.output_tokens,
        CAST(COALESCE(
            ceil((b.input_tokens * r.input_usd + b.output_tokens * r.output_usd) * 1000) / 1000000000, 0)
            AS numeric(20, 9))
    FROM ai.call_reservations r CROSS JOIN LATERAL (
        SELECT COALESCE(p_input_tokens, r.input_tokens) AS input_tokens,
            COALESCE(p_output_tokens, r.output_tokens) AS output_tokens
    ) b WHERE r.id = ANY (p_ids)
$$
"""

# For tables whose rows are written once.
REFUSE = """
CREATE FUNCTION ai.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are written once', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    _budgets()
    _prices()
    _reservations()
    _calls()
    for statement in (RESERVE, BOOKED, BOOK):
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION ai.book_calls(uuid[], bigint, bigint, boolean, text, double precision, double precision)")
    op.execute("DROP FUNCTION ai.booked(uuid[], bigint, bigint)")
    op.execute(
        "DROP FUNCTION ai.reserve_call(uuid, timestamptz, timestamptz, text, text, text, text, text, text, bigint, text, "
        "text, text, bigint, bigint, boolean)"
    )
    for table in ("model_calls", "call_reservations", "model_prices", "budget_usage", "budgets"):
        op.drop_table(table, schema="ai")
    op.execute("DROP FUNCTION ai.refuse_change()")


def _budgets() -> None:
    op.create_table(
        "budgets",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text()),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("limit_tokens", sa.BigInteger()),
        sa.Column("limit_usd", USD),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("updated_at", AT, nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("subject_kind IN ('everything', 'user', 'api_key', 'team', 'agent')", name="subject_kind"),
        sa.CheckConstraint("subject_kind <> 'everything' OR subject IS NULL", name="subject"),
        sa.CheckConstraint("period IN ('day', 'month')", name="period"),
        sa.CheckConstraint("limit_tokens IS NOT NULL OR limit_usd IS NOT NULL", name="limited"),
        sa.CheckConstraint("limit_tokens >= 0 AND limit_usd >= 0", name="limits"),
        sa.PrimaryKeyConstraint("id", name="pk_budgets"),
        sa.UniqueConstraint("name", name="uq_budgets_name"),
        schema="ai",
    )
    op.create_table(
        "budget_usage",
        # No foreign key: a call that is reserved while its budget goes must not fail. Such a counter goes with time.
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("reserved_tokens", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("used_tokens", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column("reserved_usd", USD, server_default=ZERO, nullable=False),
        sa.Column("used_usd", USD, server_default=ZERO, nullable=False),
        sa.Column("calls", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.CheckConstraint(
            "reserved_tokens >= 0 AND used_tokens >= 0 AND reserved_usd >= 0 AND used_usd >= 0", name="counts"
        ),
        sa.PrimaryKeyConstraint("budget_id", "subject", "period_start", name="pk_budget_usage"),
        schema="ai",
    )
    op.create_index("ix_budget_usage_period_start", "budget_usage", ["period_start"], schema="ai")


def _prices() -> None:
    op.create_table(
        "model_prices",
        sa.Column("id", sa.Uuid(), server_default=sa.text("uuidv7()"), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("input_usd", USD, nullable=False),
        sa.Column("output_usd", USD, nullable=False),
        sa.Column("valid_from", AT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint("input_usd >= 0 AND output_usd >= 0", name="prices"),
        sa.PrimaryKeyConstraint("id", name="pk_model_prices"),
        sa.UniqueConstraint("provider", "model", "valid_from", name="uq_model_prices_provider_model_valid_from"),
        schema="ai",
    )


def _attribution() -> list[sa.Column[object]]:
    """For whom, for what and with whom a call is made."""
    return [
        sa.Column("at", AT, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("api_key", sa.Text()),
        sa.Column("team", sa.Text()),
        sa.Column("agent", sa.Text()),
        sa.Column("prompt_name", sa.Text()),
        sa.Column("prompt_version", sa.BigInteger()),
        sa.Column("prompt_sha256", sa.Text()),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("usd", USD, nullable=False),
    ]


def _reservations() -> None:
    op.create_table(
        "call_reservations",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_attribution(),
        sa.Column("input_usd", USD),
        sa.Column("output_usd", USD),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("budget_ids", ARRAY(sa.Uuid()), nullable=False),
        sa.Column("subjects", ARRAY(sa.Text()), nullable=False),
        sa.Column("period_starts", ARRAY(sa.Date()), nullable=False),
        sa.CheckConstraint("input_tokens >= 0 AND output_tokens >= 0", name="tokens"),
        sa.PrimaryKeyConstraint("id", name="pk_call_reservations"),
        schema="ai",
    )
    op.create_index("ix_call_reservations_expires_at", "call_reservations", ["expires_at"], schema="ai")


def _calls() -> None:
    op.create_table(
        "model_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_attribution(),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        sa.Column("priced", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Double()),
        sa.Column("first_token_seconds", sa.Double()),
        sa.CheckConstraint("input_tokens >= 0 AND output_tokens >= 0", name="tokens"),
        sa.PrimaryKeyConstraint("id", name="pk_model_calls"),
        schema="ai",
    )
    op.create_index("ix_model_calls_at", "model_calls", ["at"], schema="ai")
    op.create_index("ix_model_calls_user_id_at", "model_calls", ["user_id", "at"], schema="ai")
    op.execute(REFUSE)
    op.execute(
        "CREATE TRIGGER model_calls_stay BEFORE UPDATE ON ai.model_calls FOR EACH ROW EXECUTE FUNCTION ai.refuse_change()"
    )
