"""Access tokens: the whole matrix of bad ones over HTTP, and what happens to keys when the provider changes or dies."""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import Annotated, Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from fastapi import APIRouter, Depends
from pydantic import SecretStr

from shared_schemas.auth import AuthContext, Role
from shared_schemas.envelope import ApiResponse
from shared_utils.http.envelope import ok
from shared_utils.http.security import CurrentCaller, InternalCaller, require
from shared_utils.observability.metrics import REJECTED_TOKENS
from shared_utils.security.internal_key import InternalKeyring
from shared_utils.security.oidc import IdentityProviderUnavailable, InvalidToken, OidcVerifier
from shared_utils.security.roles import roles_adapter
from shared_utils.testing.oidc_issuer import AUDIENCE, OidcIssuer, SigningKey
from shared_utils.testing.serving import served

router = APIRouter(tags=["callers"])


@router.get("/me")
async def me(caller: CurrentCaller) -> ApiResponse[AuthContext, None]:
    return ok(caller)


@router.post("/operate")
async def operate(caller: Annotated[AuthContext, Depends(require(Role.OPERATOR))]) -> ApiResponse[str, None]:
    return ok(caller.subject)


@router.get("/internal")
async def internal(caller: InternalCaller) -> ApiResponse[str, None]:
    return ok(caller.service)


class Monotonic:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def issuer(oidc_issuer):
    oidc_issuer.reset()
    yield oidc_issuer
    oidc_issuer.reset()  # one issuer serves the whole run: tests of other parts must find it as they expect it


@pytest.fixture
async def http():
    async with httpx.AsyncClient() as client:
        yield client


@pytest.fixture
def clock() -> Monotonic:
    return Monotonic()


@pytest.fixture
async def verifier(issuer, http, clock):
    made = OidcVerifier(issuer.issuer, AUDIENCE, roles_adapter=roles_adapter("generic"), http=http, monotonic=clock)
    yield made
    await made.aclose()


@pytest.fixture(scope="module")
async def client(make_app, oidc_issuer):
    """An application that verifies tokens, without a cool-down, so that an unknown key is looked up each time."""
    keyring = InternalKeyring(
        {"worker-svc": [SecretStr("old-key"), SecretStr("new-key")], "ai-svc": [SecretStr("ai-key")]}
    )
    adapter = roles_adapter("generic")
    async with httpx.AsyncClient() as http:
        verifier = OidcVerifier(oidc_issuer.issuer, AUDIENCE, roles_adapter=adapter, http=http, cooldown=0)
        async with served(make_app(router, state={"oidc": verifier, "internal_keyring": keyring})) as made:
            yield made
        await verifier.aclose()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def unsigned(issuer: OidcIssuer, header: dict[str, Any]) -> str:
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, claims)]
    return ".".join([*parts, ""])


def signed_with_the_public_key(issuer: OidcIssuer, *, der: bool = False) -> str:
    """HS256 with the published key as the secret: the classic confusion of algorithms."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = issuer.key.private.public_key()
    secret = public.public_bytes(Encoding.DER if der else Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    message = unsigned(issuer, {"alg": "HS256", "typ": "at+jwt", "kid": issuer.key.kid})[:-1]
    signature = base64.urlsafe_b64encode(hmac.new(secret, message.encode(), hashlib.sha256).digest()).rstrip(b"=")
    return f"{message}.{signature.decode()}"


FOREIGN = SigningKey()
NOW = int(time.time())
BAD_TOKENS: dict[str, tuple[Any, str]] = {
    "expired": (lambda i: i.token(exp=NOW - 120), "expired"),
    "issued in the future": (lambda i: i.token(iat=NOW + 300), "not_yet_valid"),
    "valid in the future": (lambda i: i.token(nbf=NOW + 300), "not_yet_valid"),
    "another issuer": (lambda i: i.token(iss="https://evil.example"), "issuer"),
    "the issuer with a slash": (lambda i: i.token(iss=i.issuer + "/"), "issuer"),
    "another audience": (lambda i: i.token(aud="another-api"), "audience"),
    "other audiences": (lambda i: i.token(aud=["another-api", "account"]), "audience"),
    "no audience": (lambda i: i.token(aud=None), "missing_claim"),
    "no expiry": (lambda i: i.token(exp=None), "missing_claim"),
    "no time of issue": (lambda i: i.token(iat=None), "missing_claim"),
    "no issuer": (lambda i: i.token(iss=None), "missing_claim"),
    "no subject": (lambda i: i.sign({"iss": i.issuer, "aud": AUDIENCE, "iat": NOW, "exp": NOW + 60}), "missing_claim"),
    "an empty subject": (lambda i: i.token(""), "missing_claim"),
    "HS256 with the public key": (signed_with_the_public_key, "algorithm"),
    "HS256 with the public key in DER": (lambda i: signed_with_the_public_key(i, der=True), "algorithm"),
    "alg none": (lambda i: unsigned(i, {"alg": "none", "typ": "at+jwt"}), "algorithm"),
    "alg None": (lambda i: unsigned(i, {"alg": "NoNe", "kid": i.key.kid}), "algorithm"),
    "no alg": (lambda i: unsigned(i, {"typ": "at+jwt"}), "algorithm"),
    "another algorithm of the key": (lambda i: unsigned(i, {"alg": "ES256", "kid": i.key.kid}) + "AAAA", "algorithm"),
    "an unknown critical header": (lambda i: i.token(headers={"crit": ["x"], "x": 1}), "critical_header"),
    "an empty list of critical headers": (lambda i: i.token(headers={"crit": []}), "critical_header"),
    "an unknown key": (lambda i: i.token(headers={"kid": "unknown"}), "unknown_key"),
    "a key that is not a text": (lambda i: unsigned(i, {"alg": "RS256", "kid": 5}) + "AAAA", "malformed"),
    "a foreign key under a known id": (lambda i: i.token(key=FOREIGN, headers={"kid": i.key.kid}), "signature"),
    "its own key in the header": (
        lambda i: i.token(key=FOREIGN, headers={"kid": i.key.kid, "jwk": FOREIGN.jwk}),
        "signature",
    ),
    "an id token": (lambda i: i.id_token(), "token_type"),
    "an id token as Keycloak makes it": (lambda i: i.token(typ="ID", headers={"typ": "JWT"}), "token_type"),
    "a logout token": (lambda i: i.token(headers={"typ": "logout+jwt"}), "token_type"),
    "a type that is not a text": (lambda i: i.token(headers={"typ": "at+jwt;x"}), "token_type"),
    "truncated": (lambda i: i.token()[:-22], "signature"),
    "without its signature": (lambda i: i.token().rsplit(".", 1)[0], "malformed"),
    "changed": (lambda i: i.token()[:-30] + "A" * 30, "signature"),
    "not a token": (lambda _i: "hello", "malformed"),
    "four parts": (lambda i: i.token() + ".x", "malformed"),
    "huge": (lambda _i: "x" * 20_000, "malformed"),
    "encrypted": (lambda _i: "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkExMjhHQ00ifQ.a.b.c.d", "malformed"),
}


@pytest.mark.parametrize("name", BAD_TOKENS)
async def test_a_bad_token_is_a_401_with_its_reason(client, issuer, name):
    assert (await client.get("/api/v1/me", headers=bearer(issuer.token()))).status_code == 200
    make, reason = BAD_TOKENS[name]
    response = await client.get("/api/v1/me", headers=bearer(make(issuer)))
    assert response.status_code == 401
    assert response.json()["code"] == "INVALID_TOKEN"
    assert response.json()["details"] == {"reason": reason}
    assert response.headers["WWW-Authenticate"] == f'Bearer error="invalid_token", error_description="{reason}"'


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Basic dXNlcjpwYXNz"}, {"Authorization": "Bearer"}, {"Authorization": ""}, {"X-Token": "x"}],
)
async def test_no_token_is_a_401(client, headers):
    response = await client.get("/api/v1/me", headers=headers)
    assert response.status_code == 401
    assert response.json()["code"] == "UNAUTHENTICATED"
    assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_a_good_token_says_who_calls(client, issuer):
    token = issuer.token("user-9", roles=["operator", "made-up"], name="Ana", email="ana@example.com")
    body = (await client.get("/api/v1/me", headers=bearer(token))).json()["data"]
    assert body == {
        "subject": "user-9",
        "issuer": issuer.issuer,
        "name": "Ana",
        "email": "ana@example.com",
        "roles": ["operator"],
        "client_id": "rotina-spa",
    }


async def test_the_scheme_is_not_case_sensitive(client, issuer):
    assert (await client.get("/api/v1/me", headers={"Authorization": f"bEaReR {issuer.token()}"})).status_code == 200


@pytest.mark.parametrize(
    ("roles", "status"), [([], 403), (["viewer"], 403), (["root"], 403), (["operator"], 200), (["admin"], 200)]
)
async def test_roles(client, issuer, roles, status):
    response = await client.post("/api/v1/operate", headers=bearer(issuer.token(roles=roles)))
    assert response.status_code == status
    if status == 403:
        assert response.json()["code"] == "ROLE_REQUIRED"
        assert response.json()["details"] == {"required_role": "operator"}


@pytest.mark.parametrize(("aud", "leeway"), [([AUDIENCE, "https://x/userinfo"], 0), (AUDIENCE, -20)])
async def test_what_must_be_accepted(verifier, issuer, aud, leeway):
    """A list of audiences (Auth0), and clocks that differ by less than half a minute."""
    token = issuer.token(aud=aud, exp=int(time.time()) + 600 if not leeway else int(time.time()) + leeway)
    assert (await verifier.verify(token)).subject == "user-1"


async def test_an_access_token_without_a_declared_type_is_accepted(verifier, issuer):
    """Keycloak and Auth0 write `JWT` or nothing."""
    for kind in ("JWT", None):
        assert (await verifier.verify(issuer.token(headers={"typ": kind}))).subject == "user-1"


async def test_a_nonce_is_allowed_in_a_declared_access_token(verifier, issuer):
    assert await verifier.verify(issuer.token(nonce="x"))


async def test_rejections_are_counted_by_reason(verifier, issuer):
    before = REJECTED_TOKENS.labels("expired")._value.get()
    with pytest.raises(InvalidToken):
        await verifier.verify(issuer.token(exp=1))
    assert REJECTED_TOKENS.labels("expired")._value.get() == before + 1


# --- keys ---------------------------------------------------------------------------------------------------------------


async def test_keys_are_fetched_once(verifier, issuer):
    await asyncio.gather(*(verifier.verify(issuer.token()) for _ in range(50)))
    assert (issuer.discovery_requests, issuer.jwks_requests) == (1, 1)


async def test_a_thousand_random_kids_cost_one_request_per_cool_down(verifier, issuer, clock):
    await verifier.verify(issuer.token())
    assert issuer.jwks_requests == 1
    tokens = [issuer.token(headers={"kid": uuid4().hex}) for _ in range(10)]

    async def flood() -> None:
        results = await asyncio.gather(*(verifier.verify(tokens[n % 10]) for n in range(1000)), return_exceptions=True)
        assert all(isinstance(result, InvalidToken) and result.reason == "unknown_key" for result in results)

    await flood()
    assert issuer.jwks_requests == 1
    clock.now += 31
    await flood()
    assert issuer.jwks_requests == 2
    await flood()
    assert issuer.jwks_requests == 2
    assert (await verifier.verify(issuer.token())).subject == "user-1"


async def test_a_rotated_key_works_after_the_cool_down_at_the_latest(verifier, issuer, clock):
    await verifier.verify(issuer.token())
    old = issuer.key
    issuer.rotate()
    clock.now += 30
    assert (await verifier.verify(issuer.token())).subject == "user-1"
    assert (await verifier.verify(issuer.token(key=old))).subject == "user-1"
    assert issuer.jwks_requests == 2


async def test_a_withdrawn_key_is_forgotten_with_the_next_fetch(verifier, issuer, clock):
    old = issuer.key
    await verifier.verify(issuer.token())
    issuer.rotate(keep_old=False)
    clock.now += 31
    await verifier.verify(issuer.token())
    with pytest.raises(InvalidToken) as caught:
        await verifier.verify(issuer.token(key=old))
    assert caught.value.reason == "unknown_key"


async def test_known_keys_work_while_the_provider_is_down(verifier, issuer, clock):
    await verifier.verify(issuer.token())
    issuer.down = True
    for _ in range(5):
        clock.now += 1000
        assert (await verifier.verify(issuer.token())).subject == "user-1"


async def test_old_keys_are_refreshed_beside_the_request(verifier, issuer, clock):
    await verifier.verify(issuer.token())
    clock.now += 301
    await verifier.verify(issuer.token())
    refresh = verifier._keys._refresh
    assert refresh is not None
    await refresh
    assert issuer.jwks_requests == 2


async def test_without_any_key_it_is_not_the_callers_fault(make_app, verifier, issuer, clock):
    issuer.down = True
    async with served(make_app(router, state={"oidc": verifier})) as client:
        response = await client.get("/api/v1/me", headers=bearer(issuer.token()))
    assert response.status_code == 503
    assert response.json()["code"] == "IDENTITY_PROVIDER_UNAVAILABLE"
    issuer.down = False
    with pytest.raises(IdentityProviderUnavailable):
        await verifier.verify(issuer.token())  # the cool-down protects a provider that just comes back
    clock.now += 30
    assert (await verifier.verify(issuer.token())).subject == "user-1"


async def test_a_discovery_document_of_somebody_else_is_refused(verifier, issuer):
    issuer.discovered_issuer = issuer.issuer + "/"
    with pytest.raises(IdentityProviderUnavailable):
        await verifier.verify(issuer.token())
    assert issuer.jwks_requests == 0


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "PS256"])
async def test_the_other_asymmetric_algorithms(verifier, issuer, algorithm, monkeypatch):
    from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

    private: Any
    if algorithm == "ES256":
        private = ec.generate_private_key(ec.SECP256R1())
        jwk = ECAlgorithm.to_jwk(private.public_key(), as_dict=True)
    elif algorithm == "EdDSA":
        private = ed25519.Ed25519PrivateKey.generate()
        jwk = OKPAlgorithm.to_jwk(private.public_key(), as_dict=True)
    else:  # a key that does not say for which padding it is
        private = issuer.key.private
        jwk = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    keys = {"keys": [jwk | {"kid": "k"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "secret", "alg": "HS256"}]}
    monkeypatch.setattr(issuer, "jwks", lambda: keys)
    claims = jwt.decode(issuer.token("other"), options={"verify_signature": False})
    token = jwt.encode(claims, private, algorithm=algorithm, headers={"kid": "k", "typ": "at+jwt"})
    assert (await verifier.verify(token)).subject == "other"
    with pytest.raises(InvalidToken) as caught:
        await verifier.verify(jwt.encode(claims, private, algorithm=algorithm, headers={"kid": "secret"}))
    assert caught.value.reason == "unknown_key"


@pytest.mark.parametrize("keys", [{"keys": []}, {}, {"keys": "x"}, {"keys": [{"kty": "oct", "kid": "k", "k": "eA"}]}])
async def test_a_key_set_that_could_verify_nothing_does_not_replace_a_good_one(
    verifier, issuer, clock, keys, monkeypatch
):
    await verifier.verify(issuer.token())
    monkeypatch.setattr(issuer, "jwks", lambda: keys)
    clock.now += 1000
    with pytest.raises(InvalidToken):
        await verifier.verify(issuer.token(headers={"kid": "other"}))
    assert (await verifier.verify(issuer.token())).subject == "user-1"


async def test_keys_are_only_taken_over_https_when_the_issuer_is(http, issuer):
    """A discovery document that points to http would let anyone between us and it choose the keys."""

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"issuer": "https://id.example", "jwks_uri": "http://id.example/keys"})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
        verifier = OidcVerifier("https://id.example", AUDIENCE, roles_adapter=roles_adapter("generic"), http=client)
        with pytest.raises(IdentityProviderUnavailable):
            await verifier.verify(issuer.token())


async def test_a_provider_that_hangs_costs_one_time_limit(issuer, monkeypatch):
    monkeypatch.setattr("shared_utils.security.oidc.FETCH_TIMEOUT_SECONDS", 0.05)

    async def hang(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async with httpx.AsyncClient(transport=httpx.MockTransport(hang)) as client:
        verifier = OidcVerifier(issuer.issuer, AUDIENCE, roles_adapter=roles_adapter("generic"), http=client)
        with pytest.raises(IdentityProviderUnavailable):
            await verifier.verify(issuer.token())


async def test_a_cancelled_request_does_not_cancel_the_fetch_of_the_others(verifier, issuer):
    first = asyncio.create_task(verifier.verify(issuer.token()))
    second = asyncio.create_task(verifier.verify(issuer.token()))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).subject == "user-1"
    assert issuer.jwks_requests == 1


# --- internal keys ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "caller"), [("old-key", "worker-svc"), ("new-key", "worker-svc"), ("ai-key", "ai-svc")]
)
async def test_an_internal_key_names_its_holder(client, key, caller):
    response = await client.get("/api/v1/internal", headers={"X-Internal-Key": key})
    assert response.json()["data"] == caller


@pytest.mark.parametrize(
    "headers", [{}, {"X-Internal-Key": ""}, {"X-Internal-Key": "wrong"}, {"X-Internal-Key": "ai-key "}]
)
async def test_anything_else_is_a_401(client, headers):
    if headers == {"X-Internal-Key": "ai-key "}:  # HTTP strips white space around values
        headers = {"X-Internal-Key": "ai-keyx"}
    response = await client.get("/api/v1/internal", headers=headers)
    assert response.status_code == 401
    assert response.json()["code"] == "INTERNAL_KEY_REQUIRED"
    assert "WWW-Authenticate" in response.headers


async def test_a_persons_token_opens_no_internal_address(client, issuer):
    response = await client.get("/api/v1/internal", headers=bearer(issuer.token(roles=["admin"])))
    assert response.status_code == 401


async def test_an_internal_key_is_no_access_token(client):
    assert (await client.get("/api/v1/me", headers={"X-Internal-Key": "ai-key"})).status_code == 401


def test_an_empty_key_opens_nothing():
    keyring = InternalKeyring({"nobody": [SecretStr("")]})
    assert keyring.caller_for("") is None


def test_every_key_is_compared_whatever_matches_first(monkeypatch):
    compared: list[bytes] = []
    real = hmac.compare_digest

    def note(one: bytes, other: bytes) -> bool:
        compared.append(one)
        return real(one, other)

    monkeypatch.setattr("shared_utils.security.internal_key.hmac.compare_digest", note)
    keyring = InternalKeyring({"a": [SecretStr("1"), SecretStr("2")], "b": [SecretStr("3")]})
    assert keyring.caller_for("1") == "a"
    assert len(compared) == 3
