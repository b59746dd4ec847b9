"""Routines, calendars, the daily queue and the scheduler."""

__version__ = "0.1.0"
