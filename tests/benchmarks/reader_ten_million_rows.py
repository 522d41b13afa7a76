"""What a person waits for who looks at a table of ten million rows, beside Polars over the same file.

Ours is asked as a page asks: over the border of a process, answered as JSON, and what is found out
about the rows is kept. Polars reads the mapped file in this process and gives the same rows.
"""

import asyncio
import json
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import polars as pl

from designer.services.artifacts import ArtifactService, Part
from designer.services.read_worker.query import Filter, Query, Sort
from tests.benchmarks.measuring import folder, measures_itself, medians
from tests.large_tables import orders
from tests.stored_runs import StoredRuns

ROWS, ROUNDS, PAGE = 10_000_000, 5, 100
END = ROWS - PAGE
LAST_CODE = f"C-{str(ROWS - 1)[::-1]}"
BY_AMOUNT = Query(sort=(Sort(column="amount", descending=True),))
BY_CODE = Query(sort=(Sort(column="code"),))
IN_DIJON = Query(filters=(Filter(column="city", test="equals", value="Dijon"),))


class Ours:
    """The read workers of a workspace, warm, with nothing kept."""

    def __init__(self, workspace, digest: str) -> None:
        self._cache = Path(workspace.path) / "cache"
        self._runner = asyncio.Runner()
        self._artifacts = ArtifactService(workspace)
        self._digest = digest
        self.page(query=BY_AMOUNT)

    def page(self, offset: int = 0, query: Query | None = None) -> dict:
        part = Part(offset=offset, limit=PAGE, longest=256)
        asked = {} if query is None else {"query": query}
        return self._run(self._artifacts.page(self._digest, part, **asked))

    def find(self, text: str) -> dict:
        return self._run(self._artifacts.find(self._digest, text))

    def profile(self) -> dict:
        return self._run(self._artifacts.profile(self._digest))

    def forget(self) -> None:
        """Remove what is kept of the table beside itself."""
        for name in ("rows", "profiles"):
            for path in (self._cache / name).rglob("*.*"):
                path.unlink()

    def close(self) -> None:
        self._run(self._artifacts.stop(), is_json=False)
        self._runner.close()

    def _run(self, work: Coroutine[Any, Any, Any], *, is_json: bool = True) -> Any:
        answer = self._runner.run(work)
        return json.loads(answer) if is_json else None


class Peer:
    """The same answers from Polars, which scans the file anew for each."""

    def __init__(self, path: Path) -> None:
        self._scan = pl.scan_ipc(path)

    def rows(self, offset: int) -> list:
        return self._scan.slice(offset, PAGE).collect().rows()

    def find(self, text: str) -> int:
        cells = pl.all().cast(pl.String).str.to_lowercase().str.contains(text.lower(), literal=True)
        found = self._scan.select(pl.any_horizontal(cells).arg_true()).collect()
        return found.item(0, 0)

    def sorted_rows(self, column: str, *, descending: bool = False) -> list:
        order = pl.col(column).arg_sort(descending=descending, nulls_last=True)
        first = self._scan.select(order).collect().to_series().head(PAGE)
        return self._scan.collect()[first].rows()

    def filtered_rows(self, city: str) -> tuple[int, list]:
        numbers = self._scan.select((pl.col("city") == city).arg_true()).collect().to_series()
        return len(numbers), self._scan.collect()[numbers.head(PAGE)].rows()

    def profile(self) -> list:
        """What a profile shows: missing, distinct, spread, quantiles, bars, frequent values."""
        frame = self._scan.collect()
        return [_facts(frame.get_column(name)) for name in frame.columns]


def _facts(column: pl.Series) -> list:
    facts: list = [column.null_count(), column.n_unique()]
    facts.append(column.value_counts(sort=True).head(12).rows())
    if column.dtype == pl.String:
        lengths = column.str.len_chars()
        return [*facts, lengths.min(), lengths.max()]
    shares = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
    facts += [column.min(), column.max(), column.mean(), column.std()]
    facts += [column.quantile(share, "linear") for share in shares]
    return [*facts, column.hist(bin_count=32).rows()]


def main() -> None:
    """Print the table."""
    with folder() as path:
        stored = StoredRuns(path)
        table = stored.table(orders(ROWS))
        stored.close()
        ours, peer = Ours(stored.workspace, table.digest), Peer(stored.path(table))
        try:
            taken = {name: _beside(ours, *both) for name, both in _questions(ours, peer).items()}
        finally:
            ours.close()
    print(f"{ROWS:,} rows × 4 columns, {table.bytes / 1e6:.0f} MB; median of {ROUNDS}")
    print(f"{'':40}{'ours':>10}{'Polars':>12}{'ratio':>8}")
    for name, (mine, its) in taken.items():
        print(f"{name:40}{mine * 1e3:>7.1f} ms{its * 1e3:>9.1f} ms{mine / its:>8.2f}")


def _questions(ours: Ours, peer: Peer) -> dict[str, tuple]:
    last = LAST_CODE
    return {
        "first page": (lambda: ours.page(), lambda: peer.rows(0)),
        "jump to the end": (lambda: ours.page(END), lambda: peer.rows(END)),
        "text in the last row, in any cell": (lambda: ours.find(last), lambda: peer.find(last)),
        "sort by a number": (
            lambda: ours.page(query=BY_AMOUNT),
            lambda: peer.sorted_rows("amount", descending=True),
        ),
        "sort by a text unlike any other": (
            lambda: ours.page(query=BY_CODE),
            lambda: peer.sorted_rows("code"),
        ),
        "filter by a city": (
            lambda: ours.page(query=IN_DIJON),
            lambda: peer.filtered_rows("Dijon"),
        ),
        "profile of every column": (lambda: ours.profile(), lambda: peer.profile()),
    }


def _beside(ours: Ours, mine, its) -> tuple[float, float]:
    """Median seconds of both; nothing is kept from round to round."""
    mine(), its()

    def anew():
        ours.forget()
        started = time.perf_counter()
        mine()
        return time.perf_counter() - started

    taken = medians(ROUNDS, mine=measures_itself(anew), its=its)
    return taken["mine"], taken["its"]


if __name__ == "__main__":
    main()
