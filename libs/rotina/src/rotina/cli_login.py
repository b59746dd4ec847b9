"""Sign in as a person would: authorization code flow with PKCE against the provider's own login form."""

import base64
import hashlib
import secrets
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from rotina.cli_stack import CliError, StackOidc, StackUser

SCOPE = "openid profile email"
MAX_STEPS = 10


class LoginForm(HTMLParser):
    """The first form of a page that asks for a password: its action and its prefilled fields."""

    def __init__(self) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.asks_password = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.asks_password:
            self.action, self.fields = values.get("action", ""), {}
        elif tag == "input" and self.action is not None and values.get("name"):
            self.fields[values["name"]] = values.get("value", "")
            self.asks_password = self.asks_password or values.get("type") == "password"


def fetch_access_token(oidc: StackOidc, user: StackUser, *, http: httpx.Client) -> str:
    """A real access token of `user`. Raises `CliError` when the provider refuses or cannot be reached."""
    verifier = secrets.token_urlsafe(48)
    state = secrets.token_urlsafe(16)
    try:
        endpoints = _discover(oidc.issuer, http=http)
        start = httpx.URL(endpoints["authorization_endpoint"], params=_authorize_params(oidc, verifier, state))
        callback = _walk_to_callback(str(start), oidc, user, http=http)
        code = _code_from(callback, state)
        return _redeem(endpoints["token_endpoint"], oidc, code, verifier, http=http)
    except httpx.TransportError as error:
        problem = f"the identity provider at {oidc.issuer} does not answer ({error})"
        raise CliError(f"{problem}; is the stack running? Start it with `make up`") from None


def _discover(issuer: str, *, http: httpx.Client) -> dict[str, Any]:
    answer = http.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if answer.status_code != 200:
        raise CliError(f"the identity provider at {issuer} has no discovery document (HTTP {answer.status_code})")
    document: dict[str, Any] = answer.json()
    return document


def _authorize_params(oidc: StackOidc, verifier: str, state: str) -> dict[str, str]:
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return {
        "client_id": oidc.cli_client_id,
        "redirect_uri": oidc.cli_redirect_uri,
        "response_type": "code",
        "scope": SCOPE,
        "state": state,
        "nonce": secrets.token_urlsafe(16),
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def _walk_to_callback(url: str, oidc: StackOidc, user: StackUser, *, http: httpx.Client) -> str:
    """Follow redirects, fill in the login form once, and stop at the redirect to our own address."""
    answer = http.get(url, follow_redirects=False)
    submitted = False
    for _ in range(MAX_STEPS):
        if answer.is_redirect:
            target = urljoin(str(answer.request.url), answer.headers["location"])
            if _is_callback(target, oidc.cli_redirect_uri):
                return target
            answer = http.get(target, follow_redirects=False)
            continue
        form = _login_form(answer, submitted=submitted, user=user)
        action = urljoin(str(answer.request.url), form.action or "")
        fields = {**form.fields, "username": user.username, "password": user.password}
        answer = http.post(action, data=fields, follow_redirects=False)
        submitted = True
    raise CliError("the identity provider kept redirecting; sign in with the browser to see what it asks")


def _login_form(answer: httpx.Response, *, submitted: bool, user: StackUser) -> LoginForm:
    if submitted and answer.status_code == 429:
        raise CliError(f"too many failed logins; wait {answer.headers.get('retry-after', 'some')} s and try again")
    if submitted:
        raise CliError(f"the identity provider refused the login of {user.username!r} (HTTP {answer.status_code})")
    form = LoginForm()
    form.feed(answer.text)
    if answer.status_code != 200 or not form.asks_password:
        raise CliError(
            f"the identity provider showed no login form at {answer.request.url} (HTTP {answer.status_code})"
        )
    return form


def _is_callback(target: str, redirect_uri: str) -> bool:
    one, two = urlsplit(target), urlsplit(redirect_uri)
    return (one.scheme, one.netloc, one.path) == (two.scheme, two.netloc, two.path)


def _code_from(callback: str, state: str) -> str:
    query = parse_qs(urlsplit(callback).query)
    if "error" in query:
        description = query.get("error_description", [""])[0]
        raise CliError(f"the identity provider refused: {query['error'][0]} {description}".strip())
    if query.get("state") != [state] or "code" not in query:
        raise CliError("the identity provider's answer does not belong to this login; try again")
    return query["code"][0]


def _redeem(endpoint: str, oidc: StackOidc, code: str, verifier: str, *, http: httpx.Client) -> str:
    answer = http.post(
        endpoint,
        data={
            "grant_type": "authorization_code",
            "client_id": oidc.cli_client_id,
            "redirect_uri": oidc.cli_redirect_uri,
            "code": code,
            "code_verifier": verifier,
        },
    )
    token = answer.json().get("access_token") if answer.status_code == 200 else None
    if not isinstance(token, str):
        raise CliError(f"the identity provider gave no access token (HTTP {answer.status_code})")
    return token
