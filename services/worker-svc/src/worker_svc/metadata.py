"""All tables of the service, for Alembic."""

from worker_svc.database import Base
from worker_svc.market import models

metadata = Base.metadata

__all__ = ["metadata", "models"]
