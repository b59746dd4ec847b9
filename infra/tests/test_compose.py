"""The compose files: their policy, the secrets they need, and the scripts that their containers run."""

import asyncio
import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import asyncpg
import pytest
import redis
import yaml

from ai_svc.settings import MigrationSettings as AiMigration
from ai_svc.settings import Settings as AiSettings
from core_api.settings import MigrationSettings as CoreMigration
from core_api.settings import Settings as CoreSettings
from shared_utils.testing.ports import free_port
from shared_utils.testing.postgres_server import PostgresServer
from shared_utils.testing.redis_server import redis_binary
from shared_utils.testing.waiting import until
from worker_svc.settings import MigrationSettings as WorkerMigration
from worker_svc.settings import Settings as WorkerSettings

REPO = Path(__file__).resolve().parents[2]
INFRA = REPO / "infra"
COMPOSE = sorted(INFRA.glob("docker-compose*.yml"))


IMAGE = re.compile(
    r"^(?:FROM |\s*image: (?:&[\w-]+ )?)([a-z0-9./_-]+):([\w.-]+)(@sha256:[0-9a-f]{64})?(?: AS \w+)?$", re.MULTILINE
)
LISTED = re.compile(r"^\| `([^`]+)` \| (\S+) \| (yes|\*\*no\*\*) \|", re.MULTILINE)


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


# --- the policy -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def policy() -> ModuleType:
    """infra/lint is no package; its checks are scripts."""
    spec = importlib.util.spec_from_file_location("compose_policy", INFRA / "lint/compose_policy.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["compose_policy"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_our_compose_files_keep_the_policy(policy: ModuleType) -> None:
    assert policy.check(REPO) == []


@pytest.fixture
def planted(tmp_path: Path, policy: ModuleType) -> Callable[[str, str], list[str]]:
    """What the policy says after one line of the base was changed."""

    def check(old: str, new: str) -> list[str]:
        (tmp_path / "infra").mkdir()
        for path in INFRA.iterdir():
            if path.name != "docker-compose.yml":
                (tmp_path / "infra" / path.name).symlink_to(path)
        shutil.copy(INFRA / "docker-compose.yml", tmp_path / "infra")
        base = tmp_path / "infra" / "docker-compose.yml"
        text = base.read_text()
        assert old in text
        base.write_text(text.replace(old, new, 1))
        found: list[str] = policy.check(tmp_path)
        return found

    return check


@pytest.mark.parametrize(
    ("old", "new", "violation"),
    [
        ("    stop_grace_period: 15s\n", '    ports: ["8080:8080"]\n    stop_grace_period: 15s\n', "frontend: ports"),
        ('    user: "65532:65532"\n', '    user: "0:0"\n', "gateway: user"),
        ("  read_only: true\n", "  read_only: false\n", "core-api: read-only"),
        ("  cap_drop: [ALL]\n", "  cap_drop: [NET_RAW]\n", "worker-svc: capabilities"),
        ("pgvector/pgvector:0.8.6-pg18-trixie", "pgvector/pgvector:pg18", "postgres: image"),
        ("    mem_limit: 1536m\n", "", "ai-svc: limits"),
        ("${LOG_LEVEL:-INFO}", "${LOG_LEVLE:-INFO}", ".env.example: LOG_LEVLE is used but not explained"),
        ("./redis/streams.conf:", "./redis/stream.conf:", "redis-streams: mount"),
        ("secrets: [redis_cache_password]", "secrets: [redis_password]", "redis-cache: secret"),
        ("CORE_API_PUBLIC_URL:", "CORE_API_PUBLIC_ADDRESS:", "core-api: setting"),
        ("CORE_API_CACHE_URL_FILE: /run/secrets/cache_url", "CORE_API_CACHE_URL: redis://x", "secret-variable"),
        ("migrate-ai-svc: {condition: service_completed_successfully}", "migrate-ai-svc: {condition: service_started}",
         "ai-svc: migration"),
    ],
)  # fmt: skip
def test_the_policy_finds(planted: Callable[[str, str], list[str]], old: str, new: str, violation: str) -> None:
    assert any(violation in line for line in planted(old, new))


def test_the_list_of_images_is_true() -> None:
    """infra/images.md names every image with its version, and says which have no digest."""
    used = {}
    for file in [*COMPOSE, *REPO.glob("services/*/Dockerfile"), REPO / "frontend/Dockerfile"]:
        for name, tag, digest in IMAGE.findall(file.read_text()):
            used[name, tag] = bool(digest)
    rows = LISTED.findall((INFRA / "images.md").read_text())
    assert {(name, tag): digest == "yes" for name, tag, digest in rows} == used


@pytest.mark.parametrize("service", ["core-api", "ai-svc"])
def test_containers_outlast_draining_and_uvicorns_grace(service: str) -> None:
    text = (REPO / "services" / service / "Dockerfile").read_text()
    grace = int(text.split('"--timeout-graceful-shutdown", "')[1].split('"')[0])
    stops = yaml.safe_load((INFRA / "docker-compose.yml").read_text())["services"][service]["stop_grace_period"]
    draining = 5  # seconds in production, before Uvicorn is told (ServiceSettings.draining)
    assert int(stops.removesuffix("s")) > draining + grace


def test_postgres_has_a_connection_for_everybody() -> None:
    """Every pool at its largest, twice while replicas are replaced, and what else connects."""
    pools = {CoreSettings: 2, AiSettings: 2, WorkerSettings: 1}  # API and scheduler; ai-svc and its calls (metrics.md)
    largest = sum(
        count * (one.model_fields["database_pool_size"].default + one.model_fields["database_max_overflow"].default)
        for one, count in pools.items()
    )
    keycloak = yaml.safe_load((INFRA / "docker-compose.keycloak.yml").read_text())["services"]["keycloak"]
    others = int(keycloak["environment"]["KC_DB_POOL_MAX_SIZE"]) + 3 + 2  # migrations; exporter and a person
    command = yaml.safe_load((INFRA / "docker-compose.yml").read_text())["services"]["postgres"]["command"]
    limit = int(next(word.partition("=")[2] for word in command if word.startswith("max_connections=")))
    assert 2 * largest + others <= limit - 10


# --- Coolify ----------------------------------------------------------------------------------------------------------


def test_coolifys_data_containers_are_those_of_the_base() -> None:
    base, data = (
        yaml.safe_load((INFRA / name).read_text().replace("../", "./"))
        for name in ("docker-compose.yml", "coolify/data.yml")
    )
    assert data["services"] == {name: base["services"][name] for name in ("postgres", "redis-streams", "redis-cache")}


def test_coolifys_migrations_follow_the_schema_but_for_coolifys_own_word(tmp_path: Path) -> None:
    text = (INFRA / "coolify/migrations.yml").read_text()
    plain = tmp_path / "migrations.yml"
    plain.write_text("\n".join(line for line in text.splitlines() if "exclude_from_hc" not in line))
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = run(Path(sys.executable).with_name("check-jsonschema"), *schema, plain)
    assert done.returncode == 0, done.stdout
    services = yaml.safe_load(text)["services"]
    waits = services["migrated"]["depends_on"].values()
    assert len(waits) == len(services) - 1
    assert {wait["condition"] for wait in waits} == {"service_completed_successfully"}


@pytest.mark.parametrize("path", sorted((INFRA / "coolify").glob("*.env")), ids=lambda path: path.stem)
def test_coolifys_variables_are_those_of_the_base(path: Path) -> None:
    """The same settings as in compose; only what is optional there may be missing here."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    names = {line.partition("=")[0] for line in lines}
    base = yaml.safe_load((INFRA / "docker-compose.yml").read_text())["services"][path.stem]["environment"]
    addresses = {"CORE_API_URL", "AI_SVC_URL", "WORKER_SVC_URL", "FRONTEND_URL"} if path.stem == "gateway" else set()
    assert names - addresses <= base.keys()
    optional = {"GATEWAY_HOST", "ACME_EMAIL", "KEYCLOAK_HOST", "GRAFANA_HOST"}
    assert {
        name for name in base if not name.endswith(("_LOG_LEVEL", "_HEARTBEAT_URL", "_B3_BASE_URL", "_SENTRY_DSN"))
    } - optional <= names


# --- secrets ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installation") / "secrets"
    done = run(INFRA / "scripts/make-secrets", "--keep-owner", folder)
    assert done.returncode == 0, done.stderr
    values = {path.read_text().strip() for path in folder.iterdir()}
    assert not any(value in done.stdout + done.stderr for value in values), "no secret is printed"
    return folder


def test_the_script_makes_every_secret_that_a_compose_file_names(secrets: Path) -> None:
    named = {secret for file in COMPOSE for secret in (yaml.safe_load(file.read_text()).get("secrets") or {})}
    outside = {"openai_api_key", "alertmanager_smtp_password", "alertmanager_page_url", "alertmanager_heartbeat_url"}
    assert named - outside <= {path.name for path in secrets.iterdir()}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {0o600}


def test_a_secret_that_is_there_stays(secrets: Path) -> None:
    before = {path.name: path.read_text() for path in secrets.iterdir()}
    (secrets / "cache_url").unlink()
    assert run(INFRA / "scripts/make-secrets", "--keep-owner", secrets).stdout.count("made ") == 1
    assert {path.name: path.read_text() for path in secrets.iterdir()} == before, "made again from the same password"


def files(service: str, secrets: Path) -> dict[str, str]:
    """The service's variables as compose would set them, its secrets in our folder."""
    part = yaml.safe_load((INFRA / "docker-compose.yml").read_text())["services"][service]["environment"]
    found = {key: str(value).replace("/run/secrets", str(secrets)) for key, value in part.items() if value is not None}
    return {key: value.split(":-")[-1].rstrip("}") if value.startswith("${") else value for key, value in found.items()}


@pytest.mark.parametrize(
    ("service", "settings"),
    [
        ("core-api", CoreSettings),
        ("core-scheduler", CoreSettings),
        ("ai-svc", AiSettings),
        ("worker-svc", WorkerSettings),
        ("migrate-core-api", CoreMigration),
        ("migrate-ai-svc", AiMigration),
        ("migrate-worker-svc", WorkerMigration),
    ],
)
def test_production_starts_with_them(
    service: str, settings: type[Any], secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in files(service, secrets).items():
        monkeypatch.setenv(name, "https://rotina.example.com" if value.startswith("${") or "?" in value else value)
    assert settings().environment == "production"


def test_callers_have_the_keys_that_are_asked_for(secrets: Path) -> None:
    core, ai = (json.loads((secrets / f"{name}_internal_keys").read_text()) for name in ("core_api", "ai_svc"))
    worker, assistant = ((secrets / f"{name}_internal_key").read_text() for name in ("worker_svc", "ai_svc"))
    assert core == {"worker-svc": [worker], "ai-svc": [assistant]}
    assert ai == {"worker-svc": [worker]}


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, secrets: Path) -> Iterator[int]:
    """A new server on which the image's first start was done, twice."""
    folder = tmp_path_factory.mktemp("postgres")
    server = PostgresServer(
        folder / "data", port=free_port(), superuser_password="of-this-test", log_file=folder / "log", durable=False
    )
    server.init()
    server.start()
    try:
        for _ in range(2):
            done = run(
                INFRA / "postgres/init/10-rotina.sh",
                PATH=f"{server.bin_path}:{os.environ['PATH']}",
                ROTINA_SECRETS_DIR=str(secrets),
                ROTINA_ROLES_SQL=str(INFRA / "postgres/init/roles.sql"),
                PGHOST="127.0.0.1",
                PGPORT=str(server.port),
                PGPASSWORD="of-this-test",
            )
            assert done.returncode == 0, done.stderr
        yield server.port
    finally:
        server.stop()


async def attempt(port: int, secrets: Path, role: str, database: str, statement: str) -> str:
    password = (secrets / f"postgres_role_{role}").read_text().strip()
    connection = await asyncpg.connect(
        host="127.0.0.1", port=port, user=role, password=password, database=database, timeout=30
    )
    try:
        return str(await connection.fetchval(statement))
    except asyncpg.InsufficientPrivilegeError:
        return "refused"
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("role", "statement", "answer"),
    [
        ("core_owner", "CREATE TABLE core.t (id int); SELECT 1", "None"),
        ("core", "CREATE TABLE core.u (id int)", "refused"),
        ("core", "CREATE TABLE public.u (id int)", "refused"),
        ("core", "CREATE TABLE ai.u (id int)", "refused"),
        ("market", "SELECT has_schema_privilege('core', 'USAGE')", "False"),
        ("ai", "SELECT '[1,2]'::vector <-> '[1,2]'::vector", "0.0"),
        ("core", "SHOW statement_timeout", "30s"),
        ("metrics", "SELECT has_schema_privilege('core', 'USAGE')", "False"),
        ("metrics", "SELECT pg_has_role('pg_monitor', 'USAGE')", "True"),
    ],
)
def test_roles_may_what_they_should(database: int, secrets: Path, role: str, statement: str, answer: str) -> None:
    statement, _, then = statement.partition("; ")
    assert asyncio.run(attempt(database, secrets, role, "rotina", statement)) == answer
    assert not then or asyncio.run(attempt(database, secrets, role, "rotina", then)) == "1"


def test_the_identity_provider_has_a_database_of_its_own(database: int, secrets: Path) -> None:
    assert asyncio.run(attempt(database, secrets, "keycloak", "keycloak", "SELECT current_user")) == "keycloak"
    for role, wanted in (("core", "keycloak"), ("keycloak", "rotina")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            asyncio.run(attempt(database, secrets, role, wanted, "SELECT 1"))


def test_the_first_start_says_which_secret_is_missing(tmp_path: Path) -> None:
    sql = str(INFRA / "postgres/init/roles.sql")
    done = run(INFRA / "postgres/init/10-rotina.sh", ROTINA_SECRETS_DIR=str(tmp_path), ROTINA_ROLES_SQL=sql)
    assert done.returncode == 2
    assert "postgres_role_core_owner is not there" in done.stderr


def test_the_script_is_what_the_local_stack_does() -> None:
    done = run(sys.executable, INFRA / "scripts/export_roles_sql.py", "--check")
    assert (done.returncode, done.stdout) == (0, "")


# --- Redis ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("streams", {"maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "everysec"}),
        ("cache", {"maxmemory-policy": "allkeys-lru", "appendonly": "no"}),
    ],
)
def test_each_redis_has_its_policy_and_a_password(
    role: str, expected: dict[str, str], secrets: Path, tmp_path: Path
) -> None:
    port = free_port()
    here = tmp_path / "redis.conf"
    lines = [f"port {port}", "bind 127.0.0.1", f"dir {tmp_path}"]
    own = (INFRA / f"redis/{role}.conf").read_text().splitlines()
    here.write_text("\n".join([*(line for line in own if not line.startswith("dir ")), *lines]))
    password = secrets / f"redis_{role}_password"
    server = subprocess.Popen([INFRA / "redis/start", here, password, redis_binary()], stdout=subprocess.DEVNULL)
    try:
        client = redis.Redis(port=port, password=password.read_text(), decode_responses=True)
        asyncio.run(until(lambda: answers(client), timeout=30))
        settings = {key: client.config_get(key)[key] for key in expected}
        assert settings == expected
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=port).ping()
        one = tmp_path / "one"
        one.mkdir()
        shutil.copy(password, one)
        cli = {"ROTINA_SECRETS_DIR": str(one), "REDIS_PROGRAM": str(redis_binary().with_name("redis-cli"))}
        assert run(INFRA / "redis/redis-cli", "-p", str(port), "ping", **cli).stdout == "PONG\n"
        shown = Path(f"/proc/{server.pid}/cmdline").read_bytes()
        assert password.read_bytes() not in shown
    finally:
        server.terminate()
        server.wait(timeout=30)


def answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.ConnectionError:
        return False


# --- Keycloak ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def realm() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((INFRA / "keycloak/realm.json").read_text())
    return content


def test_the_realm_has_roles_clients_and_nobody_in_it(realm: dict[str, Any]) -> None:
    assert [role["name"] for role in realm["roles"]["realm"]] == ["viewer", "operator", "admin"]
    assert realm["users"] == []
    assert "secret" not in json.dumps([*realm["clients"]]).replace("no secret", "")
    assert realm["revokeRefreshToken"] is True
    assert realm["refreshTokenMaxReuse"] == 0
    assert 300 <= realm["accessTokenLifespan"] <= 900


@pytest.mark.parametrize("name", ["rotina-spa", "rotina-cli"])
def test_people_sign_in_with_code_and_pkce_only(realm: dict[str, Any], name: str) -> None:
    client = next(client for client in realm["clients"] if client["clientId"] == name)
    assert client["publicClient"] is True
    assert client["attributes"]["pkce.code.challenge.method"] == "S256"
    assert not client["implicitFlowEnabled"]
    assert not client["directAccessGrantsEnabled"]
    assert all("*" not in uri for uri in client["redirectUris"])


def test_tokens_name_the_api_and_carry_the_roles(realm: dict[str, Any]) -> None:
    scopes = {scope["name"]: scope for scope in realm["clientScopes"]}
    audience = scopes["rotina-api"]["protocolMappers"][0]
    assert audience["protocolMapper"] == "oidc-audience-mapper"
    assert audience["config"]["included.client.audience"] == "rotina-api"
    for client in realm["clients"]:
        wanted = {*client.get("defaultClientScopes", []), *client.get("optionalClientScopes", [])}
        assert wanted <= scopes.keys(), client["clientId"]
    assert realm["scopeMappings"][0]["roles"] == ["viewer", "operator", "admin"]
