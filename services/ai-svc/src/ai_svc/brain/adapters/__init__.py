"""One adapter per provider of models."""
