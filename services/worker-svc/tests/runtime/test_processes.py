"""What the process table tells."""

import os
import subprocess
import sys

from worker_svc.runtime import linux


def test_e10_children_are_found_with_and_without_the_kernels_list() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert process.pid in linux.children_of(os.getpid())
        assert sorted(linux.children_of(os.getpid())) == sorted(linux._children_by_parent(os.getpid()))
        process.kill()
    assert process.pid not in linux.children_of(os.getpid())
