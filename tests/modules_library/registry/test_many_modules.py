"""A workspace with 2,000 module versions: what is listed is right (`make bench` says how fast)."""

import pytest

from modules_library.registry import open_catalog
from tests.benchmarks.registry_listing import write_many_modules


@pytest.mark.slow
def test_two_thousand_versions_are_listed_with_their_newest_first(tmp_path):
    write_many_modules(tmp_path, versions=2000, modules=400)

    catalog = open_catalog(tmp_path)

    assert sum(card["id"].startswith("custom.") for card in catalog.cards()) == 400
    listed = [spec.version for spec in catalog.versions("custom.module_7")]
    assert listed == ["1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0"]
