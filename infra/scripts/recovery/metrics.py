"""The result of a backup or a drill as a file for the textfile collector of Prometheus' node exporter."""

import os
import re
import time
from pathlib import Path

VARIABLE = "ROTINA_METRICS_DIR"
_VALUE = re.compile(r"^(?P<name>rotina_\w+) (?P<value>\S+)$", re.MULTILINE)
HELP = {
    "last_success_timestamp_seconds": "when one last succeeded",
    "last_result": "1 when the last one succeeded, 0 when it failed",
    "last_duration_seconds": "how long the last one took",
    "last_size_bytes": "size of the last one that succeeded",
}


def record(folder: Path, what: str, *, succeeded: bool, seconds: float, size: int | None = None) -> Path:
    """Writes `rotina_<what>.prom`. The instant of the last success stays when this one failed."""
    path = Path(os.environ.get(VARIABLE) or folder) / f"rotina_{what}.prom"
    values = _known(path)
    prefix = f"rotina_{what}_"
    values |= {f"{prefix}last_result": f"{int(succeeded)}", f"{prefix}last_duration_seconds": f"{seconds:.3f}"}
    if succeeded:
        values[f"{prefix}last_success_timestamp_seconds"] = f"{time.time():.3f}"
        if size is not None:
            values[f"{prefix}last_size_bytes"] = str(size)
    lines = []
    for name, value in sorted(values.items()):
        lines += [f"# HELP {name} {HELP[name.removeprefix(prefix)]}", f"# TYPE {name} gauge", f"{name} {value}"]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.part")  # the collector reads *.prom only
    partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
    partial.chmod(0o644)
    partial.replace(path)
    return path


def _known(path: Path) -> dict[str, str]:
    try:
        return {match["name"]: match["value"] for match in _VALUE.finditer(path.read_text(encoding="utf-8"))}
    except FileNotFoundError:
        return {}
