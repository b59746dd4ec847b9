"""What can go wrong with idempotency keys."""

from shared_utils.errors import Invalid


class IdempotencyKeyReused(Invalid):
    """The Idempotency-Key came with another request before: use a new key for a new request."""

    code = "IDEMPOTENCY_KEY_REUSED"
