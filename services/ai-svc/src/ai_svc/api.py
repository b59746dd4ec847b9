"""The list of routers."""

from fastapi import APIRouter

from ai_svc.brain.router import router as brain
from ai_svc.memory.router import router as memory

PUBLIC: tuple[APIRouter, ...] = (brain, memory)
"""Served under `/api/v1` and under its alias `/api`."""

INTERNAL: tuple[APIRouter, ...] = ()
"""Served under `/internal/v1` to Rotina's own services, who show their key."""
