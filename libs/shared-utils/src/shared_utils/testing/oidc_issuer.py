"""An identity provider for tests: discovery and JWKS over real HTTP on the loopback interface, tokens made to order."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.algorithms import RSAAlgorithm

AUDIENCE = "rotina-api"


class SigningKey:
    """An RSA key with an id."""

    def __init__(self) -> None:
        self.kid = uuid4().hex
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def jwk(self) -> dict[str, Any]:
        public: dict[str, Any] = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return public | {"kid": self.kid, "use": "sig", "alg": "RS256"}

    @property
    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def private_pem(self) -> bytes:
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class OidcIssuer:
    """The provider. `jwks_requests` and `discovery_requests` count what was fetched; `down` makes it answer 503."""

    def __init__(self) -> None:
        self._first_key = SigningKey()
        self.key = self._first_key
        self._published = [self.key]
        self.jwks_requests = 0
        self.discovery_requests = 0
        self.down = False
        self.discovered_issuer: str | None = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True, name="oidc-issuer"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def reset(self) -> None:
        """Back to the first key alone, nothing counted, up."""
        self.key = self._first_key
        self._published = [self.key]
        self.jwks_requests = self.discovery_requests = 0
        self.down = False
        self.discovered_issuer = None

    def rotate(self, *, keep_old: bool = True) -> SigningKey:
        """Signs with a new key from now on; the old one stays published unless told otherwise."""
        self.key = SigningKey()
        self._published = [self.key, *self._published] if keep_old else [self.key]
        return self.key

    def token(
        self,
        sub: str = "user-1",
        *,
        roles: list[str] | None = None,
        aud: str | list[str] | None = AUDIENCE,
        expires_in: int = 600,
        headers: dict[str, Any] | None = None,
        key: SigningKey | None = None,
        **overrides: Any,
    ) -> str:
        """An access token. `overrides` set further claims; one that is None is left out. `headers` likewise."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": sub,
            "aud": aud,
            "iat": now,
            "exp": now + expires_in,
            "jti": uuid4().hex,
            "client_id": "rotina-spa",
            "scope": "openid profile email",
            "roles": roles if roles is not None else ["viewer"],
        } | overrides
        return self.sign(claims, headers={"typ": "at+jwt"} | (headers or {}), key=key)

    def id_token(self, sub: str = "user-1", **overrides: Any) -> str:
        """What the login gives the browser to know its user: no API may accept it, whatever its audience."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": sub,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + 600,
            "nonce": "n-0S6_WzA2Mj",
            "at_hash": "77QmUPtjPfzWtF2AnpK9RQ",
            "roles": ["admin"],
        } | overrides
        return self.sign(claims, headers={"typ": "JWT"})

    def sign(
        self, claims: dict[str, Any], *, headers: dict[str, Any] | None = None, key: SigningKey | None = None
    ) -> str:
        """Any claims, signed with RS256 by `key` or the current one. Claims and headers that are None are left out."""
        signer = key or self.key
        merged = {"kid": signer.kid} | (headers or {})
        return jwt.encode(
            {name: value for name, value in claims.items() if value is not None},
            signer.private,
            algorithm="RS256",
            headers={name: value for name, value in merged.items() if value is not None},
        )

    def document(self) -> dict[str, Any]:
        """The discovery document."""
        self.discovery_requests += 1
        return {
            "issuer": self.discovered_issuer or self.issuer,
            "jwks_uri": f"{self.issuer}/keys",
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def jwks(self) -> dict[str, Any]:
        """The published keys."""
        self.jwks_requests += 1
        return {"keys": [key.jwk for key in self._published]}


def _handler_for(issuer: OidcIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            routes = {"/.well-known/openid-configuration": issuer.document, "/keys": issuer.jwks}
            route = routes.get(self.path)
            if issuer.down or route is None:
                self._answer(503 if issuer.down else 404, {})
            else:
                self._answer(200, route())

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: Any) -> None:
            """Silence: the counters say what was asked."""

    return Handler
