"""A Ray cluster of our own: a process of its own keeps it, and ends it with whoever has started it.

That one may be killed at any moment; its end is read from a pipe.
"""

import os
import shutil
import subprocess
import sys
import tempfile

from runtime.targets.remote.connector import UnreachableError

_END_S = 20.0
_PROGRAM = (
    "import sys;sys.path[:]=sys.argv[1:];"
    "from runtime.targets.cluster.own_cluster import main;main()"
)


class OwnCluster:
    """The cluster, from its start on.

    Args:
        name: What its target is called.

    Attributes:
        address: Where it is.
    """

    def __init__(self, name: str) -> None:
        paths = [path for path in sys.path if path and os.path.isabs(path)]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _PROGRAM, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )
        self.address = self._process.stdout.readline().strip() if self._process.stdout else ""
        if not self.address:
            raise UnreachableError(name, "a cluster of its own could not be started")

    def end(self) -> None:
        """End it, with everything that runs there."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()


def main() -> None:
    """Keep a cluster until standard input ends; its address is printed."""
    import ray

    out = os.dup(1)
    os.dup2(2, 1)  # whatever Ray prints is not the address
    folder = tempfile.mkdtemp(prefix="ray-")
    try:
        ray.init(
            address="local",
            include_dashboard=False,
            configure_logging=False,
            log_to_driver=False,
            _temp_dir=folder,
        )
        os.write(out, f"{ray.get_runtime_context().gcs_address}\n".encode())
        sys.stdin.read()
        ray.shutdown()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
