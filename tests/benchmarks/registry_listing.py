"""Listing a workspace with 2,000 module versions, beside decoding the same bytes as plain JSON."""

import json
import tempfile
import time
from pathlib import Path

import msgspec

from modules_library.registry import open_catalog
from modules_library.registry.index_file import WORKSPACE_INDEX, RawIndex, raw_spec, write_index


def write_many_modules(workspace: Path, *, versions: int, modules: int) -> None:
    """Write a workspace index of `versions` module versions spread over `modules` ids."""
    builtins = open_catalog(None)
    specs = [builtins.default(module_id) for module_id in builtins.module_ids()]
    raw = tuple(
        raw_spec(
            msgspec.structs.replace(
                specs[number % len(specs)],
                id=f"custom.module_{number % modules}",
                version=f"1.{number // modules}.0",
                origin="workspace",
            )
        )
        for number in range(versions)
    )
    write_index(workspace / WORKSPACE_INDEX, RawIndex(modules=raw, published=len(raw)))


def best_of(times: int, work) -> float:
    """Seconds of the quickest of several runs."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return min(found)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        write_many_modules(workspace, versions=2000, modules=400)
        text = (workspace / WORKSPACE_INDEX).read_bytes()
        listing = best_of(5, lambda: open_catalog(workspace).cards())
        parsing = best_of(5, lambda: json.loads(text))
    print(f"index of 2,000 versions: {len(text) / 1e6:.1f} MB")
    print(f"palette listed in {listing * 1e3:.0f} ms (goal 100)")
    print(f"json.loads of the same bytes {parsing * 1e3:.0f} ms: ratio {listing / parsing:.2f}")


if __name__ == "__main__":
    main()
