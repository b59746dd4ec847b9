"""Prometheus and Alertmanager beside the local stack, and the checks of everything in `infra/monitoring`."""
