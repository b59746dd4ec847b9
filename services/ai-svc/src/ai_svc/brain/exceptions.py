"""What can go wrong with a call to a model. No message holds what a provider said: that may quote the request."""

from shared_utils.errors import AppError, BadGateway, BadRequest, GatewayTimeout, Invalid, TooManyRequests, Unavailable


class ModelRefused(BadRequest):
    """The model's provider did not accept the request: it is too long, or its content is not allowed."""

    code = "MODEL_REFUSED"


class ModelLimited(TooManyRequests):
    """The model's provider allows no more requests now; try again later."""

    code = "MODEL_LIMITED"


class ModelUnavailable(Unavailable):
    """No model can be asked now: all of them failed just before; try again shortly."""

    code = "MODEL_UNAVAILABLE"


class ModelFailed(BadGateway):
    """The model's provider failed or answered what is not an answer; try again shortly."""

    code = "MODEL_FAILED"


class ModelMisconfigured(ModelFailed):
    """The model's provider does not know the configured key or model; ask an administrator to check its settings."""

    code = "MODEL_MISCONFIGURED"


class ModelTimedOut(GatewayTimeout):
    """The model did not answer in time; try again shortly, or with less text."""

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


def code_of(error: BaseException) -> str:
    """The stable code of an error, for books, spans and counters: of one that nobody expected, INTERNAL_ERROR."""
    return error.code if isinstance(error, AppError) else AppError.code


class AnswerUnfit(BadGateway):
    """The model's answer does not have the form that was asked for, not even at the second try."""

    code = "ANSWER_UNFIT"


def is_passing(error: BaseException) -> bool:
    """Whether trying again may help. A budget that is used up stays so for longer than anybody waits."""
    passing = isinstance(error, TooManyRequests | Unavailable | ModelFailed | ModelTimedOut)
    return passing and not isinstance(error, BudgetExceeded | ModelMisconfigured)
