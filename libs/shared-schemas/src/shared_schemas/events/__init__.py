"""Events: facts that their owner announces on `events:{type}` streams. One envelope, typed payloads."""
