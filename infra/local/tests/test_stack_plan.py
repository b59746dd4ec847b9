"""What is decided before the stack starts: ports, secrets, environments, the file that others read."""

import json
import socket
from pathlib import Path

import pytest

from local_stack.console import StackError
from local_stack.plan import Plan, Secrets
from local_stack.ports import choose_ports, free_port, is_free
from local_stack.state import StateFolder


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    state = StateFolder(tmp_path / "state")
    state.create()
    return Plan(state, choose_ports(), Secrets.load_or_create(state))


def test_a_taken_port_is_replaced_and_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        free = free_port(avoid=[taken])

        ports = choose_ports({"front_door": taken, "oidc": free})

    assert ports["front_door"] not in {taken, free}
    assert ports["oidc"] == free
    assert ports.taken == {"front_door": taken}


def test_a_port_taken_on_ipv6_only_is_taken_too() -> None:
    """A browser asks ::1 first for `localhost`, and would meet the stranger."""
    try:
        somebody = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("no IPv6 on this machine")
    with somebody:
        assert not is_free(somebody.getsockname()[1])


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)

    first, second = Secrets.load_or_create(state), Secrets.load_or_create(state)

    assert first == second
    assert state.secrets_file.stat().st_mode & 0o777 == 0o600
    assert len({first.superuser, first.redis, *first.roles.values(), *first.internal_keys.values()}) == 2 + 6 + 3


def test_lost_secrets_beside_a_database_are_explained(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.postgres.mkdir()
    (state.postgres / "PG_VERSION").write_text("18")

    with pytest.raises(StackError, match="make reset"):
        Secrets.load_or_create(state)


def test_a_service_gets_its_own_role_and_nobody_elses_secrets(plan: Plan) -> None:
    core = plan.service_environment("core-api")
    worker = plan.service_environment("worker-svc")

    assert f"//core:{plan.secrets.roles['core']}@" in core["CORE_API_DATABASE_URL"]
    assert "CORE_API_MIGRATION_DATABASE_URL" not in core
    assert json.loads(core["CORE_API_INTERNAL_KEYS"])["worker-svc"] == [worker["WORKER_SVC_INTERNAL_KEY"]]
    everything = json.dumps(worker)
    for secret in (plan.secrets.superuser, plan.secrets.roles["core"], plan.secrets.roles["market_owner"]):
        assert secret not in everything


def test_only_migrations_get_the_owners_password(plan: Plan) -> None:
    url = plan.migration_environment("ai-svc")["AI_SVC_MIGRATION_DATABASE_URL"]

    assert f"//ai_owner:{plan.secrets.roles['ai_owner']}@" in url


def test_tunables_of_the_person_stay_and_addresses_do_not(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKER_SVC_SLOTS", "8")
    monkeypatch.setenv("WORKER_SVC_STOP_GRACE_SECONDS", "60")
    monkeypatch.setenv("WORKER_SVC_DATABASE_URL", "postgresql://production/")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("NO_PROXY", "intranet")

    environment = plan.service_environment("worker-svc")

    assert environment["WORKER_SVC_SLOTS"] == "8"
    assert environment["WORKER_SVC_STOP_GRACE_SECONDS"] == "60"
    assert "127.0.0.1" in environment["WORKER_SVC_DATABASE_URL"]
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["NO_PROXY"] == "intranet,localhost,127.0.0.1"


def test_the_stack_file_has_the_agreed_shape(plan: Plan) -> None:
    stack = plan.stack(
        started_at="2026-11-20T12:00:00+00:00", ready_seconds=6.123, processes=[{"name": "core-api", "pid": 1}]
    )

    assert set(stack) == {
        *(
            "version",
            "url",
            "state_dir",
            "started_at",
            "ready_seconds",
            "pid",
            "ports",
            "postgres",
            "redis",
            "oidc",
            "users",
        ),
        *("internal_keys", "mirror", "storage_dir", "services", "processes"),
    }
    assert set(stack["ports"]) == {
        *(
            "front_door",
            "core_api",
            "ai_svc",
            "worker_svc",
            "core_scheduler",
            "oidc",
            "mirror",
            "postgres",
            "redis_streams",
            "redis_cache",
        )
    }
    assert set(stack["postgres"]) == {"host", "port", "database", "admin_url", "owner_urls", "runtime_urls"}
    assert set(stack["internal_keys"]) == {"core-api", "ai-svc", "worker-svc"}
    assert {tuple(user["roles"]) for user in stack["users"]} == {("admin",), ("operator",), ("viewer",)}
    assert stack["oidc"]["cli_redirect_uri"] == "http://127.0.0.1/callback"


def test_logs_are_rotated_and_the_oldest_forgotten(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.create()
    for run in range(6):
        state.rotate_log("core-api").write_text(f"run {run}")

    assert state.log("core-api").read_text() == "run 5"
    kept = sorted(path.name for path in state.logs.iterdir())
    assert kept == ["core-api.log", "core-api.log.1", "core-api.log.2", "core-api.log.3"]
    assert (state.logs / "core-api.log.3").read_text() == "run 2"


def test_reset_deletes_its_own_data_and_not_a_second_stack_inside(tmp_path: Path) -> None:
    state = StateFolder(tmp_path)
    state.create()
    Secrets.load_or_create(state)
    inner = tmp_path / "e2e" / "secrets.json"
    inner.parent.mkdir()
    inner.write_text("{}")

    state.delete_data()

    assert [path.name for path in tmp_path.iterdir()] == ["e2e"]
    assert inner.exists()
