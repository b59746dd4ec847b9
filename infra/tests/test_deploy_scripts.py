"""The scripts that deploy, against a server that speaks Coolify's protocol and a registry in a folder."""

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
DEPLOY_TOKEN, READ_TOKEN = "1|may-deploy", "2|may-read"
OLD, NEW = "sha256:" + "0" * 64, "sha256:" + "1" * 64

# `docker buildx imagetools`, as far as the scripts use it: a file per reference, holding a digest.
DOCKER = """#!/bin/sh
file="$REGISTRY/$(echo "$4" | tr '/:@' '___')"
case "$1 $2 $3" in
  "buildx imagetools inspect") cat "$file" ;;
  "buildx imagetools create") cp "$REGISTRY/$(echo "$6" | tr '/:@' '___')" "$REGISTRY/$(echo "$5" | tr '/:@' '___')" ;;
  *) exit 64 ;;
esac
"""


@dataclass
class Coolify:
    """What the server was asked, and how it answers. A deployment goes through `states` and stays in the last one."""

    states: list[str] = field(default_factory=lambda: ["queued", "in_progress", "finished"])
    refusals: list[int] = field(default_factory=list)
    message: str | None = None
    failing: set[str] = field(default_factory=set)
    deployed: list[str] = field(default_factory=list)
    polls: dict[str, int] = field(default_factory=dict)
    url: str = ""

    def deploy(self, resource: str) -> tuple[int, dict[str, Any]]:
        if self.refusals:
            return self.refusals.pop(0), {"message": "Deployment queue is full."}
        if self.message:
            return 200, {"deployments": [{"message": self.message, "resource_uuid": resource}]}
        self.deployed.append(resource)
        deployment = f"{resource}-{len(self.deployed)}"
        queued = f"Application {resource} deployment queued."
        return 200, {"deployments": [{"message": queued, "resource_uuid": resource, "deployment_uuid": deployment}]}

    def state(self, deployment: str) -> tuple[int, dict[str, Any]]:
        seen = self.polls[deployment] = self.polls.get(deployment, 0) + 1
        if deployment.rpartition("-")[0] in self.failing:
            return 200, {"deployment_uuid": deployment, "status": "failed"}
        return 200, {"deployment_uuid": deployment, "status": self.states[min(seen, len(self.states)) - 1]}


def handler(coolify: Coolify) -> type[http.server.BaseHTTPRequestHandler]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self, status: int, body: dict[str, Any]) -> None:
            payload = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def token(self) -> str:
            return (self.headers["Authorization"] or "").removeprefix("Bearer ")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or "{}")
            path = urlsplit(self.path)
            resource = parse_qs(path.query).get("uuid", [body.get("uuid", "")])[0]
            if self.token() != DEPLOY_TOKEN:
                self.answer(403, {"message": "Missing required permissions: deploy"})
            elif path.path != "/api/v1/deploy" or not resource:
                self.answer(404, {"message": "No resources found."})
            else:
                self.answer(*coolify.deploy(resource))

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/api/v1/deploy":
                self.answer(405, {"message": "This endpoint has changed to a POST request."})
            elif self.token() != READ_TOKEN:
                self.answer(403, {"message": "Missing required permissions: read"})
            else:
                self.answer(*coolify.state(path.removeprefix("/api/v1/deployments/")))

        def log_message(self, *arguments: Any) -> None:
            """The test asks `coolify` what came in."""

    return Handler


@pytest.fixture
def coolify() -> Iterator[Coolify]:
    state = Coolify()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler(state))
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join(10)


@dataclass
class Registry:
    folder: Path

    def path(self, reference: str) -> Path:
        return self.folder / reference.translate(str.maketrans("/:@", "___"))

    def put(self, reference: str, digest: str) -> None:
        self.path(reference).write_text(digest + "\n")

    def get(self, reference: str) -> str:
        return self.path(reference).read_text().strip()


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    folder = tmp_path / "registry"
    folder.mkdir()
    registry = Registry(folder)
    for image in ("core-api", "worker-svc"):
        for digest in (OLD, NEW):
            registry.put(f"ghcr.io/acme/rotina/{image}@{digest}", digest)
        registry.put(f"ghcr.io/acme/rotina/{image}:staging", OLD)
    return registry


@pytest.fixture
def environment(tmp_path: Path, coolify: Coolify, registry: Registry) -> dict[str, str]:
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "docker").write_text(DOCKER)
    (tools / "docker").chmod(0o755)
    return {
        "PATH": f"{tools}:{Path(sys.executable).parent}:{os.environ['PATH']}",
        "REGISTRY": str(registry.folder),
        "COOLIFY_URL": coolify.url,
        "COOLIFY_TOKEN": DEPLOY_TOKEN,
        "COOLIFY_READ_TOKEN": READ_TOKEN,
        "COOLIFY_RESOURCES": "core-api=api,scheduler worker-svc=worker migrations=migrate",
        "IMAGE_PREFIX": "ghcr.io/acme/rotina",
    }


def script(name: str, *arguments: str, env: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        [str(SCRIPTS / name), *arguments], env=env, capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def coolify_script(env: dict[str, str], *arguments: str) -> tuple[int, str]:
    return script("coolify", "api", "--interval", "0.05", *arguments, env=env)


def test_a_deployment_is_started_by_post_and_followed_to_its_end(coolify: Coolify, environment: dict[str, str]) -> None:
    code, output = coolify_script(environment)
    assert code == 0, output
    assert coolify.deployed == ["api"]
    assert coolify.polls == {"api-1": 3}
    assert "in_progress" in output
    assert "may-deploy" not in output
    assert "may-read" not in output


@pytest.mark.parametrize("end", ["failed", "cancelled-by-user"])
def test_a_deployment_that_does_not_end_well_is_an_error(
    end: str, coolify: Coolify, environment: dict[str, str]
) -> None:
    coolify.states = ["queued", end]
    code, output = coolify_script(environment)
    assert code == 1
    assert f"ended as '{end}'" in output


def test_a_deployment_that_never_ends_is_given_up(coolify: Coolify, environment: dict[str, str]) -> None:
    coolify.states = ["queued", "in_progress"]
    code, output = coolify_script(environment, "--timeout", "1")
    assert code == 3
    assert "is not over after 1s" in output


def test_a_busy_coolify_is_asked_again(coolify: Coolify, environment: dict[str, str]) -> None:
    coolify.refusals = [429, 429]
    code, output = coolify_script(environment)
    assert code == 0, output
    assert coolify.deployed == ["api"]


def test_a_refusal_is_shown_with_what_coolify_says(coolify: Coolify, environment: dict[str, str]) -> None:
    code, output = coolify_script(environment | {"COOLIFY_TOKEN": "3|expired"})
    assert code == 1
    assert "HTTP 403" in output
    assert "Missing required permissions: deploy" in output
    assert coolify.deployed == []


def test_an_answer_of_200_without_a_deployment_is_an_error(coolify: Coolify, environment: dict[str, str]) -> None:
    coolify.message = "Unauthorized to deploy this application."
    code, output = coolify_script(environment)
    assert code == 1
    assert "Unauthorized to deploy" in output


def test_a_token_that_may_only_deploy_cannot_watch_and_is_told_so(
    coolify: Coolify, environment: dict[str, str]
) -> None:
    del environment["COOLIFY_READ_TOKEN"]
    code, output = coolify_script(environment)
    assert code == 1
    assert "COOLIFY_READ_TOKEN" in output


def test_a_token_does_not_travel_in_the_clear(environment: dict[str, str]) -> None:
    code, output = coolify_script(environment | {"COOLIFY_URL": "http://coolify.example.com"})
    assert code == 2
    assert "https" in output


def test_a_deployment_moves_the_tag_and_runs_migrations_first(
    tmp_path: Path, coolify: Coolify, registry: Registry, environment: dict[str, str]
) -> None:
    coolify.states = ["finished"]
    record = tmp_path / "before.txt"
    images = [f"core-api@{NEW}", f"worker-svc@{NEW}"]
    code, output = script("deploy", "staging", "--record", str(record), *images, env=environment)
    assert code == 0, output
    assert coolify.deployed == ["migrate", "api", "scheduler", "worker"]
    assert registry.get("ghcr.io/acme/rotina/core-api:staging") == NEW
    assert record.read_text().split() == [f"core-api@{OLD}", f"worker-svc@{OLD}"]


def test_when_migrations_fail_no_service_is_deployed(coolify: Coolify, environment: dict[str, str]) -> None:
    coolify.failing = {"migrate"}
    code, output = script("deploy", "staging", f"core-api@{NEW}", env=environment)
    assert code == 1, output
    assert coolify.deployed == ["migrate"]


@pytest.mark.parametrize(
    ("image", "says"),
    [
        ("core-api@sha256:12", "is not IMAGE@sha256:DIGEST"),
        (f"gateway@{NEW}", "names no resource for gateway"),
        (f"core-api@sha256:{'2' * 64}", "is not in the registry"),
    ],
)
def test_nothing_is_changed_when_an_image_is_wrong(
    image: str, says: str, coolify: Coolify, registry: Registry, environment: dict[str, str]
) -> None:
    code, output = script("deploy", "staging", f"worker-svc@{NEW}", image, env=environment)
    assert code != 0
    assert says in output
    assert coolify.deployed == []
    assert registry.get("ghcr.io/acme/rotina/worker-svc:staging") == OLD


def test_a_rollback_goes_back_to_what_was_noted_and_asks_the_public_address(
    tmp_path: Path, coolify: Coolify, registry: Registry, environment: dict[str, str]
) -> None:
    coolify.states = ["finished"]
    record = tmp_path / "before.txt"
    record.write_text(f"core-api@{OLD}\n")
    registry.put("ghcr.io/acme/rotina/core-api:staging", NEW)
    # The public address here is Coolify itself, which is no Rotina: the smoke test must say so.
    code, output = script(
        "rollback",
        "staging",
        "--record",
        str(record),
        "--wait",
        "0",
        env=environment | {"PUBLIC_URL": f"{coolify.url}/x"},
    )
    assert registry.get("ghcr.io/acme/rotina/core-api:staging") == OLD
    assert coolify.deployed == ["api", "scheduler"]
    assert code != 0
    assert "WRONG /health answers (status 403)" in output


def test_there_is_nothing_to_go_back_to_after_the_first_deployment(tmp_path: Path, environment: dict[str, str]) -> None:
    record = tmp_path / "before.txt"
    record.touch()
    code, output = script(
        "rollback", "staging", "--record", str(record), env=environment | {"PUBLIC_URL": "http://127.0.0.1:1"}
    )
    assert code == 1
    assert "first deployment" in output
