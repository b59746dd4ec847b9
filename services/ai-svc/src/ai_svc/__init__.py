"""The AI service: memory of what happened; agents, retrieval and text jobs stand on it."""

__version__ = "0.1.0"
