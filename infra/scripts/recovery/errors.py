"""What a person is told when something cannot go on."""


class RecoveryError(Exception):
    """The message says what is wrong and what to do."""
