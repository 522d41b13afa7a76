"""The long tier: every row with its full count, and the table of what came of it.

    python -m tests.chaos [--rows R-01,R-06] [--count N] [--seed N] [--quick] [--write FILE]

`--write` puts what was measured into the table of a page, between its two marks; rows that were not
measured this time stay as they were.
"""

import argparse
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.chaos.row import SEED, Trial
from tests.chaos.scoreboard import ROWS

BEGIN, END = "<!-- table -->", "<!-- end of the table -->"
HEAD = "| Row | What is done | Against | Count | Result | Goal |\n|---|---|---|---|---|---|"


def main(arguments):
    chosen = _parsed(arguments)
    wanted = chosen.rows.split(",") if chosen.rows else [row.id for row in ROWS]
    lines, failed = [], 0
    for row in ROWS:
        if row.id not in wanted:
            continue
        count = chosen.count or (row.quick if chosen.quick else row.long)
        result, is_green = measured(row, count, chosen)
        failed += not is_green
        lines.append(_line(row, count, result))
        print(lines[-1], flush=True)
    if chosen.write:
        _write(Path(chosen.write), lines, chosen.seed)
    return min(failed, 1)


def measured(row, count, chosen):
    """The result in words, and whether nothing was broken and the goal met."""
    parts, is_green = [], True
    if row.measure is not None and count:
        with tempfile.TemporaryDirectory(prefix="chaos") as folder:
            try:
                trial = Trial(
                    count=count, seed=chosen.seed, folder=Path(folder), is_timed=not chosen.quick
                )
                parts.append(row.measure(trial))
            except AssertionError as exc:
                print(f"{row.key}: {exc}", file=sys.stderr)
                parts.append(f"**broken**: {str(exc).splitlines()[0][:200]}")
                is_green = False
    if row.tests and not chosen.quick:
        passed, words = _tested(row.tests)
        is_green = is_green and passed
        parts.append(words)
    if row.missing:
        parts.append(f"missing: {row.missing}")
    return "; ".join(parts) or "not measured", is_green


def _tested(names):
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", *names]
    done = subprocess.run(command, capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or ["no word"])[-1]
    files = sorted({name.partition("::")[0] for name in names})
    words = f"{last.partition(' in ')[0]} in {', '.join(f'`{one}`' for one in files)}"
    return done.returncode == 0, words if done.returncode == 0 else f"**broken**: {words}"


def _line(row, count, result):
    cells = (row.id, row.done, row.part, count if row.measure and count else "–", result, row.goal)
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def _write(path, lines, seed):
    before, _, rest = path.read_text().partition(BEGIN)
    table, _, after = rest.partition(END)
    known = {_key(line): line for line in [*table.splitlines(), *lines] if line.startswith("| R-")}
    ordered = [known[key] for row in ROWS if (key := (row.id, row.done)) in known]
    about = f"Seed {seed}, Python {platform.python_version()}, Linux, two cores."
    whole = "\n".join([about, "", HEAD, *ordered])
    path.write_text(f"{before}{BEGIN}\n{whole}\n{END}{after}")


def _key(line):
    return tuple(cell.strip() for cell in line.split("|")[1:3])


def _parsed(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    parser.add_argument("--rows", help="only these, with commas between them")
    parser.add_argument("--count", type=int, help="how often, instead of each row's own count")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--quick", action="store_true", help="the counts of `make test`")
    parser.add_argument("--write", help="the page whose table is replaced")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
