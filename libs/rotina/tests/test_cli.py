"""The command line, against a provider and an API that speak the real protocols."""

import base64
import hashlib
import html
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from rotina import cli
from rotina.cli_api import parse_events
from rotina.cli_login import fetch_access_token
from rotina.cli_stack import CliError, StackOidc, StackUser, find_stack_file, load_stack

CALLBACK = "http://127.0.0.1:7777/callback"
ROW = {
    "id": "0190a000-0000-7000-8000-000000000001",
    "routine_name": "b3-download",
    "status": "SUCCEEDED",
    "slot": "2026-11-20T23:45:00Z",
    "business_date": "2026-11-20",
    "priority": 5,
    "duration_seconds": 1.25,
    "error": None,
    "warnings": [{"code": "LATE", "message": "late", "context": {}}],
    "reason": None,
}


class Handler(BaseHTTPRequestHandler):
    """An identity provider with a login form, and an API behind its tokens."""

    server: "Site"

    def log_message(self, *_: Any) -> None: ...

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(url.query).items()}
        if url.path == "/oidc/.well-known/openid-configuration":
            base = f"{self.server.url}/oidc"
            self._json({"authorization_endpoint": f"{base}/auth", "token_endpoint": f"{base}/token"})
        elif url.path == "/oidc/auth":
            self.server.authorize = query
            self._redirect("/oidc/interaction/1", cookie="session=1")
        elif url.path == "/oidc/interaction/1":
            action = html.escape("/oidc/interaction/1?a=1&b=2")
            self._html(f'<form method="post" action="{action}"><input name="csrf" value="c&amp;1">'
                       '<input name="username"><input name="password" type="password"></form>')  # fmt: skip
        elif url.path == "/oidc/resume":
            code = urlencode({"code": "the-code", "state": self.server.authorize["state"]} | self.server.twist)
            self._redirect(f"{self.server.authorize['redirect_uri']}?{code}")
        else:
            self._api("GET", url.path, query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        url = urlsplit(self.path)
        if url.path == "/oidc/interaction/1":
            fields = {key: values[0] for key, values in parse_qs(body).items()}
            assert "session=1" in self.headers["cookie"]
            assert fields["csrf"] == "c&1"
            good = (fields["username"], fields["password"]) == ("operator", "pass word")
            self._redirect("/oidc/resume") if good else self._html("<form>wrong</form>", status=self.server.refusal)
        elif url.path == "/oidc/token":
            self._token({key: values[0] for key, values in parse_qs(body).items()})
        else:
            is_json = self.headers.get("content-type", "").startswith("application/json")
            query = {key: values[0] for key, values in parse_qs(url.query).items()}
            self._api("POST", url.path, json.loads(body or "{}") if is_json else {"text": body, **query})

    def _token(self, fields: dict[str, str]) -> None:
        digest = hashlib.sha256(fields["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.server.authorize["code_challenge"]
        assert (fields["code"], fields["redirect_uri"]) == ("the-code", CALLBACK)
        self._json({"access_token": "the-token"})

    def _api(self, method: str, path: str, sent: dict[str, Any]) -> None:
        self.server.calls.append((method, path, sent))
        if self.headers.get("authorization") != "Bearer the-token":
            self._json({"status": "error", "code": "UNAUTHENTICATED", "message": "Sign in first."}, status=401)
            return
        answer = self.server.answers.get((method, path))
        if answer is None:
            self._json({"status": "error", "code": "NOT_FOUND", "message": "There is nothing here."}, status=404)
        elif isinstance(answer, bytes):
            self._send(200, "text/csv", answer)
        elif isinstance(answer, str):
            self._send(200, "text/event-stream", answer.encode())
        else:
            self._json(answer(sent), status=self.server.statuses.get((method, path), 200))

    def _json(self, body: Any, *, status: int = 200) -> None:
        self._send(status, "application/json", json.dumps(body).encode())

    def _html(self, body: str, *, status: int = 200) -> None:
        self._send(status, "text/html", body.encode())

    def _redirect(self, location: str, *, cookie: str | None = None) -> None:
        self.send_response(303)
        self.send_header("Location", location)
        if cookie:
            self.send_header("Set-Cookie", f"{cookie}; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if kind == "text/csv":
            self.send_header("ETag", f'"{self.server.checksum or hashlib.sha256(body).hexdigest()}"')
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Site(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.authorize: dict[str, str] = {}
        self.twist: dict[str, str] = {}
        self.refusal = 401
        self.checksum = ""
        self.calls: list[tuple[str, str, dict[str, Any]]] = []
        self.answers: dict[tuple[str, str], Any] = {}
        self.statuses: dict[tuple[str, str], int] = {}

    def put(self, method: str, path: str, data: Any, *, meta: Any = None) -> None:
        self.answers[method, f"/api/v1{path}"] = lambda _: {"status": "success", "data": data, "meta": meta}

    @property
    def oidc(self) -> StackOidc:
        return StackOidc(issuer=f"{self.url}/oidc", cli_client_id="rotina-cli", cli_redirect_uri=CALLBACK)


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stack_file(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / ".rotina" / "stack.json"
    path.parent.mkdir()
    users = [{"username": "operator", "password": "pass word", "roles": ["operator"]}]
    path.write_text(json.dumps({"version": 1, "url": site.url, "oidc": site.oidc.model_dump(), "users": users}))
    nested = tmp_path / "a folder" / "below"
    nested.mkdir(parents=True)
    monkeypatch.chdir(nested)
    monkeypatch.delenv("ROTINA_STACK", raising=False)
    monkeypatch.delenv("ROTINA_TOKEN", raising=False)
    return path


def rotina(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the command as its console script does; answers the exit code."""
    monkeypatch.setattr("sys.argv", ["rotina", *arguments])
    try:
        cli.main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_a_token_is_got_through_the_login_form(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    assert rotina(monkeypatch, "token", "--user", "operator") == 0
    assert capsys.readouterr().out == "the-token\n"
    assert site.authorize["client_id"] == "rotina-cli"
    assert (site.authorize["code_challenge_method"], site.authorize["response_type"]) == ("S256", "code")


@pytest.mark.parametrize(
    ("password", "twist", "refusal", "says"),
    [
        ("wrong", {}, 401, "refused the login of 'operator'"),
        ("wrong", {}, 429, "too many failed logins"),
        ("pass word", {"state": "forged"}, 401, "does not belong to this login"),
        ("pass word", {"error": "access_denied", "error_description": "no"}, 401, "access_denied no"),
    ],
)
def test_a_login_that_goes_wrong_says_why(
    site: Site, password: str, twist: dict[str, str], refusal: int, says: str
) -> None:
    site.twist, site.refusal = twist, refusal
    with httpx.Client() as http, pytest.raises(CliError, match=says):
        fetch_access_token(site.oidc, StackUser(username="operator", password=password), http=http)


def test_a_stack_that_is_not_running_says_what_to_do(
    site: Site, stack_file: Path, monkeypatch: Any, capsys: Any
) -> None:
    site.shutdown()
    site.server_close()
    assert rotina(monkeypatch, "token") == 1
    error = capsys.readouterr().err
    assert "does not answer" in error
    assert "make up" in error


def test_the_stack_file_is_found_upwards_by_option_and_by_variable(
    stack_file: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    assert find_stack_file(None, start=Path.cwd()) == stack_file
    assert find_stack_file(tmp_path, start=Path("/")) == stack_file
    monkeypatch.setenv("ROTINA_STACK", str(stack_file))
    assert find_stack_file(None, start=Path("/")) == stack_file
    monkeypatch.delenv("ROTINA_STACK")
    with pytest.raises(CliError, match="make up"):
        find_stack_file(None, start=Path("/"))
    with pytest.raises(CliError, match="there is no stack file at"):
        find_stack_file(tmp_path / "nothing", start=Path("/"))


@pytest.mark.parametrize("content", ["", "{}", '{"url": 1}', "not json"])
def test_a_damaged_stack_file_is_named(stack_file: Path, content: str) -> None:
    stack_file.write_text(content)
    with pytest.raises(CliError, match="cannot be read as a stack file"):
        load_stack(stack_file)


def test_an_unknown_user_lists_the_known(stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    assert rotina(monkeypatch, "token", "--user", "nobody") == 1
    assert "the stack has: operator" in capsys.readouterr().err


def test_the_queue_is_a_table(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    site.put("GET", "/scheduler/queue/status", {"business_date": "2026-11-20", "counts": {"SUCCEEDED": 1, "FAILED": 0}})
    site.put("GET", "/executions", [ROW], meta={"next_cursor": None})
    assert rotina(monkeypatch, "queue", "--date", "2026-11-20") == 0
    head, names, row = capsys.readouterr().out.splitlines()
    assert head == "2026-11-20  SUCCEEDED 1"
    assert names.split() == ["SLOT", "STATUS", "PRIO", "ROUTINE", "SECONDS", "NOTE", "ID"]
    assert "b3-download" in row
    assert "1 warning(s): late" in row


@pytest.mark.parametrize(("status", "code"), [("SUCCEEDED", 0), ("FAILED", 1)])
def test_a_run_by_name_that_is_waited_for(
    site: Site, stack_file: Path, monkeypatch: Any, capsys: Any, status: str, code: int
) -> None:
    routine = {"id": "0190a000-0000-7000-8000-0000000000aa", "name": "b3-download"}
    site.put("GET", "/routines", [routine], meta={"next_cursor": None})
    site.put("POST", f"/routines/{routine['id']}/run", ROW | {"status": "PENDING"})
    site.put("GET", f"/executions/{ROW['id']}", ROW | {"status": status})
    assert rotina(monkeypatch, "run", "b3-download", "--date", "2026-11-20", "--wait") == code
    assert status in capsys.readouterr().out
    body = next(sent for method, _, sent in site.calls if method == "POST")
    assert body == {"business_date": "2026-11-20", "with_downstream": False}


def test_waiting_says_for_what_and_ends(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    identity = "0190a000-0000-7000-8000-0000000000aa"
    waiting = ROW | {"status": "PENDING", "warnings": [], "reason": {"code": "WAITING_DEPENDENCY", "context": {}}}
    site.put("POST", f"/routines/{identity}/run", waiting)
    site.put("GET", f"/executions/{ROW['id']}", waiting)
    assert rotina(monkeypatch, "run", identity, "--wait", "--timeout", "0") == 1
    error = capsys.readouterr().err
    assert "WAITING_DEPENDENCY" in error
    assert "still PENDING after 0 s" in error


def test_params_of_one_run(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    identity = "0190a000-0000-7000-8000-0000000000aa"
    site.put("POST", f"/routines/{identity}/run", ROW)
    assert rotina(monkeypatch, "run", identity, "-p", "reference=2024-11-08", "-p", "n_dias=3", "-p", "x=[1]") == 0
    body = next(sent for method, _, sent in site.calls if method == "POST")
    assert body["params"] == {"reference": "2024-11-08", "n_dias": 3, "x": [1]}
    assert rotina(monkeypatch, "run", identity, "--param", "reference") == 1
    assert "name=value" in capsys.readouterr().err


def test_a_routine_that_does_not_exist_lists_those_that_do(
    site: Site, stack_file: Path, monkeypatch: Any, capsys: Any
) -> None:
    site.put("GET", "/routines", [{"id": "1", "name": "b3-download"}], meta={"next_cursor": None})
    assert rotina(monkeypatch, "run", "b4-download") == 1
    assert "there is no routine 'b4-download'; there are: b3-download" in capsys.readouterr().err


def test_logs_page_by_page_and_followed(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    line = {"at": "2026-11-20T23:45:01Z", "level": "INFO", "message": "loaded", "fields": {"rows": 12}}
    pages = {None: ([line], "next"), "next": ([line | {"message": "done"}], None)}
    path = f"/api/v1/executions/{ROW['id']}/logs"
    site.answers["GET", path] = lambda sent: {
        "data": pages[sent.get("cursor")][0],
        "meta": {"next_cursor": pages[sent.get("cursor")][1]},
    }
    assert rotina(monkeypatch, "logs", ROW["id"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out == ["2026-11-20T23:45:01Z INFO    loaded rows=12", "2026-11-20T23:45:01Z INFO    done rows=12"]

    site.answers["GET", f"{path}/stream"] = (
        f": keep-alive\n\nevent: line\nid: 1:1\ndata: {json.dumps(line)}\n\nevent: end\ndata: {{}}\n\n"
    )
    assert rotina(monkeypatch, "logs", ROW["id"], "--follow") == 0
    assert capsys.readouterr().out.splitlines() == ["2026-11-20T23:45:01Z INFO    loaded rows=12"]


def test_e15_artifacts_are_listed_and_downloaded(
    site: Site, stack_file: Path, monkeypatch: Any, capsys: Any, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    path = f"/executions/{ROW['id']}/artifacts"
    one = {"name": "tabela diária.csv", "attempt": 2, "content_type": "text/csv", "size_bytes": 1234567}
    site.put("GET", path, [one])
    assert rotina(monkeypatch, "artifacts", ROW["id"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split("  ") == ["tabela diária.csv", "1,234,567", "text/csv", "2"]

    site.answers["GET", f"/api/v1{path}/tabela%20di%C3%A1ria.csv"] = b"a,b\n1,2\n"
    assert rotina(monkeypatch, "artifacts", ROW["id"], "--get", "tabela diária.csv") == 0
    assert (tmp_path / "tabela diária.csv").read_bytes() == b"a,b\n1,2\n"
    capsys.readouterr()
    assert rotina(monkeypatch, "artifacts", ROW["id"], "--get", "tabela diária.csv", "--output", "-") == 0
    assert capsys.readouterr().out == "a,b\n1,2\n"

    site.checksum = "0" * 64
    broken = ("artifacts", ROW["id"], "--get", "tabela diária.csv", "--output", "broken.csv")
    assert rotina(monkeypatch, *broken) == 1
    assert "checksum" in capsys.readouterr().err
    assert not (tmp_path / "broken.csv").exists()


def test_a_daily_load(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    done = {"business_date": "2026-11-20", "created": 6, "already_there": 1}
    site.put("POST", "/scheduler/daily-load", done)
    assert rotina(monkeypatch, "load") == 0
    assert capsys.readouterr().out == "2026-11-20  6 created, 1 already there\n"


def test_cleaning_up_shows_what_went_and_what_stays(
    site: Site, stack_file: Path, monkeypatch: Any, capsys: Any
) -> None:
    done = {
        "tables": [
            {"table": "scheduler_logs", "keep_days": 90, "rows": 12},
            {"table": "inbox", "keep_days": 7, "rows": 0},
        ],
        "months": [
            {"month": "2024-09-01", "executions": 140000, "bytes": 1, "kept_because": None},
            {"month": "2024-10-01", "executions": 9, "bytes": 1, "kept_because": "UNFINISHED"},
        ],
        "more": False,
    }
    site.put("POST", "/scheduler/maintenance", done)
    assert rotina(monkeypatch, "clean", "--dry-run", "--user", "operator") == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["HISTORY", "KEPT", "ROWS"],
        ["scheduler_logs", "90", "days", "12"],
        ["2024-09", "140000"],
        ["2024-10", "UNFINISHED", "9"],
    ]


def test_a_refusal_shows_the_apis_words_and_code(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("ROTINA_TOKEN", "stale")
    assert rotina(monkeypatch, "load") == 1
    assert capsys.readouterr().err == "rotina: Sign in first. (the token was refused) [UNAUTHENTICATED]\n"


def test_event_streams() -> None:
    lines = iter([": hi", "event: a", "id: 1", "data: {", "data: }", "", "data: [1]", "", "event: lost"])
    assert list(parse_events(lines)) == [("a", "1", {}), ("message", "1", [1])]


# --- dry runs, retries, cancels, previews ------------------------------------------------------------------------------

EXECUTION = ROW | {
    "job": "b3.cotahist.download",
    "queue": "default",
    "params": {"n_dias": 3},
    "status": "PENDING",
    "reason": {"code": "WAITING_DEPENDENCY", "context": {"upstream": [{"name": "sincronizar", "status": "MISSING"}]}},
    "cancel_requested": False,
}
ROUTINE = "0190a000-0000-7000-8000-0000000000aa"


def sent_to(site: Site, path: str) -> dict[str, Any]:
    return next(sent for method, called, sent in site.calls if method == "POST" and called.endswith(path))


def test_a_dry_run_shows_what_would_be_written(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    then = {"execution_id": "x", "routine_id": "y", "routine_name": "b3-load", "business_date": "2026-11-20"}
    site.put("POST", f"/routines/{ROUTINE}/run", EXECUTION, meta={"dry_run": True, "downstream": [then]})
    assert rotina(monkeypatch, "run", ROUTINE, "--dry-run", "--downstream", "--date", "2026-11-20") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "b3-download  2026-11-20  priority 5  queue default"
    assert "now      waits: WAITING_DEPENDENCY  sincronizar" in out
    assert "then     b3-load  2026-11-20" in out
    assert out[-1] == "dry run: nothing was written"
    assert sent_to(site, "/run") == {"business_date": "2026-11-20", "with_downstream": True, "dry_run": True}


def test_a_retry_names_what_it_brings_with_it(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    chained = {"execution_id": "1", "routine_name": "b3-load", "business_date": "2026-11-20", "outcome": "reopened"}
    site.put("POST", f"/executions/{ROW['id']}/retry", EXECUTION, meta={"downstream": [chained]})
    assert rotina(monkeypatch, "retry", ROW["id"], "--downstream") == 0
    assert "b3-load  2026-11-20  reopened" in capsys.readouterr().out
    assert sent_to(site, "/retry") == {"with_downstream": True, "mode": "failed"}
    site.calls.clear()
    assert rotina(monkeypatch, "retry", ROW["id"], "--all", "--json") == 0
    assert json.loads(capsys.readouterr().out)["id"] == ROW["id"]
    assert sent_to(site, "/retry") == {"with_downstream": True, "mode": "all"}


def test_what_runs_is_asked_to_stop(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    running = EXECUTION | {"status": "RUNNING", "cancel_requested": True, "reason": None}
    site.put("POST", f"/executions/{ROW['id']}/cancel", running)
    assert rotina(monkeypatch, "cancel", ROW["id"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("RUNNING  asked to stop")


def test_a_day_is_foretold(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    day = {
        "business_date": "2026-12-24",
        "calendars": [{"calendar_code": "B3", "is_business_day": False, "note": "Véspera de Natal"}],
        "runs": [{"slot": "2026-12-24T23:45:00Z", "priority": 5, "routine_name": "diaria", "job": "system.check"}],
        "runs_total": 2,
        "not_running": [
            {"routine_name": "baixar", "reason": {"code": "NOT_A_BUSINESS_DAY", "context": {}, "text": "Não é pregão."}}
        ],
    }
    site.put("GET", "/scheduler/preview", day)
    assert rotina(monkeypatch, "preview", "2026-12-24") == 0
    out = capsys.readouterr().out
    assert "2026-12-24  2 runs  B3: Véspera de Natal" in out
    assert "diaria" in out
    assert "and 1 more" in out
    assert "NOT_A_BUSINESS_DAY  Não é pregão." in out
    assert rotina(monkeypatch, "preview", "24/12/2026") == 2


# --- backfills -----------------------------------------------------------------------------------------------------------

BACKFILL = {
    "id": "0190a000-0000-7000-8000-0000000000bb",
    "name": "",
    "status": "ACTIVE",
    "mode": "all",
    "start": "2026-11-16",
    "end": "2026-11-20",
    "routines": [{"id": ROUTINE, "name": f"r{n}"} for n in range(5)],
    "total": 8,
    "ended": 3,
    "counts": {"SUCCEEDED": 3, "PENDING": 5},
    "dates": [{"business_date": "2026-11-16", "counts": {"SUCCEEDED": 2}}],
}
RANGE = ("--from", "2026-11-16", "--to", "2026-11-20")


def test_a_backfill_is_previewed(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    site.put("GET", "/routines", [{"id": ROUTINE, "name": "baixar"}], meta={"next_cursor": None})
    routine = {
        "name": "baixar",
        "business_dates": 4,
        "dates": ["2026-11-17", "2026-11-18"],
        "existing": {"SUCCEEDED": 2, "NONE": 2},
        "problem": None,
    }
    unknown = routine | {"name": "velha", "dates": [], "problem": {"code": "X", "message": "outside calendar B3"}}
    shown = {"executions": 2, "dates": 2, "same_request": BACKFILL["id"], "routines": [routine, unknown]}
    site.put("POST", "/backfills/preview", shown)
    arguments = ("backfill", "preview", "-r", "baixar", "-t", "b3", *RANGE, "--mode", "missing", "-p", "n=1")
    assert rotina(monkeypatch, *arguments) == 0
    out = capsys.readouterr().out
    assert "2026-11-17 - 2026-11-18  NONE 2  SUCCEEDED 2" in out
    assert "outside calendar B3" in out
    assert "2 executions on 2 dates" in out
    assert BACKFILL["id"] in out
    assert sent_to(site, "/preview") == {
        "routine_ids": [ROUTINE],
        "tags": ["b3"],
        "start": "2026-11-16",
        "end": "2026-11-20",
        "mode": "missing",
        "params": {"n": 1},
    }
    assert rotina(monkeypatch, *arguments, "--json") == 0
    assert json.loads(capsys.readouterr().out)["executions"] == 2


@pytest.mark.parametrize(("status", "there"), [(201, False), (200, True)])
def test_a_backfill_is_created_once(
    status: int, there: bool, site: Site, stack_file: Path, monkeypatch: Any, capsys: Any
) -> None:
    site.put("POST", "/backfills", BACKFILL)
    site.statuses["POST", "/api/v1/backfills"] = status
    assert rotina(monkeypatch, "backfill", "create", "-r", ROUTINE, *RANGE, "--max-active", "2") == 0
    out = capsys.readouterr().out
    assert "3 of 8 ended  PENDING 5  SUCCEEDED 3" in out
    assert ("nothing was created" in out) is there
    sent = sent_to(site, "/backfills")
    assert (sent["max_active"], sent["priority"], sent["name"]) == (2, 900, "")


def test_backfills_are_listed_and_shown(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    site.put("GET", "/backfills", [BACKFILL, BACKFILL | {"name": "de novo"}])
    assert rotina(monkeypatch, "backfill", "list") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["ID", "STATUS", "ENDED", "FROM", "-", "TO", "MODE", "NAME"]
    assert out[1].endswith("r0, r1, r2 and 2 more")
    assert out[2].endswith("de novo")
    site.put("GET", f"/backfills/{BACKFILL['id']}", BACKFILL)
    assert rotina(monkeypatch, "backfill", "show", BACKFILL["id"]) == 0
    assert "2026-11-16  SUCCEEDED 2" in capsys.readouterr().out
    for command in (("list",), ("show", BACKFILL["id"])):
        assert rotina(monkeypatch, "backfill", *command, "--json") == 0
        json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    ("arguments", "path", "body"),
    [
        (("pause",), "/pause", {}),
        (("resume",), "/resume", {}),
        (("cancel",), "/cancel", {"keep_running": False}),
        (("cancel", "--keep-running", "--json"), "/cancel", {"keep_running": True}),
    ],
)
def test_a_backfill_is_moved(
    arguments: tuple[str, ...],
    path: str,
    body: dict[str, Any],
    site: Site,
    stack_file: Path,
    monkeypatch: Any,
    capsys: Any,
) -> None:
    site.put("POST", f"/backfills/{BACKFILL['id']}{path}", BACKFILL)
    assert rotina(monkeypatch, "backfill", *arguments, BACKFILL["id"]) == 0
    assert BACKFILL["id"] in capsys.readouterr().out
    assert sent_to(site, path) == body


def test_what_the_api_refuses_ends_with_one(site: Site, stack_file: Path, monkeypatch: Any, capsys: Any) -> None:
    assert rotina(monkeypatch, "backfill", "pause", BACKFILL["id"]) == 1
    assert "[NOT_FOUND]" in capsys.readouterr().err
    assert rotina(monkeypatch, "backfill", "create", "-r", ROUTINE) == 2


# --- definitions ---------------------------------------------------------------------------------------------------

YAML = "version: 1\npools:\n  - {name: b3, slots: 3}\n"
PLAN = {
    "applied": False,
    "fingerprint": "f" * 64,
    "counts": {"create": 1, "update": 1, "delete": 1, "unchanged": 4},
    "changes": [
        {"kind": "pool", "name": "b3", "action": "update", "line": 3,
         "fields": [{"field": "slots", "before": 2, "after": 3}]},
        {"kind": "routine", "name": "nova", "action": "create", "line": 9, "fields": []},
        {"kind": "routine", "name": "igual", "action": "unchanged", "line": 12, "fields": []},
        {"kind": "routine", "name": "velha", "action": "delete", "line": None, "fields": []},
    ],
}  # fmt: skip


@pytest.fixture
def yaml_file(tmp_path: Path) -> str:
    path = tmp_path / "rotina.yaml"
    path.write_text(YAML)
    return str(path)


def test_definitions_are_planned(site: Site, stack_file: Path, yaml_file: str, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv("ROTINA_TOKEN", "the-token")
    site.put("POST", "/definitions/plan", PLAN)
    assert rotina(monkeypatch, "definitions", "plan", yaml_file, "--prune") == 0
    assert capsys.readouterr().out.splitlines() == [
        "~ pool b3  (line 3)",
        "    slots: 2 -> 3",
        "+ routine nova  (line 9)",
        "- routine velha",
        "1 to create, 1 to update, 1 to delete, 4 unchanged",
    ]
    assert site.calls[-1][2] == {"text": YAML, "prune": "true"}
    assert rotina(monkeypatch, "definitions", "plan", yaml_file, "--check") == 3


def test_definitions_are_applied_as_planned_or_not_at_all(
    site: Site, stack_file: Path, yaml_file: str, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setenv("ROTINA_TOKEN", "the-token")
    site.put("POST", "/definitions/plan", PLAN)
    site.put("POST", "/definitions/apply", PLAN | {"applied": True})
    assert rotina(monkeypatch, "definitions", "apply", yaml_file, "--yes") == 0
    assert capsys.readouterr().out.endswith("applied\n")
    assert site.calls[-1][2]["expected"] == PLAN["fingerprint"]
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert rotina(monkeypatch, "definitions", "apply", yaml_file) == 1
    assert site.calls[-1][1] == "/api/v1/definitions/plan", "a no applies nothing"


def test_problems_of_definitions_are_told_line_by_line(
    site: Site, stack_file: Path, yaml_file: str, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setenv("ROTINA_TOKEN", "the-token")
    path = ("POST", "/api/v1/definitions/plan")
    site.statuses[path] = 422
    problem = {"field": "pools[0].slots", "message": "line 3: too many", "type": "x"}
    site.answers[path] = lambda _: {"code": "DEFINITIONS_INVALID", "message": "Not so.", "details": [problem]}
    assert rotina(monkeypatch, "definitions", "plan", yaml_file) == 1
    assert capsys.readouterr().err == "rotina: Not so. [DEFINITIONS_INVALID]\n  line 3: too many\n"


def test_definitions_are_exported(site: Site, stack_file: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("ROTINA_TOKEN", "the-token")
    site.answers["GET", "/api/v1/definitions"] = YAML.encode()
    assert rotina(monkeypatch, "definitions", "export", str(tmp_path / "out.yaml")) == 0
    assert (tmp_path / "out.yaml").read_text() == YAML
