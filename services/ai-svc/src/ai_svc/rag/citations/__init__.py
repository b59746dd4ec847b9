"""Citations that a model writes, checked against what it was given. Pure."""
