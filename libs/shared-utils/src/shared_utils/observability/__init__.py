"""Metrics, trace context and error reports."""
