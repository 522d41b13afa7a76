"""Goal 1: from the shell to one finished no-op in a process of its own, beside pydoit."""

import subprocess
import sys

from tests.benchmarks.measuring import (
    compile_bytecode,
    dodo_file,
    folder,
    medians,
    noop_graph,
    quiet,
    run_command,
    table,
)


def main():
    compile_bytecode()
    with folder() as place:
        arguments = noop_graph(place, 1)
        dodo = dodo_file(place, 1)
        spaces = iter(range(10_000))

        def ours():
            quiet(run_command(arguments, place / f"workspace{next(spaces)}"))

        def pydoit():
            (place / "doit.db").unlink(missing_ok=True)
            quiet(dodo)

        def interpreter():
            subprocess.run([sys.executable, "-c", "pass"], check=True)

        def imports():
            subprocess.run([sys.executable, "-c", "import sqlite3, msgspec, blake3"], check=True)

        rows = medians(
            15,
            **{
                "limit: python -c pass": interpreter,
                "limit: python, sqlite3, msgspec, blake3": imports,
                "pydoit": pydoit,
                "python -m runtime run, new workspace": ours,
            },
        )
    table(rows, peer="pydoit", goal={"python -m runtime run, new workspace": "≤ 0.6"})


if __name__ == "__main__":
    main()
