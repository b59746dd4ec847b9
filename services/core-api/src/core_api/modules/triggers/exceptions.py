"""What can be wrong with a trigger. Raised while a request is read, so it reaches the caller as a validation error."""


class CronInvalid(ValueError):
    """A cron expression that says nothing, or nothing that can ever happen. The message names the field."""
