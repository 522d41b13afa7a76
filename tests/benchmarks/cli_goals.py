"""The command line from the shell: help, and a sample with everything reused.

Each beside its limit from the issue and beside the bare interpreter's start, medians of seven.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "assets/samples/breast_cancer.json"
DESIGNER = Path(sys.executable).parent / "designer"
ROUNDS = 7


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        run = [DESIGNER, "run", SAMPLE, "--json", "--workspace", folder]
        subprocess.run(run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rows = [
            ("python -c pass", median([sys.executable, "-c", "pass"]), None),
            ("designer --help", median([DESIGNER, "--help"]), 0.1),
            ("designer run, all reused", median(run), 0.3),
        ]
    start = rows[0][1]
    print(f"{'':28}{'median':>10}{'limit':>10}{'of limit':>10}{'x start':>10}")
    for name, seconds, limit in rows:
        goal = f"{limit:>8.2f} s{seconds / limit:>10.2f}" if limit else f"{'':>10}{'':>10}"
        print(f"{name:28}{seconds:>8.3f} s{goal}{seconds / start:>10.1f}")


def median(command: list[object]) -> float:
    """The median of several runs of a command, in seconds."""
    return statistics.median(once(command) for _ in range(ROUNDS))


def once(command: list[object]) -> float:
    """How long a command takes, in seconds."""
    started = time.perf_counter()
    subprocess.run(
        [str(word) for word in command],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
