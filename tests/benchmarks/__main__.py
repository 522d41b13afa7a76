"""Runs every benchmark and prints its table: `make bench`, with `--peers` the heavy ones too.

A benchmark is a file `<room>_<what>.py` here with a `main() -> None` that prints its table;
`peers_<name>.py` run only with `--peers`. Nothing here fails by wall-clock time.
"""

import runpy
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent


def main() -> None:
    peers = "--peers" in sys.argv
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    for path in sorted(FOLDER.glob("*_*.py")):
        is_peer = path.stem.startswith("peers_")
        if path.stem.startswith("__") or is_peer != peers or (wanted and path.stem not in wanted):
            continue
        print(f"\n## {path.stem.replace('_', ' ')}", flush=True)
        started = time.perf_counter()
        sys.argv = [str(path)]
        runpy.run_path(str(path), run_name="__main__")
        print(f"({time.perf_counter() - started:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
