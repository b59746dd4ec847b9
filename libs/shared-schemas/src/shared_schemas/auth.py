"""Who is calling: a person or machine with a verified token, or another service with an internal key."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Role(StrEnum):
    """Roles in rising order: each one may do what the ones before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


_RANK = {Role.VIEWER: 1, Role.OPERATOR: 2, Role.ADMIN: 3}


class AuthContext(BaseModel):
    """A verified caller. `subject` is the provider's `sub`; `roles` holds known roles only."""

    model_config = ConfigDict(frozen=True)

    subject: str
    issuer: str
    name: str | None = None
    email: str | None = None
    roles: frozenset[Role] = frozenset()
    client_id: str | None = None

    def may(self, role: Role) -> bool:
        """Whether the caller holds `role` or a higher one."""
        return any(_RANK[held] >= _RANK[role] for held in self.roles)


class ServiceContext(BaseModel):
    """Another Rotina service, authenticated by its internal key."""

    model_config = ConfigDict(frozen=True)

    service: str
