"""The list of routers."""

from fastapi import APIRouter

from core_api.modules.access.router import router as access
from core_api.modules.actions.router import router as actions
from core_api.modules.artifacts.router import internal_artifacts
from core_api.modules.artifacts.router import router as artifacts
from core_api.modules.attempts.router import internal_executions, internal_workers
from core_api.modules.attempts.router import router as attempts
from core_api.modules.backfills.router import router as backfills
from core_api.modules.calendars.router import internal_calendars
from core_api.modules.calendars.router import router as calendars
from core_api.modules.channels.router import router as channels
from core_api.modules.channels.router import rules as notification_rules
from core_api.modules.daily_loads.router import loads, scheduler
from core_api.modules.day_changes.router import calendars as calendar_previews
from core_api.modules.day_changes.router import day_groups as day_group_previews
from core_api.modules.day_groups.router import router as day_groups
from core_api.modules.deadlines.router import router as deadlines
from core_api.modules.definitions.router import router as definitions
from core_api.modules.hooks.router import hooks
from core_api.modules.hooks.router import secrets as hook_secrets
from core_api.modules.incidents.router import router as incidents
from core_api.modules.knowledge.router import internal_knowledge
from core_api.modules.live.router import events
from core_api.modules.live.router import logs as live_logs
from core_api.modules.monitor.router import scheduler as monitor
from core_api.modules.monitor.router import workers
from core_api.modules.notifications.router import router as notifications
from core_api.modules.pools.router import router as pools
from core_api.modules.previews.router import routines as previews
from core_api.modules.previews.router import scheduler as day_previews
from core_api.modules.queue.router import internal_queue
from core_api.modules.queue.router import router as executions
from core_api.modules.routines.router import router as routines
from core_api.modules.runs.router import router as runs
from core_api.modules.schedulers.router import router as scheduler_logs
from core_api.modules.stats.router import of_routine as routine_stats
from core_api.modules.stats.router import router as stats
from core_api.modules.upkeep.router import internal as internal_maintenance
from core_api.modules.upkeep.router import router as maintenance
from core_api.modules.workers.router import router as jobs

PUBLIC: tuple[APIRouter, ...] = (
    *(
        access,
        routines,
        previews,
        day_previews,
        runs,
        executions,
        actions,
        attempts,
        artifacts,
        live_logs,
        scheduler,
        monitor,
        scheduler_logs,
    ),
    *(loads, backfills, jobs, workers, events),
    *(stats, routine_stats, maintenance),
    *(hooks, hook_secrets),
    *(day_groups, day_group_previews, calendars, calendar_previews, pools, definitions),
    *(incidents, deadlines, channels, notification_rules, notifications),
)
"""Served under `/api/v1` and under its alias `/api`."""

INTERNAL: tuple[APIRouter, ...] = (
    *(internal_workers, internal_executions, internal_artifacts, internal_queue, internal_calendars),
    *(internal_maintenance, internal_knowledge),
)
"""Served under `/internal/v1`, for other services with an internal key; never routed from outside."""
