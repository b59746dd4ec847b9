"""FastAPI dependencies that say who is calling.

@router.post("/{id}/run")
async def run(id: UUID, caller: Annotated[AuthContext, Depends(require(Role.OPERATOR))]) -> ...
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyHeader, HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from shared_schemas.auth import AuthContext, Role, ServiceContext
from shared_utils.errors import Forbidden, Unauthenticated
from shared_utils.observability.errors import note_user
from shared_utils.observability.metrics import REJECTED_CALLS

_BEARER = HTTPBearer(auto_error=False, scheme_name="oidc", description="Access token of the identity provider.")
_INTERNAL_KEY = APIKeyHeader(name="X-Internal-Key", auto_error=False, scheme_name="internal_key")

type CallerDependency = Callable[..., Awaitable[AuthContext]]


class InternalKeyRequired(Unauthenticated):
    """Only Rotina's own services may call this address, with a valid X-Internal-Key."""

    code = "INTERNAL_KEY_REQUIRED"
    challenge = "X-Internal-Key"


class RoleRequired(Forbidden):
    """You are signed in, but your role does not allow this."""

    code = "ROLE_REQUIRED"


async def current_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)] = None
) -> AuthContext:
    """The person or machine whose access token came with the request, verified by `request.state.oidc`."""
    if credentials is None:
        raise Unauthenticated
    caller: AuthContext = await request.state.oidc.verify(credentials.credentials)
    note_user(caller.subject)
    # Rate limits are counted per verified caller.
    request.scope["caller_subject"] = caller.subject
    return caller


def require(role: Role) -> CallerDependency:
    """A dependency that gives the caller, or 401 without a valid token, or 403 without `role` or a higher one."""

    async def caller_with_role(caller: Annotated[AuthContext, Depends(current_caller)]) -> AuthContext:
        if not caller.may(role):
            raise RoleRequired(f"This needs the role {role.value}.", details={"required_role": role.value})
        return caller

    return caller_with_role


async def internal_caller(
    request: Request, key: Annotated[str | None, Security(_INTERNAL_KEY)] = None
) -> ServiceContext:
    """The service whose internal key came with the request, found in `request.state.internal_keyring`."""
    service = request.state.internal_keyring.caller_for(key) if key else None
    if service is None:
        REJECTED_CALLS.labels("unknown" if key else "missing").inc()
        raise InternalKeyRequired
    return ServiceContext(service=service)


CurrentCaller = Annotated[AuthContext, Depends(current_caller)]
Viewer = Annotated[AuthContext, Depends(require(Role.VIEWER))]
Operator = Annotated[AuthContext, Depends(require(Role.OPERATOR))]
Admin = Annotated[AuthContext, Depends(require(Role.ADMIN))]
InternalCaller = Annotated[ServiceContext, Depends(internal_caller)]
