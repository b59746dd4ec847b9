"""Where each identity provider puts roles. Unknown words are ignored: a provider has roles of its own."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal

from shared_schemas.auth import Role

type Claims = Mapping[str, Any]
type RolesAdapter = Callable[[Claims], frozenset[Role]]
type RolesProvider = Literal["generic", "keycloak", "auth0", "supabase"]

_KNOWN: Final = {role.value: role for role in Role}
_PREFIX: Final = "rotina:"


def roles_adapter(provider: RolesProvider, *, client_id: str | None = None) -> RolesAdapter:
    """The adapter of a provider. `client_id` names Keycloak's client whose roles count besides the realm's."""
    adapters: dict[str, RolesAdapter] = {
        "generic": lambda claims: known_roles(_strings(claims.get("roles"))),
        "keycloak": lambda claims: _keycloak(claims, client_id),
        "auth0": _auth0,
        "supabase": _supabase,
    }
    return adapters[provider]


def known_roles(names: Iterable[str]) -> frozenset[Role]:
    """The roles among `names`, in any case, with or without the prefix `rotina:`."""
    found = (_KNOWN.get(name.lower().removeprefix(_PREFIX)) for name in names)
    return frozenset(role for role in found if role is not None)


def _keycloak(claims: Claims, client_id: str | None) -> frozenset[Role]:
    names = _strings(_mapping(claims.get("realm_access")).get("roles"))
    if client_id is not None:
        client = _mapping(_mapping(claims.get("resource_access")).get(client_id))
        names += _strings(client.get("roles"))
    return known_roles(names)


def _auth0(claims: Claims) -> frozenset[Role]:
    """`permissions` (RBAC of the API) and any namespaced claim that ends in `/roles` (set by an Action)."""
    names = _strings(claims.get("permissions"))
    for claim, value in claims.items():
        if claim.startswith("https://") and claim.endswith("/roles"):
            names += _strings(value)
    return known_roles(names)


def _supabase(claims: Claims) -> frozenset[Role]:
    """`app_metadata` only: a user can write `user_metadata`, and the claim `role` is a database role."""
    return known_roles(_strings(_mapping(claims.get("app_metadata")).get("roles")))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
