"""What a person waits for who looks at a log of ten million lines, beside `tail`, `wc` and `grep`.

Ours is asked as a page asks: over the border of a process, answered as JSON. And what printing costs a
step: it writes to its log with the engine looking on, beside the same bytes written to a plain file.
"""

import asyncio
import json
import os
import shutil
import subprocess
from functools import partial
from pathlib import Path

from designer.services.logs import LogService
from designer.services.read_worker.log_query import LogQuery
from designer.services.reader import Reader
from runtime.execution.embedded import run_plan
from runtime.stores import Workspace
from tests.benchmarks.measuring import folder, medians, seconds, table
from tests.runtime.execution.plans import plan, step

LINES, ROUNDS, PAGE = 10_000_000, 5, 100
PARTS = 1000
FLOOD_MB = 512
TEXT, PATTERN = "it broke", r"broke at \d+$"


class Ours:
    """A warm read worker over one log; nothing is known of it at the beginning of each round."""

    def __init__(self, path: Path) -> None:
        self._log = self._path = path
        self._rounds = 0
        self._runner = asyncio.Runner()
        self._kept = path.parent / "kept"
        self._reader = Reader(self._kept)
        self._logs = LogService(self._find, self._reader)
        self.lines(0)

    async def _find(self, run_id: str, step: str, attempt: int) -> Path:
        return self._path

    def lines(self, first: int) -> dict:
        """A page of lines, asked for until the log is counted."""
        while True:
            work = self._logs.lines("r", "s", first=first, count=PAGE)
            answer = json.loads(self._runner.run(work))
            if first == 0 or answer["is_whole"]:
                return answer

    def search(self, text: str, *, is_regex: bool = False) -> dict:
        query = LogQuery(text, is_regex=is_regex, has_case=is_regex)
        return json.loads(self._runner.run(self._logs.search("r", "s", query)))

    def forget(self) -> None:
        """Forget what was counted and found."""
        shutil.rmtree(self._kept, ignore_errors=True)
        self._rounds += 1
        self._path = self._log.with_name(f"{self._log.name}-{self._rounds}")
        os.link(self._log, self._path)

    def close(self) -> None:
        self._runner.run(self._reader.stop())
        self._runner.close()


def write_log(path: Path) -> None:
    """Ten million lines of about a hundred bytes, one in a hundred thousand of them an error."""
    size = LINES // PARTS
    with path.open("wb") as file:
        for part in range(PARTS):
            file.write(b"".join(map(_line, range(part * size, (part + 1) * size))))


def _line(number: int) -> bytes:
    if number % 99_991 == 1:
        return b"2026-11-30 13:31:00 ERROR trainer it broke at %d\n" % number
    return b"2026-11-30 13:31:00 INFO  trainer step %08d of many, the loss is %.6f now\n" % (
        number, 1 / (number + 1),
    )  # fmt: skip


def looking(path: Path) -> None:
    """Print what is waited for."""
    ours = Ours(path)
    shell = partial(subprocess.run, shell=True, check=True, stdout=subprocess.DEVNULL)
    ours.forget()
    assert ours.lines(-PAGE)["total"] == LINES
    hits = ours.search(TEXT)["hits"]
    print(f"  {LINES:,} lines, {path.stat().st_size / 1e9:.2f} GB, {hits} errors")
    taken: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        ours.forget()
        for name, work in (
            ("first page", lambda: ours.lines(0)),
            ("the last lines, counted for the first time", lambda: ours.lines(-PAGE)),
            ("a page in the middle", lambda: ours.lines(LINES // 2)),
            ("a text, whatever its case", lambda: ours.search(TEXT)),
            ("a regular expression", lambda: ours.search(PATTERN, is_regex=True)),
            ("the next line found", lambda: ours.search(TEXT)),
        ):
            taken.setdefault(name, []).append(seconds(work))
    for name, rounds in taken.items():
        print(f"  {name:44s} {sorted(rounds)[len(rounds) // 2] * 1e3:10.2f} ms")
    peers = medians(
        ROUNDS,
        tail=lambda: shell(f"tail -n {PAGE} {path}"),
        wc=lambda: shell(f"wc -l {path}"),
        middle=lambda: shell(
            f"sed -n '{LINES // 2},{LINES // 2 + PAGE}p;{LINES // 2 + PAGE}q' {path}"
        ),
        grep=lambda: shell(f"LC_ALL=C grep -i '{TEXT}' {path} | cat"),
    )
    for name, value in peers.items():
        print(f"  {name:44s} {value * 1e3:10.2f} ms")
    ours.close()


def printing(place: Path) -> None:
    """Print what a step that floods its log takes, beside the same bytes into a plain file."""
    workspace = Workspace(place / "workspace")
    flood = partial(step, "flood", call="flood", isolated=True, reuse=False)

    def followed() -> float:
        run = run_plan(plan(flood(parameters={"megabytes": FLOOD_MB})), workspace)
        shutil.rmtree(workspace.runs / run.id)
        return float(run.steps["flood"].seconds or 0)

    def plain() -> float:
        path = place / "plain"
        code = (
            "import os,sys,time;f=os.open(sys.argv[1],os.O_WRONLY|os.O_CREAT|os.O_APPEND);"
            "l=(b'x'*1023+b'\\n')*1024;t=time.perf_counter();"
            f"[os.write(f,l) for _ in range({FLOOD_MB})];print(time.perf_counter()-t)"
        )
        out = subprocess.run(
            ["python3", "-c", code, str(path)], capture_output=True, check=True, text=True
        ).stdout
        path.unlink()
        return float(out)

    followed.measures_itself = plain.measures_itself = True  # type: ignore[attr-defined]
    names = {f"{FLOOD_MB} MB printed by a step": followed, "into a plain file": plain}
    taken = medians(ROUNDS, **{f"n{at}": work for at, work in enumerate(names.values())})
    table(dict(zip(names, taken.values(), strict=True)), peer="into a plain file")


def main() -> None:
    """Print the tables."""
    with folder() as place:
        path = place / "out.log"
        write_log(path)
        looking(path)
        path.unlink()
        printing(place)


if __name__ == "__main__":
    main()
