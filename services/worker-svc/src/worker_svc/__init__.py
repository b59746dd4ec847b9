"""Runs jobs, and owns the market data that they load."""

__version__ = "0.1.0"
