"""What can go wrong when something calls a routine's webhook."""

from shared_utils.errors import Conflict, Invalid, NotFound, TooLarge, Unauthenticated


class HookRefused(Unauthenticated):
    """No webhook answers to this address and secret: check both, or have an administrator make a new secret."""

    code = "HOOK_REFUSED"


class HookTooLarge(TooLarge):
    """A webhook takes at most 64 KiB: send a reference to the data instead of the data."""

    code = "HOOK_TOO_LARGE"


class HookBodyInvalid(Invalid):
    code = "HOOK_BODY_INVALID"

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"The body's {problem}. Only `params` (an object) and `business_date` (a date) are read of it."
        )


class HookPaused(Conflict):
    """The routine is paused and takes no calls; resume it first."""

    code = "HOOK_PAUSED"


class HookNotInUse(Conflict):
    """The routine's trigger is not a webhook; give it the trigger {"type": "webhook"} first."""

    code = "HOOK_NOT_IN_USE"


class HookSecretMissing(NotFound):
    """The routine's webhook has no secret yet: POST to this address makes one."""

    code = "HOOK_SECRET_MISSING"
