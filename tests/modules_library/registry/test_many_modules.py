"""A workspace with 2,000 module versions lists quickly."""

import time

import msgspec

from modules_library.registry import open_catalog
from modules_library.registry.index_file import WORKSPACE_INDEX, RawIndex, raw_spec, write_index


def test_two_thousand_versions_list_within_a_tenth_of_a_second(tmp_path):
    builtins = open_catalog(None)
    specs = [builtins.default(module_id) for module_id in builtins.module_ids()]
    raw = tuple(
        raw_spec(
            msgspec.structs.replace(
                specs[number % len(specs)],
                id=f"custom.module_{number % 400}",
                version=f"1.{number // 400}.0",
                origin="workspace",
            )
        )
        for number in range(2000)
    )
    write_index(tmp_path / WORKSPACE_INDEX, RawIndex(modules=raw, published=len(raw)))
    best = min(_seconds_to_list(tmp_path) for _ in range(5))
    assert best < 0.1


def _seconds_to_list(folder):
    started = time.perf_counter()
    catalog = open_catalog(folder)
    assert len(catalog.cards()) >= 400
    assert len(catalog.versions("custom.module_7")) == 5
    return time.perf_counter() - started
