"""The real files of services/gateway: who gets which path, and what never passes."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from local_stack.front_door import FrontDoor
from local_stack.gateway_config import PASSED_OVER, GatewayConfigError, load_gateway_config
from local_stack.tools import GATEWAY_FOLDER
from shared_utils.observability.tracing import is_traceparent

ISSUER = "http://localhost:9000"


def echo(name: str) -> Any:
    """A service that tells what reached it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        seen = {
            "service": name,
            "method": scope["method"],
            "path": scope["raw_path"].decode(),
            "query": scope["query_string"].decode(),
            "headers": [[key.decode(), value.decode()] for key, value in scope["headers"]],
            "body": len(body),
        }
        payload = json.dumps(seen).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"x-powered-by", b"somebody"),
            (b"content-length", str(len(payload)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    return app


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "dist of the app"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Rotina</title>")
    (folder / "assets" / "app-1a2b.js").write_text("console.log(1)\n" * 200)
    return folder


@pytest.fixture(scope="module")
def environment(serve_all: Callable[[Any], Any], site: Path) -> dict[str, str]:
    return {
        "CORE_API_URL": serve_all(echo("core-api")).url,
        "AI_SVC_URL": serve_all(echo("ai-svc")).url,
        "WORKER_SVC_URL": serve_all(echo("worker-svc")).url,
        "FRONTEND_URL": site.as_uri(),
        "OIDC_ORIGIN": ISSUER,
    }


@pytest.fixture(scope="module")
def front(serve_all: Callable[[Any], Any], environment: dict[str, str]) -> Iterator[httpx.Client]:
    config = load_gateway_config(GATEWAY_FOLDER / "dynamic", environment)
    server = serve_all(FrontDoor(config, {"client_id": "rotina-spa"}))
    with httpx.Client(base_url=server.url) as client:
        yield client


def raw(client: httpx.Client, path: str) -> httpx.Response:
    """A path exactly as written: httpx would tidy it up first."""
    request = client.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=path.encode())
    return client.send(request)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v1/me", "core-api"),
        ("/api/me", "core-api"),
        ("/api/v1/executions?status=RUNNING", "core-api"),
        ("/api/v1/air", "core-api"),
        ("/api/v1/ai/chat", "ai-svc"),
        ("/api/v1/ai", "ai-svc"),
        ("/api/ai/agents", "ai-svc"),
        ("/api/v1/rag/search", "ai-svc"),
        ("/api/rag/search", "ai-svc"),
        ("/api/v1/market/quotes", "worker-svc"),
        ("/api/market/quotes", "worker-svc"),
        ("/api/v1/marketing", "core-api"),
        ("/health", "core-api"),
    ],
)
def test_each_path_reaches_its_service(front: httpx.Client, path: str, service: str) -> None:
    seen = front.get(path).json()

    assert seen["service"] == service
    assert seen["path"] + ("?" + seen["query"] if seen["query"] else "") == path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_writes_reach_core_api_with_their_body(front: httpx.Client, method: str) -> None:
    seen = front.request(method, "/api/v1/routines", content=b"x" * 5000).json()

    assert (seen["service"], seen["method"], seen["body"]) == ("core-api", method, 5000)


@pytest.mark.parametrize(
    "path",
    [
        "/internal",
        "/internal/v1/executions/claim",
        "/metrics",
        "/health/ready",
        "/health/",
        "/docs",
        "/openapi.json",
        "/INTERNAL/v1/workers",
        "//internal/v1/workers",
        "/api/../internal/v1/workers",
        "/x/..//metrics",
        "/int%65rnal/v1/workers",
        "/./metrics",
        "/Metrics",
        "/metrics/",
        "/metrics;x=1",
        "/health/./ready",
        "/health//ready",
        "/health/ready/",
        "/HEALTH/READY",
        "/health/re%61dy",
        "/api/v1/../../metrics",
        "/..%2e/internal/v1/workers",
        "/.//internal//v1/workers",
        "/internal%20",
    ],
)
def test_inner_addresses_are_not_there(front: httpx.Client, path: str) -> None:
    answer = raw(front, path)

    assert answer.status_code == 404, answer.text
    assert answer.json()["code"] == "NOT_FOUND"


@pytest.mark.parametrize(
    "path", ["/api%2f..%2finternal", "/api/v1/%5c..", "/api/v1/x%00", "/health%2fready", "/%2Fmetrics", "/\\internal"]
)
def test_dangerous_encodings_are_refused(front: httpx.Client, path: str) -> None:
    assert raw(front, path).status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "X-Internal-Key",
        "x-internal-key",
        "X_Internal_Key",
        "X-Internal_Key",
        "X.Internal.Key",
        "X~Internal+Key",
        "X-User-Roles",
        "X-Source-Service",
        "X_User_Id",
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/ai/chat", "/api/v1/market/quotes", "/health"])
def test_no_header_of_the_services_comes_from_outside(front: httpx.Client, path: str, name: str) -> None:
    seen = front.get(path, headers={name: "secret", "X-Request-ID": "kept-request-id"}).json()

    names = {re.sub(r"[^a-z0-9]", "-", key) for key, _ in seen["headers"]}
    assert not names & {"x-internal-key", "x-user-roles", "x-source-service", "x-user-id"}
    assert ["x-request-id", "kept-request-id"] in seen["headers"]


@pytest.mark.parametrize(
    "headers",
    [
        [("X-Internal-Key", "secret"), ("X-Internal-Key", "secret")],
        [("x-internal-key", "secret"), ("X-INTERNAL-KEY", "secret"), ("X_INTERNAL_KEY", "secret")],
        [("x-InTeRnAl-kEy", "secret")],
        [("Connection", "X-Request-ID"), ("X-Internal-Key", "secret")],
    ],
)
def test_not_twice_nor_in_any_spelling(front: httpx.Client, headers: list[tuple[str, str]]) -> None:
    assert "secret" not in front.get("/api/v1/me", headers=headers).text


TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([TRACE], True),
        ([], False),
        ([TRACE, TRACE], False),
        ([TRACE.upper()], False),
        (["00-" + "0" * 32 + TRACE[35:]], False),
        (["cc" + TRACE[2:]], False),
        ([TRACE + "-more"], False),
    ],
)
def test_every_request_has_one_trace(front: httpx.Client, given: list[str], kept: bool) -> None:
    headers = [("traceparent", one) for one in given] + [("tracestate", "a=b")]
    seen = dict(map(tuple, front.get("/api/v1/me", headers=headers).json()["headers"]))

    assert is_traceparent(seen["traceparent"])
    assert (seen["traceparent"] == TRACE) is kept
    assert "tracestate" not in seen


def test_forwarding_headers_say_what_is_so(front: httpx.Client) -> None:
    claimed = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Host": "evil.example",
        "X-Real-IP": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
    }
    seen = front.get("/api/v1/me", headers=claimed).json()

    told = {key: value for key, value in seen["headers"] if "forwarded" in key or key == "x-real-ip"}
    assert told == {
        "x-forwarded-for": "127.0.0.1",
        "x-real-ip": "127.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": front.base_url.netloc.decode(),
    }


def test_headers_of_one_connection_stay_there(front: httpx.Client) -> None:
    seen = front.get(
        "/api/v1/me", headers={"Connection": "X-Hop", "X-Hop": "1", "Upgrade": "h2c", "TE": "trailers"}
    ).json()

    assert not {"x-hop", "upgrade", "te", "connection"} & {key for key, _ in seen["headers"]}


def test_api_answers_carry_security_headers_and_no_server_names(front: httpx.Client) -> None:
    headers = front.get("/api/v1/me").headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "server" not in headers
    assert len(headers.get_list("date")) == 1
    assert "x-powered-by" not in headers
    assert "x-xss-protection" not in headers
    assert "strict-transport-security" not in headers, "HSTS over plain HTTP means nothing"


def test_the_web_app_has_its_policy(front: httpx.Client) -> None:
    policy = front.get("/", headers={"Accept": "text/html"}).headers["content-security-policy"]

    parts = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}
    assert parts["default-src"] == ["'self'"]
    assert parts["script-src"] == ["'self'"]
    assert parts["connect-src"] == ["'self'", ISSUER]
    assert parts["form-action"] == ["'self'", ISSUER]
    assert parts["frame-ancestors"] == ["'none'"]


def test_the_web_app_answers_its_own_routes_but_not_missing_files(front: httpx.Client) -> None:
    page = front.get("/routines/abc", headers={"Accept": "text/html", "Sec-Fetch-Mode": "navigate"})
    script = front.get("/assets/gone.js", headers={"Accept": "text/html"})
    called = front.get("/unknown", headers={"Accept": "application/json"})

    assert "<title>Rotina</title>" in page.text
    assert page.headers["cache-control"] == "no-cache"
    assert script.status_code == 404
    assert called.status_code == 404
    assert front.post("/routines").status_code == 405


def test_assets_are_immutable_compressed_and_revalidated(front: httpx.Client) -> None:
    asset = front.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
    again = front.get("/assets/app-1a2b.js", headers={"If-None-Match": asset.headers["etag"]})

    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-encoding"] == "gzip"
    assert asset.text == "console.log(1)\n" * 200
    assert again.status_code == 304


def test_the_web_apps_settings_are_served_and_not_cached(front: httpx.Client) -> None:
    answer = front.get("/config.json")

    assert answer.json() == {"client_id": "rotina-spa"}
    assert answer.headers["cache-control"] == "no-store"


def test_nothing_outside_the_site_is_served(front: httpx.Client, site: Path) -> None:
    (site.parent / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(site.parent / "secret.txt")

    assert raw(front, "/../secret.txt").status_code == 404
    assert raw(front, "/%2e%2e/secret.txt").status_code == 404
    assert raw(front, "/link.txt").status_code == 404


def test_a_body_over_the_limit_is_413(front: httpx.Client) -> None:
    declared = front.post("/api/v1/routines", content=b"x" * 1_048_577)
    streamed = front.post("/api/v1/routines", content=(b"x" * 65_536 for _ in range(20)))

    assert declared.status_code == 413
    assert streamed.status_code == 413
    assert declared.json()["code"] == "PAYLOAD_TOO_LARGE"


def test_floods_of_one_address_are_429_with_retry_after(
    serve: Callable[[Any], Any], environment: dict[str, str]
) -> None:
    server = serve(FrontDoor(load_gateway_config(GATEWAY_FOLDER / "dynamic", environment), {}))
    with httpx.Client(base_url=server.url) as front:
        answers = [front.get("/api/v1/ai/agents") for _ in range(60)]
        # Five more are allowed each second, so how many it takes depends on how fast this machine asks.
        while answers[-1].status_code == 200 and len(answers) < 2000:
            answers.append(front.get("/api/v1/ai/agents"))
        other = front.get("/api/v1/me")

    codes = [answer.status_code for answer in answers]
    assert codes[:60] == [200] * 60
    refused = answers[-1]
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.json()["code"] == "TOO_MANY_REQUESTS"
    assert other.status_code == 200, "another limit is counted apart"


# --- the files themselves ---------------------------------------------------------------------------------------------


def gateway_file(name: str) -> dict[str, Any]:
    return yaml.safe_load((GATEWAY_FOLDER / "dynamic" / name).read_text())["http"]


def test_every_router_names_its_priority_and_entry_point() -> None:
    for name, router in gateway_file("routers.yml")["routers"].items():
        assert router["entryPoints"] == ["web"], name
        assert isinstance(router["priority"], int), name


def test_nothing_that_streams_is_buffered() -> None:
    """`buffering` holds back the whole answer; only writes to core-api, whose answers are short, may have it."""
    buffered = [
        name for name, router in gateway_file("routers.yml")["routers"].items() if "body-limit" in router["middlewares"]
    ]

    assert buffered == ["core-api-writes"]


STATIC_FILES = ("traefik.yml", "traefik.tls.yml")


@pytest.mark.parametrize("name", STATIC_FILES)
def test_the_static_files_close_the_known_holes(name: str) -> None:
    static = yaml.safe_load((GATEWAY_FOLDER / name).read_text())

    web = static["entryPoints"]["web"]
    assert {point.get("http", {}).get("aliasHeadersStrategy") for point in static["entryPoints"].values()} == {
        "delete",
        None,
    }
    assert static["entryPoints"]["internal"] == {"address": ":8082"}
    assert web["http"]["encodedCharacters"] == {
        "allowEncodedSlash": False,
        "allowEncodedBackSlash": False,
        "allowEncodedNullCharacter": False,
    }
    assert web["forwardedHeaders"] == {"trustedIPs": []}
    assert static["api"] == {"dashboard": False, "insecure": False}
    assert static["metrics"]["prometheus"]["entryPoint"] == static["ping"]["entryPoint"] == "internal"


def test_the_two_static_files_differ_in_tls_only() -> None:
    plain, tls = (yaml.safe_load((GATEWAY_FOLDER / name).read_text()) for name in STATIC_FILES)

    assert tls.pop("certificatesResolvers")["letsencrypt"]["acme"]["httpChallenge"] == {"entryPoint": "plain"}
    assert tls["entryPoints"].pop("plain")["http"]["redirections"]["entryPoint"]["to"] == ":443"
    web = tls["entryPoints"]["web"]
    assert (web.pop("address"), web["http"].pop("tls")) == (":8443", {})
    assert plain["entryPoints"]["web"].pop("address") == ":8080"
    assert tls == plain


def test_only_what_may_be_repeated_is_tried_again() -> None:
    middlewares, routers = gateway_file("middlewares.yml")["middlewares"], gateway_file("routers.yml")["routers"]

    assert middlewares["again"]["retry"]["retryNonIdempotentMethod"] is False
    assert "RequestThreshold() >= 20" in middlewares["breaker"]["circuitBreaker"]["expression"]
    for router in routers.values():  # the breaker counts what is left after the second try
        names = router["middlewares"]
        assert "again" not in names or "breaker" not in names or names.index("breaker") < names.index("again")


def test_what_the_front_door_passes_over_is_read_and_checked_all_the_same(tmp_path: Path) -> None:
    text = (GATEWAY_FOLDER / "dynamic" / "middlewares.yml").read_text()
    (tmp_path / "middlewares.yml").write_text(text)
    config = load_gateway_config(tmp_path, {"OIDC_ORIGIN": ISSUER})

    assert {config.middlewares[name].kind for name in ("breaker", "again")} == PASSED_OVER
    assert config.flat_middlewares(["breaker", "again"]) == []
    (tmp_path / "middlewares.yml").write_text(text.replace("checkPeriod: 1s", "checkPeriod: often"))
    with pytest.raises(GatewayConfigError, match="not a duration"):
        load_gateway_config(tmp_path, {"OIDC_ORIGIN": ISSUER})
    (tmp_path / "middlewares.yml").write_text(text.replace("attempts: 2", "tries: 2"))
    with pytest.raises(GatewayConfigError, match="not supported by the front door: tries"):
        load_gateway_config(tmp_path, {"OIDC_ORIGIN": ISSUER})


# --- the gateway's start ----------------------------------------------------------------------------------------------


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs services/gateway/start with `echo` in Traefik's place; what it made is in tmp_path."""

    def run(**environment: str) -> subprocess.CompletedProcess[str]:
        settings = {
            "PATH": "/usr/bin:/bin",
            "GATEWAY_FOLDER": str(GATEWAY_FOLDER),
            "GATEWAY_STATE": str(tmp_path),
            "GATEWAY_PROGRAM": "echo",
        }
        command = ["sh", str(GATEWAY_FOLDER / "start")]
        return subprocess.run(command, env=settings | environment, capture_output=True, text=True, check=False)

    return run


def made(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "traefik.yml").read_text())


def test_behind_a_proxy_its_word_counts_and_nobody_elses(
    start: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    spans = "http://alloy:4318/v1/traces"
    done = start(OIDC_ORIGIN=ISSUER, GATEWAY_TRUSTED_PROXY="10.0.1.0/24", GATEWAY_TRACES=spans)

    assert (done.returncode, done.stdout) == (0, f"--configFile={tmp_path}/traefik.yml\n"), done.stderr
    assert made(tmp_path)["entryPoints"]["web"]["forwardedHeaders"] == {"trustedIPs": ["10.0.1.0/24"]}
    assert made(tmp_path)["tracing"] == {"serviceName": "gateway", "otlp": {"http": {"endpoint": spans}}}
    common = sorted(path.name for path in (GATEWAY_FOLDER / "dynamic").glob("*.yml"))
    assert sorted(path.name for path in (tmp_path / "dynamic").iterdir()) == common


def test_with_a_name_of_its_own_it_ends_tls(
    start: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    names = {"GATEWAY_HOST": "rotina.example.com", "KEYCLOAK_HOST": "id.example.com", "GRAFANA_HOST": "g.example.com"}
    done = start(OIDC_ORIGIN="https://id.example.com", ACME_EMAIL="ops@example.com", **names)

    assert done.returncode == 0, done.stderr
    assert made(tmp_path)["certificatesResolvers"]["letsencrypt"]["acme"]["email"] == "ops@example.com"
    tls = yaml.safe_load((tmp_path / "dynamic" / "tls.yml").read_text())["tls"]
    assert tls["stores"]["default"]["defaultGeneratedCert"]["domain"]["sans"] == ["id.example.com", "g.example.com"]
    assert {"keycloak.yml", "grafana.yml", "tls.yml"} < {path.name for path in (tmp_path / "dynamic").iterdir()}


@pytest.mark.parametrize(
    ("environment", "problem"),
    [
        ({}, "set OIDC_ORIGIN"),
        ({"OIDC_ORIGIN": "https://id.example.com/realms/rotina"}, "OIDC_ORIGIN is not valid"),
        ({"OIDC_ORIGIN": ISSUER, "GATEWAY_HOST": "rotina.example.com"}, "set ACME_EMAIL"),
        ({"OIDC_ORIGIN": ISSUER, "GATEWAY_HOST": "a b", "ACME_EMAIL": "ops@example.com"}, "GATEWAY_HOST is not valid"),
        (
            {"OIDC_ORIGIN": ISSUER, "GATEWAY_TRUSTED_PROXY": '"], insecure: true #'},
            "GATEWAY_TRUSTED_PROXY is not valid",
        ),
    ],
)
def test_a_start_that_cannot_be_right_is_refused(
    start: Callable[..., subprocess.CompletedProcess[str]], environment: dict[str, str], problem: str
) -> None:
    done = start(**environment)

    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr


def test_the_default_addresses_are_those_of_the_containers() -> None:
    config = load_gateway_config(GATEWAY_FOLDER / "dynamic", {"OIDC_ORIGIN": ISSUER})

    assert config.services["core-api"] == ["http://core-api:8000"]
    assert config.services["worker-svc"] == ["http://worker-svc:8004"]


def write(folder: Path, text: str) -> Path:
    (folder / "one.yml").write_text(text)
    return folder


SERVICE = "services: {s: {loadBalancer: {servers: [{url: 'http://h:1'}]}}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "http: {routers: {r: {rule: 'Path(`/`)', service: s, tls: {}}}, " + SERVICE + "}",
            "not supported by the front door: tls",
        ),
        ("http: {middlewares: {m: {forwardAuth: {address: x}}}}", "forwardAuth"),
        ("http: {middlewares: {m: {headers: {browserXssFilter: true}}}}", "browserXssFilter"),
        ("http: {middlewares: {m: {rateLimit: {average: 1, period: 1y}}}}", "not a duration"),
        ("http: {routers: {r: {rule: 'Path(`/`)', service: gone}}}", "no service gone"),
        (
            "http: {routers: {r: {rule: 'Path(`/`)', service: s, middlewares: [gone]}}, " + SERVICE + "}",
            "no middleware gone",
        ),
        ("http: {routers: {r: {rule: 'Nope(`/`)', service: s}}, " + SERVICE + "}", "Nope"),
        ("tcp: {}", "tcp"),
        ("http: {services: {s: {loadBalancer: {servers: [{url: '{{ env \"UNSET\" }}'}]}}}}", "UNSET is not set"),
        ("http: {services: {s: {loadBalancer: {servers: [{url: '{{ file }}'}]}}}}", "not understood"),
        ("http: [", "one.yml"),
    ],
)
def test_what_the_front_door_does_not_know_stops_it(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(GatewayConfigError) as refusal:
        load_gateway_config(write(tmp_path, text), {})

    assert said in str(refusal.value)


def test_without_a_priority_the_longer_rule_is_asked_first(tmp_path: Path) -> None:
    text = (
        "http: {routers: {a: {rule: 'Path(`/`)', service: s}, b: {rule: 'PathPrefix(`/long`)', service: s}}, "
        + SERVICE
        + "}"
    )

    assert [router.name for router in load_gateway_config(write(tmp_path, text), {}).routers] == ["b", "a"]
