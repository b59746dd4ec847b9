"""Real servers and fixtures for tests. Never imported by a service."""
