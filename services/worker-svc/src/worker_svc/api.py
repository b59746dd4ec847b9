"""The list of routers."""

from fastapi import APIRouter

from worker_svc.market.router import router as market

PUBLIC: tuple[APIRouter, ...] = (market,)
"""Served under `/api/v1` and under its alias `/api`."""
