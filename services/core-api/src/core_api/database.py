"""The schema `core`: the declarative base of every module, and the outbox and inbox that they share."""

from sqlalchemy import text
from sqlalchemy.orm import DeclarativeBase

from shared_utils.db.base import TYPE_MAP, metadata_for
from shared_utils.db.outbox import inbox_table, outbox_table

SCHEMA = "core"
SERVICE = "core-api"


class Base(DeclarativeBase):
    metadata = metadata_for(SCHEMA)
    type_annotation_map = TYPE_MAP


OUTBOX = outbox_table(Base.metadata, SCHEMA)
INBOX = inbox_table(Base.metadata, SCHEMA)

PLAN_ONCE = text("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)")
"""For a transaction of statements on years of partitions: planned once per connection, not with every request.

Making a plan for forty partitions takes longer than following it. Statements that run after this must not depend on
knowing their parameters for a good plan.
"""

WAKE_CHANNEL = "core_wake"
"""Whoever makes work due or frees capacity notifies this channel in the same transaction."""

OUTBOX_CHANNEL = "core_outbox"
"""Wakes the relay: there are new rows in the outbox."""

CONTROL_CHANNEL = "core_control"
"""Wakes schedulers: a person asked something of them."""

LOG_CHANNEL = "core_logs"
"""Wakes readers of live logs; the payload is the execution's id."""
