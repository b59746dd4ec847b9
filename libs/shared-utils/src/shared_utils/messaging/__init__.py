"""Redis Streams: connections, the outbox relay and the idempotent consumer."""
