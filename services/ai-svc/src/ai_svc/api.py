"""The list of routers."""

from fastapi import APIRouter

from ai_svc.brain.router import router as brain
from ai_svc.budgets.router import ROUTERS as BUDGETS
from ai_svc.embeddings.router import router as spaces
from ai_svc.memory.router import router as memory
from ai_svc.prompts.router import router as prompts
from ai_svc.rag.answers.router import router as answers
from ai_svc.rag.documents.router import people
from ai_svc.rag.documents.router import router as documents
from ai_svc.rag.indexing.router import internal as internal_documents
from ai_svc.rag.indexing.router import router as sources
from ai_svc.rag.search.router import router as search
from ai_svc.tasks.router import internal as internal_tasks
from ai_svc.tasks.router import router as tasks
from ai_svc.texts.router import internal as internal_texts
from ai_svc.texts.router import router as texts

PUBLIC: tuple[APIRouter, ...] = (
    *(brain, memory, tasks, texts, documents, sources, people, search, answers, prompts, spaces),
    *BUDGETS,
)
"""Served under `/api/v1` and under its alias `/api`."""

INTERNAL: tuple[APIRouter, ...] = (internal_tasks, internal_texts, internal_documents)
"""Served under `/internal/v1` to Rotina's own services, who show their key."""
