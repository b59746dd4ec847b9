"""What can go wrong with a call to a model."""

from shared_utils.errors import AppError, Invalid, TooManyRequests, Unavailable


class ModelRefused(Invalid):
    """The model's provider did not accept the request: it is too long, or its content is not allowed."""

    code = "MODEL_REFUSED"


class ModelLimited(TooManyRequests):
    """The model's provider allows no more requests now; try again later."""

    code = "MODEL_LIMITED"


class ModelUnavailable(Unavailable):
    """No model answered; try again shortly."""

    code = "MODEL_UNAVAILABLE"


class ModelFailed(AppError):
    """The model's provider failed or answered what is not an answer."""

    code = "MODEL_FAILED"


class ModelTimedOut(AppError):
    """The model did not answer in time."""

    code = "MODEL_TIMED_OUT"


class NotSupported(Invalid):
    """The configured provider cannot do this."""

    code = "MODEL_NOT_SUPPORTED"


class BudgetExceeded(TooManyRequests):
    """The budget for calls to models is used up; ask an administrator to raise it, or wait for the next period."""

    code = "BUDGET_EXCEEDED"


class PromptInvalid(Invalid):
    """The prompt's text or its variables are not acceptable."""

    code = "PROMPT_INVALID"


class PromptVariables(Invalid):
    """The values do not fit the prompt's variables."""

    code = "PROMPT_VARIABLES"
