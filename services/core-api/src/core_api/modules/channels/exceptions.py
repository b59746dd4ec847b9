"""What can go wrong with channels."""

from uuid import UUID

from shared_utils.errors import Conflict, Invalid, NotFound


class ChannelNotFound(NotFound):
    code = "CHANNEL_NOT_FOUND"

    def __init__(self, channel_id: UUID) -> None:
        super().__init__(f"There is no channel {channel_id}; GET /api/v1/notifications/channels lists them.")


class ChannelNameTaken(Conflict):
    code = "CHANNEL_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A channel named {name!r} exists already; change it with PUT or choose another name.")


class SecretMissing(Invalid):
    code = "CHANNEL_SECRET_MISSING"

    def __init__(self, field: str) -> None:
        super().__init__(f"This kind of channel needs `{field}`; it is stored sealed and never shown again.")


class ChannelKindFixed(Invalid):
    """A channel keeps its kind: delete this one and create another."""

    code = "CHANNEL_KIND_FIXED"


class SecretsKeyMissing(Conflict):
    """Set CORE_API_SECRETS_KEYS first (the same in the API and in every scheduler): secrets are never stored open."""

    code = "SECRETS_KEY_MISSING"


class RuleNotFound(NotFound):
    code = "RULE_NOT_FOUND"

    def __init__(self, rule_id: UUID) -> None:
        super().__init__(f"There is no rule {rule_id}; GET /api/v1/notifications/rules lists them.")


class RuleNameTaken(Conflict):
    code = "RULE_NAME_TAKEN"

    def __init__(self, name: str) -> None:
        super().__init__(f"A rule named {name!r} exists already; change it with PUT or choose another name.")


class RuleChannelUnknown(Invalid):
    code = "RULE_CHANNEL_UNKNOWN"

    def __init__(self, channel_id: UUID) -> None:
        super().__init__(f"There is no channel {channel_id}; GET /api/v1/notifications/channels lists them.")
