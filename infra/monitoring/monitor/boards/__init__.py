"""The dashboards: each is a few lines of Python, Grafana's JSON is written from them (`make dashboards`)."""

import json

from monitor.boards.ai import BOARD as AI
from monitor.boards.api import BOARD as API
from monitor.boards.data import BOARD as DATA
from monitor.boards.day import BOARD as DAY
from monitor.boards.engine import BOARD as ENGINE
from monitor.boards.storage import BOARD as STORAGE
from monitor.boards.workers import BOARD as WORKERS
from monitor.files import DASHBOARDS

BOARDS = (DAY, ENGINE, WORKERS, API, AI, DATA, STORAGE)


def rendered() -> dict[str, str]:
    """File names and contents."""
    return {
        f"{board.uid.removeprefix('rotina-')}.json": json.dumps(board.render(), indent=1, ensure_ascii=False) + "\n"
        for board in BOARDS
    }


def write() -> None:
    """Writes the files that Grafana reads; one that no board stands behind goes."""
    files = rendered()
    for path in DASHBOARDS.glob("*.json"):
        if path.name not in files:
            path.unlink()
    for name, text in files.items():
        (DASHBOARDS / name).write_text(text, encoding="utf-8")
