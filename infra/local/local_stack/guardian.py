"""Ends a stack whose supervisor was killed: python -m local_stack.guardian <processes.json> <supervisor's pid> <seconds of grace>.

Its standard input is a pipe that only the supervisor writes to, and never does: the pipe closes when the supervisor is gone,
whatever ended it. What the supervisor stopped itself is no longer in the file.
"""

import os
import signal
import sys
from pathlib import Path

from local_stack.orphans import end_processes, load_records


def main() -> None:
    path, owner = Path(sys.argv[1]), int(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    while os.read(0, 4096):
        pass
    records = [record for record in load_records(path) if record.owner == owner]
    ended = end_processes(records, seconds=float(sys.argv[3]))
    if ended:
        print(f"the supervisor (pid {owner}) was killed; ended: {', '.join(ended)}", file=sys.stderr)


if __name__ == "__main__":
    main()
