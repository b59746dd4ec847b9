"""Every module's tables, for Alembic and for tests that compare models with migrations."""

from core_api.database import Base
from core_api.modules.access import models as access
from core_api.modules.artifacts import models as artifacts
from core_api.modules.attempts import models as attempts
from core_api.modules.backfills import models as backfills
from core_api.modules.calendars import models as calendars
from core_api.modules.channels import models as channels
from core_api.modules.daily_loads import models as daily_loads
from core_api.modules.day_groups import models as day_groups
from core_api.modules.deadlines import models as deadlines
from core_api.modules.dispatch import models as dispatch
from core_api.modules.executions import models as executions
from core_api.modules.hooks import models as hooks
from core_api.modules.idempotency import models as idempotency
from core_api.modules.incidents import models as incidents
from core_api.modules.notifications import models as notifications
from core_api.modules.pools import models as pools
from core_api.modules.routines import models as routines
from core_api.modules.schedulers import models as schedulers
from core_api.modules.stats import models as stats
from core_api.modules.workers import models as workers

metadata = Base.metadata

__all__ = [
    "access",
    "artifacts",
    "attempts",
    "backfills",
    "calendars",
    "channels",
    "daily_loads",
    "day_groups",
    "deadlines",
    "dispatch",
    "executions",
    "hooks",
    "idempotency",
    "incidents",
    "metadata",
    "notifications",
    "pools",
    "routines",
    "schedulers",
    "stats",
    "workers",
]
