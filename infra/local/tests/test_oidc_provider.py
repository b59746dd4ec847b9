"""The local identity provider, driven over HTTP as a browser, the web app and the command line drive it."""

import base64
import hashlib
import json
import re
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from local_stack.ports import free_port
from local_stack.tools import OIDC_FOLDER, node_binary

SPA, CLI = "rotina-spa", "rotina-cli"
APP = "http://localhost:18080"
SPA_REDIRECT, CLI_REDIRECT = f"{APP}/auth/callback", "http://127.0.0.1/callback"
CLI_ACTUAL_REDIRECT = "http://127.0.0.1:54321/callback"
USER = {
    "username": "operator",
    "password": "right-password",
    "name": "Olívia",
    "email": "operator@rotina.local",
    "roles": ["operator"],
}


@dataclass
class Browser:
    """Follows the provider's redirects up to the application's own address, keeping cookies as a browser would."""

    issuer: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    def authorize(self, **overrides: str | None) -> httpx.Response:
        self.verifier = secrets.token_urlsafe(48)
        digest = hashlib.sha256(self.verifier.encode()).digest()
        params = {
            "client_id": SPA,
            "redirect_uri": SPA_REDIRECT,
            "response_type": "code",
            "scope": "openid profile email offline_access",
            "state": "state-1",
            "nonce": "nonce-1",
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        } | overrides
        return self.follow(
            self.http.get(f"{self.issuer}/auth", params={k: v for k, v in params.items() if v is not None})
        )

    def follow(self, answer: httpx.Response) -> httpx.Response:
        while answer.is_redirect and answer.headers["location"].startswith((self.issuer, "/")):
            answer = self.http.get(httpx.URL(self.issuer).join(answer.headers["location"]))
        return answer

    def sign_in(
        self, page: httpx.Response, password: str = USER["password"], username: str = USER["username"]
    ) -> httpx.Response:
        action = re.search(r'<form method="post" action="([^"]+)"', page.text)
        assert action, page.text
        return self.follow(self.http.post(self.issuer + action[1], data={"username": username, "password": password}))

    def code(self, answer: httpx.Response) -> str:
        assert answer.is_redirect, answer.text
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def exchange(self, code: str, **overrides: str) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "client_id": SPA,
            "redirect_uri": SPA_REDIRECT,
            "code": code,
            "code_verifier": self.verifier,
        } | overrides
        return self.http.post(f"{self.issuer}/token", data=form)

    def refresh(self, token: str) -> httpx.Response:
        return self.http.post(
            f"{self.issuer}/token", data={"grant_type": "refresh_token", "client_id": SPA, "refresh_token": token}
        )

    def tokens(self) -> dict[str, str]:
        answer = self.exchange(self.code(self.sign_in(self.authorize())))
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("oidc provider")
    port = free_port()
    config = {
        "issuer": f"http://localhost:{port}",
        "host": "127.0.0.1",
        "port": port,
        "audience": "rotina-api",
        "home": f"{APP}/",
        "keys_file": str(folder / "oidc" / "keys.json"),
        "show_demo_logins": False,
        "users": [USER],
        "clients": {
            "spa": {
                "client_id": SPA,
                "redirect_uris": [SPA_REDIRECT],
                "post_logout_redirect_uris": [f"{APP}/"],
                "origins": [APP],
            },
            "cli": {"client_id": CLI, "redirect_uris": [CLI_REDIRECT]},
        },
    }
    (folder / "config.json").write_text(json.dumps(config))
    process = subprocess.Popen(
        [node_binary(), str(OIDC_FOLDER / "server.mjs"), str(folder / "config.json")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert "listening" in process.stdout.readline()
    assert (folder / "oidc" / "keys.json").stat().st_mode & 0o777 == 0o600
    yield config["issuer"]
    process.terminate()
    assert process.wait(10) == 0
    process.stdout.close()


@pytest.fixture
def browser(provider: str) -> Iterator[Browser]:
    browser = Browser(provider)
    yield browser
    browser.http.close()


def claims_of(provider: str, token: str, *, audience: str) -> dict[str, object]:
    keys = {key["kid"]: jwt.PyJWK(key) for key in httpx.get(f"{provider}/jwks").json()["keys"]}
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, issuer=provider)


def test_the_web_app_gets_a_jwt_access_token_with_audience_and_roles(provider: str, browser: Browser) -> None:
    tokens = browser.tokens()

    claims = claims_of(provider, tokens["access_token"], audience="rotina-api")

    assert jwt.get_unverified_header(tokens["access_token"])["typ"] == "at+jwt"
    assert claims["sub"] == "operator"
    assert claims["roles"] == ["operator"]
    assert claims["preferred_username"] == "operator"
    assert claims["email"] == "operator@rotina.local"
    assert claims["name"] == "Olívia"
    assert claims["client_id"] == SPA
    assert claims["exp"] - claims["iat"] == 600


def test_the_id_token_carries_what_the_web_app_shows(provider: str, browser: Browser) -> None:
    claims = claims_of(provider, browser.tokens()["id_token"], audience=SPA)

    assert claims["name"] == "Olívia"
    assert claims["roles"] == ["operator"]
    assert claims["nonce"] == "nonce-1"


def test_the_resource_may_be_named_or_left_out_but_not_another_one(provider: str, browser: Browser) -> None:
    named = browser.authorize(resource="urn:rotina:api")
    answer = browser.exchange(browser.code(browser.sign_in(named)), resource="urn:rotina:api")

    assert claims_of(provider, answer.json()["access_token"], audience="rotina-api")["sub"] == "operator"
    refused = browser.authorize(resource="urn:somebody:else")
    assert "error=invalid_target" in refused.headers["location"]


def test_a_challenge_is_required_and_plain_is_not_enough(browser: Browser) -> None:
    missing = browser.authorize(code_challenge=None, code_challenge_method=None)
    plain = browser.authorize(code_challenge_method="plain")

    assert "error=invalid_request" in missing.headers["location"]
    assert "error=invalid_request" in plain.headers["location"]


def test_a_wrong_verifier_is_refused(browser: Browser) -> None:
    code = browser.code(browser.sign_in(browser.authorize()))

    answer = browser.exchange(code, code_verifier="x" * 64)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_refresh_tokens_rotate_and_reuse_ends_the_family(browser: Browser) -> None:
    first = browser.tokens()["refresh_token"]

    second = browser.refresh(first).json()["refresh_token"]

    assert second != first
    assert browser.refresh(first).status_code == 400, "a used refresh token was accepted again"
    assert browser.refresh(second).status_code == 400, "the family outlived the reuse of one of its tokens"


def test_a_refreshed_token_is_for_the_same_audience(provider: str, browser: Browser) -> None:
    refreshed = browser.refresh(browser.tokens()["refresh_token"]).json()

    assert claims_of(provider, refreshed["access_token"], audience="rotina-api")["roles"] == ["operator"]


def test_a_wrong_password_is_said_and_repeated_guesses_have_to_wait(browser: Browser) -> None:
    page = browser.authorize(ui_locales="pt-BR")

    wrong = browser.sign_in(page, password="wrong", username="guessed")
    for _ in range(8):
        last = browser.sign_in(page, password="wrong", username="guessed")

    assert wrong.status_code == 401
    assert "Usuário ou senha incorretos" in wrong.text
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    assert browser.sign_in(page).is_redirect, "another user must not have to wait"


def test_the_page_speaks_the_language_asked_for(browser: Browser) -> None:
    assert "Wrong user or password" in browser.sign_in(browser.authorize(ui_locales="en"), password="no").text
    assert 'lang="pt-BR"' in browser.authorize().text


def test_what_was_typed_is_escaped(browser: Browser) -> None:
    answer = browser.sign_in(browser.authorize(), username='"><script>alert(1)</script>', password="x")

    assert "<script>" not in answer.text


def test_the_login_page_has_a_strict_policy_and_loads_nothing_from_outside(browser: Browser) -> None:
    page = browser.authorize()

    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert f"form-action 'self' {APP}" in policy
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="http', page.text)


def test_the_command_line_may_use_any_loopback_port_and_the_web_app_may_not(browser: Browser) -> None:
    native = browser.authorize(client_id=CLI, redirect_uri=CLI_ACTUAL_REDIRECT)
    code = browser.code(browser.sign_in(native))
    answer = browser.exchange(code, client_id=CLI, redirect_uri=CLI_ACTUAL_REDIRECT)
    foreign = browser.authorize(redirect_uri="http://localhost:9999/auth/callback")

    assert answer.status_code == 200, answer.text
    assert foreign.status_code == 400
    assert not foreign.is_redirect


def test_only_the_web_apps_origin_may_read_the_token_endpoint(provider: str, browser: Browser) -> None:
    code = browser.code(browser.sign_in(browser.authorize()))

    own = browser.http.post(
        f"{provider}/token",
        headers={"Origin": APP},
        data={
            "grant_type": "authorization_code",
            "client_id": SPA,
            "redirect_uri": SPA_REDIRECT,
            "code": code,
            "code_verifier": browser.verifier,
        },
    )
    foreign = browser.http.post(
        f"{provider}/token",
        headers={"Origin": "http://evil.example"},
        data={"grant_type": "refresh_token", "client_id": SPA, "refresh_token": own.json()["refresh_token"]},
    )

    assert own.headers["access-control-allow-origin"] == APP
    assert "access-control-allow-origin" not in foreign.headers
    assert foreign.status_code == 400


def test_a_session_signs_in_again_without_asking_until_it_is_ended(provider: str, browser: Browser) -> None:
    tokens = browser.tokens()
    assert browser.authorize().is_redirect, "a second sign-in asked for the password again"

    page = browser.http.get(
        f"{provider}/session/end",
        params={"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": f"{APP}/", "state": "bye"},
    )
    form = dict(re.findall(r'name="(xsrf|logout)" value="([^"]+)"', page.text))
    answer = browser.http.post(f"{provider}/session/end/confirm", data=form)

    assert ".submit()" in page.text, "the sign-out has to need no click"
    assert answer.headers["location"] == f"{APP}/?state=bye"
    assert browser.refresh(tokens["refresh_token"]).status_code == 400
    assert "password" in browser.authorize().text


def test_a_sign_out_without_the_sessions_token_asks_first(provider: str, browser: Browser) -> None:
    browser.tokens()

    page = browser.http.get(f"{provider}/session/end", params={"client_id": SPA})

    assert ".submit()" not in page.text
    assert "Sair da Rotina?" in page.text


def test_an_old_login_page_is_explained(provider: str, browser: Browser) -> None:
    answer = browser.http.get(f"{provider}/interaction/gone")

    assert answer.status_code == 400
    assert "expirou" in answer.text
