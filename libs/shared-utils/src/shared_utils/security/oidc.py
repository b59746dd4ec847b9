"""Access tokens of any OpenID Connect provider, verified against its published keys.

The provider is found by discovery; keys are cached, refetched for an unknown `kid` under a cool-down, and kept when the
provider is down. Algorithms are an explicit list of asymmetric ones: what the token says about itself is never trusted.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import httpx
import jwt

from shared_schemas.auth import AuthContext
from shared_utils.errors import Unauthenticated, Unavailable
from shared_utils.logging import get_logger
from shared_utils.observability.metrics import JWKS_FETCHES, REJECTED_TOKENS
from shared_utils.security.roles import RolesAdapter

logger = get_logger(__name__)

ALGORITHMS: Final = frozenset({"RS256", "PS256", "ES256", "EdDSA"})
# One key may serve several algorithms when the provider does not say which: RSA does for both paddings.
ALGORITHMS_BY_KEY_TYPE: Final = {"RSA": {"RS256", "PS256"}, "EC": {"ES256"}, "OKP": {"EdDSA"}}
REQUIRED_CLAIMS: Final = ("exp", "iat", "iss", "aud", "sub")
ACCESS_TOKEN_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
UNDECLARED_TYPES: Final = frozenset({"jwt", ""})
MAX_TOKEN_LENGTH: Final = 16_384
LEEWAY_SECONDS: Final = 30
FETCH_TIMEOUT_SECONDS: Final = 5.0

type Reason = Literal[
    "malformed",
    "algorithm",
    "critical_header",
    "unknown_key",
    "signature",
    "expired",
    "not_yet_valid",
    "issuer",
    "audience",
    "missing_claim",
    "token_type",
]


class InvalidToken(Unauthenticated):
    """The access token is not valid: sign in again."""

    code = "INVALID_TOKEN"

    def __init__(self, reason: Reason) -> None:
        super().__init__(details={"reason": reason})
        self.reason: Reason = reason
        self.challenge = f'Bearer error="invalid_token", error_description="{reason}"'


class IdentityProviderUnavailable(Unavailable):
    """The identity provider does not answer, so nobody can be recognised at the moment; try again shortly."""

    code = "IDENTITY_PROVIDER_UNAVAILABLE"


class OidcVerifier:
    """Verifies access tokens. `http` is a client that the caller owns; `monotonic` is a clock in seconds for tests."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        *,
        roles_adapter: RolesAdapter,
        http: httpx.AsyncClient,
        cooldown: float = 30,
        lifespan: float = 300,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._roles = roles_adapter
        self._keys = KeySource(issuer, http=http, cooldown=cooldown, lifespan=lifespan, monotonic=monotonic)

    async def verify(self, token: str) -> AuthContext:
        """The caller that a token names. Raises `InvalidToken`, or `IdentityProviderUnavailable` without any key."""
        try:
            header = _header(token)
            key = await self._key(header)
            claims = self._claims(token, key)
            _refuse_id_token(header, claims)
        except InvalidToken as error:
            REJECTED_TOKENS.labels(error.reason).inc()
            raise
        return self._context(claims)

    async def aclose(self) -> None:
        """Ends a refresh of keys that may be under way."""
        await self._keys.aclose()

    async def _key(self, header: Mapping[str, Any]) -> jwt.PyJWK:
        kid = header.get("kid")
        jwk = await self._keys.find(kid if isinstance(kid, str) else None)
        if jwk is None:
            raise InvalidToken("unknown_key")
        algorithm = header["alg"]
        declared = jwk.get("alg")
        allowed = {declared} if declared else ALGORITHMS_BY_KEY_TYPE.get(str(jwk.get("kty")), set())
        if algorithm not in allowed:
            raise InvalidToken("algorithm")
        return jwt.PyJWK(dict(jwk), algorithm=algorithm)

    def _claims(self, token: str, key: jwt.PyJWK) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                audience=self._audience,
                issuer=self._issuer,
                leeway=LEEWAY_SECONDS,
                options={"require": list(REQUIRED_CLAIMS)},
            )
        except jwt.InvalidTokenError as error:
            raise InvalidToken(_reason(error)) from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise InvalidToken("missing_claim")
        return claims

    def _context(self, claims: Mapping[str, Any]) -> AuthContext:
        return AuthContext(
            subject=claims["sub"],
            issuer=self._issuer,
            name=_text(claims, "name", "preferred_username"),
            email=_text(claims, "email"),
            roles=self._roles(claims),
            client_id=_text(claims, "client_id", "azp"),
        )


class KeySource:
    """The provider's public signing keys, by id."""

    def __init__(
        self,
        issuer: str,
        *,
        http: httpx.AsyncClient,
        cooldown: float,
        lifespan: float,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._http = http
        self._cooldown = cooldown
        self._lifespan = lifespan
        self._monotonic = monotonic
        self._keys: dict[str | None, dict[str, Any]] = {}
        self._jwks_uri: str | None = None
        self._tried_at: float | None = None
        self._fetched_at: float | None = None
        self._refresh: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> dict[str, Any] | None:
        """The key `kid`; nothing when the provider does not publish it. Without a kid, the only key there is.

        A known key answers at once, also while the provider is down; old keys are refreshed beside the request.
        """
        known = self._lookup(kid)
        if known is not None:
            if self._is_old() and self._may_fetch():
                self._start_refresh()
            return known
        if self._may_fetch():
            self._start_refresh()
        if self._refresh is not None:
            await asyncio.shield(self._refresh)
        if not self._keys:
            raise IdentityProviderUnavailable
        return self._lookup(kid)

    async def aclose(self) -> None:
        if self._refresh is not None:
            self._refresh.cancel()
            await asyncio.gather(self._refresh, return_exceptions=True)

    def _lookup(self, kid: str | None) -> dict[str, Any] | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._monotonic() - self._fetched_at > self._lifespan

    def _may_fetch(self) -> bool:
        """Whether the cool-down since the last try is over: random kids must not make us flood the provider."""
        return self._tried_at is None or self._monotonic() - self._tried_at >= self._cooldown

    def _start_refresh(self) -> None:
        if self._refresh is None:
            self._tried_at = self._monotonic()
            self._refresh = asyncio.create_task(self._fetch(), name="jwks-refresh")
            self._refresh.add_done_callback(self._refreshed)

    def _refreshed(self, task: asyncio.Task[None]) -> None:
        self._refresh = None
        if not task.cancelled() and task.exception() is not None:
            logger.error("refreshing the provider's keys failed", exc_info=task.exception())

    async def _fetch(self) -> None:
        """Fetches the keys; a failure is logged and leaves the keys that are there."""
        try:
            async with asyncio.timeout(FETCH_TIMEOUT_SECONDS):
                uri = self._jwks_uri or await self._discover()
                keys = _signing_keys(await self._get_json(uri))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            self._jwks_uri = None  # the provider may have moved its keys: discover again
            JWKS_FETCHES.labels("failed").inc()
            logger.warning("the identity provider's keys cannot be fetched", extra={"fields": {"error": repr(error)}})
            return
        self._jwks_uri = uri
        self._keys = {key.get("kid"): key for key in keys}
        self._fetched_at = self._monotonic()
        JWKS_FETCHES.labels("ok").inc()

    async def _discover(self) -> str:
        """`jwks_uri` of the discovery document, whose issuer must equal ours character for character."""
        document = await self._get_json(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != self._issuer:
            raise ValueError(f"the discovery document is {document.get('issuer')!r}'s, not {self._issuer!r}'s")
        uri = document.get("jwks_uri")
        if not isinstance(uri, str) or urlsplit(uri).scheme not in {"https", urlsplit(self._issuer).scheme}:
            raise ValueError(f"the discovery document has no usable jwks_uri: {uri!r}")
        return uri

    async def _get_json(self, url: str) -> dict[str, Any]:
        response = await self._http.get(url, follow_redirects=False, headers={"Accept": "application/json"})
        response.raise_for_status()
        document = response.json()
        if not isinstance(document, dict):
            raise ValueError(f"{url} answered no JSON object")  # noqa: TRY004  caught with the other bad answers
        return document


def _signing_keys(jwks: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The asymmetric signing keys of a set; a set without any is an error, never an empty cache."""
    keys = jwks.get("keys")
    found = [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and key.get("kty") in ALGORITHMS_BY_KEY_TYPE and key.get("use", "sig") == "sig"
    ]
    if not found:
        raise ValueError("the provider publishes no key that could sign")
    return found


def _header(token: str) -> dict[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidToken("malformed")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise InvalidToken(_reason(error)) from error
    if header.get("alg") not in ALGORITHMS:
        raise InvalidToken("algorithm")
    if "crit" in header:  # we implement no extension, so none may be critical (RFC 7515, section 4.1.11)
        raise InvalidToken("critical_header")
    kind = header.get("typ", "")
    if not isinstance(kind, str) or kind.lower() not in ACCESS_TOKEN_TYPES | UNDECLARED_TYPES:
        raise InvalidToken("token_type")
    return header


def _refuse_id_token(header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
    """An id token tells a client who its user is; it is no permission to call an API (RFC 9068, section 6)."""
    if str(header.get("typ", "")).lower() in ACCESS_TOKEN_TYPES:
        return
    if claims.get("typ") == "ID" or "nonce" in claims or "at_hash" in claims:
        raise InvalidToken("token_type")


_REASONS: Final[tuple[tuple[type[Exception], Reason], ...]] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.ImmatureSignatureError, "not_yet_valid"),
    (jwt.InvalidIssuedAtError, "not_yet_valid"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.MissingRequiredClaimError, "missing_claim"),
    (jwt.InvalidSignatureError, "signature"),
    (jwt.InvalidAlgorithmError, "algorithm"),
)


def _reason(error: Exception) -> Reason:
    if "'crit'" in str(error) or "critical" in str(error):  # PyJWT has no class of its own for it
        return "critical_header"
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    return "malformed"


def _text(claims: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = claims.get(name)
        if isinstance(value, str) and value:
            return value
    return None
