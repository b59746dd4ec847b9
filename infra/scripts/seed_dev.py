"""Fills a development stack by the public API: a team's calendar, routines, past days and documents. Again, it changes nothing.

    infra/scripts/seed-dev [--days 7] [--wait]

It needs a running local stack (`make up`), and speaks as its demo users through the front door.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from rotina.cli_login import fetch_access_token
from rotina.cli_stack import Stack, load_stack
from shared_utils.clock import home_date, utc_now

DATA = Path(__file__).resolve().parent / "seed_data"
ROTINA = Path(sys.executable).parent / "rotina"
COLLECTION = "operacao"
TAG = "demo-mesa"
WAIT_SECONDS = 300


def main() -> int:
    """Definitions, then past days, then documents."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=7, help="how many days back the routines run")
    parser.add_argument(
        "--wait", action="store_true", help="until the past days have run and the documents can be found"
    )
    options = parser.parse_args()
    rotina("definitions", "apply", str(DATA / "definitions.yml"), "--yes", "--allow-unknown-jobs")
    today = home_date(utc_now())
    first, last = today - timedelta(days=options.days), today - timedelta(days=1)
    rotina(
        "backfill",
        "create",
        "--tag",
        TAG,
        "--from",
        str(first),
        "--to",
        str(last),
        "--mode",
        "missing",
        "--user",
        "admin",
    )
    stack = load_stack()
    with httpx.Client(base_url=stack.url, timeout=30, trust_env=False) as http:
        http.headers["Authorization"] = f"Bearer {token(stack, http)}"
        written = list(write_documents(http))
        print(f"documents: {', '.join(written)} in the collection {COLLECTION}")
        if options.wait:
            wait_until(lambda: documents_are_ready(http, written), what="the documents can be found")
            wait_until(lambda: nothing_waits(http), what="the past days have run")
    print(f"look at {stack.url}")
    return 0


def rotina(*arguments: str) -> None:
    """The command of the product, as a person types it."""
    done = subprocess.run([ROTINA, *arguments], check=False)
    if done.returncode:
        raise SystemExit(f"rotina {' '.join(arguments)} ended with {done.returncode}")


def token(stack: Stack, http: httpx.Client) -> str:
    return fetch_access_token(stack.oidc, stack.user("admin"), http=http)


def write_documents(http: httpx.Client) -> Iterator[str]:
    """Each is named by its file: the same text again is no new version. Everybody who signs in may read them."""
    for path in sorted(DATA.glob("*.md")):
        text = path.read_text(encoding="utf-8")
        body = {
            "title": text.splitlines()[0].removeprefix("# "),
            "text": text,
            "key": f"seed-dev/{path.stem}",
            "collection": COLLECTION,
            "tags": ["seed-dev"],
            "readers": ["*"],
        }
        data(http.post("/api/v1/rag/documents/text", json=body))
        yield path.stem


def documents_are_ready(http: httpx.Client, written: list[str]) -> bool:
    found = data(http.get("/api/v1/rag/documents", params={"collection": COLLECTION, "status": "READY"}))
    return len(found) >= len(written)


def nothing_waits(http: httpx.Client) -> bool:
    found = data(http.get("/api/v1/backfills", params={"limit": 50}))
    return all(one["status"] in {"DONE", "CANCELLED"} for one in found)


def data(answer: httpx.Response) -> Any:
    if not answer.is_success:
        raise SystemExit(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:400]}")
    return answer.json()["data"]


def wait_until(condition: Any, *, what: str) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"not within {WAIT_SECONDS} s: {what}")
        time.sleep(0.5)


if __name__ == "__main__":
    sys.exit(main())
