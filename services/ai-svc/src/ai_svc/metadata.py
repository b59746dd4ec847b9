"""Every part's tables, for Alembic and for tests that compare models with migrations."""

from ai_svc.budgets import models as budgets
from ai_svc.database import Base
from ai_svc.embeddings import models as embeddings
from ai_svc.memory import models as memory
from ai_svc.prompts import models as prompts
from ai_svc.rag.documents import models as documents
from ai_svc.rag.search import models as search
from ai_svc.tasks import models as tasks

metadata = Base.metadata

__all__ = ["budgets", "documents", "embeddings", "memory", "metadata", "prompts", "search", "tasks"]
