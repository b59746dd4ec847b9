"""Every module's tables, for Alembic and for tests that compare models with migrations."""

from core_api.database import Base
from core_api.modules.access import models as access
from core_api.modules.calendars import models as calendars
from core_api.modules.pools import models as pools
from core_api.modules.routines import models as routines

metadata = Base.metadata

__all__ = ["access", "calendars", "metadata", "pools", "routines"]
