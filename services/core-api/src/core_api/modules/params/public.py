"""What other modules may ask about params; what is secret among them says `shared_utils.security.secret_params`."""

from core_api.modules.params.exceptions import ParamsInvalid, SecretParamExposed, SecretParamMissing
from core_api.modules.params.schemas import JobParams
from core_api.modules.params.service import check_params, kept_params, refuse_exposed

__all__ = [
    "JobParams",
    "ParamsInvalid",
    "SecretParamExposed",
    "SecretParamMissing",
    "check_params",
    "kept_params",
    "refuse_exposed",
]
