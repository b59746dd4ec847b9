"""Claims as the providers really write them."""

import pytest

from shared_schemas.auth import Role
from shared_utils.security.roles import known_roles, roles_adapter

KEYCLOAK = {
    "realm_access": {"roles": ["offline_access", "uma_authorization", "viewer"]},
    "resource_access": {"rotina": {"roles": ["operator"]}, "account": {"roles": ["admin", "view-profile"]}},
}
AUTH0 = {
    "permissions": ["read:things", "operator"],
    "https://rotina.example/roles": ["admin"],
    "http://insecure.example/roles": ["viewer"],
}
SUPABASE = {
    "role": "authenticated",
    "app_metadata": {"provider": "email", "roles": ["viewer"]},
    "user_metadata": {"roles": ["admin"]},
}


@pytest.mark.parametrize(
    ("provider", "client_id", "claims", "expected"),
    [
        ("generic", None, {"roles": ["operator", "x"]}, {Role.OPERATOR}),
        ("generic", None, {}, set()),
        ("generic", None, {"roles": "admin"}, set()),
        ("generic", None, {"roles": [1, None, {"a": 1}, "viewer"]}, {Role.VIEWER}),
        ("keycloak", None, KEYCLOAK, {Role.VIEWER}),
        ("keycloak", "rotina", KEYCLOAK, {Role.VIEWER, Role.OPERATOR}),
        ("keycloak", "other", KEYCLOAK, {Role.VIEWER}),
        ("keycloak", "rotina", {"realm_access": "admin", "resource_access": ["admin"]}, set()),
        ("auth0", None, AUTH0, {Role.OPERATOR, Role.ADMIN}),
        ("auth0", None, {"roles": ["admin"]}, set()),
        ("supabase", None, SUPABASE, {Role.VIEWER}),
        ("supabase", None, {"role": "admin", "user_metadata": {"roles": ["admin"]}}, set()),
    ],
)
def test_roles_of_a_provider(provider, client_id, claims, expected):
    assert roles_adapter(provider, client_id=client_id)(claims) == expected


def test_names_may_be_prefixed_and_in_any_case():
    assert known_roles(["rotina:admin", "Viewer", "rotina:unknown"]) == {Role.ADMIN, Role.VIEWER}
