"""Designer and command line change one workspace at the same time; nothing gets lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from modules_library.registry import Registry, open_catalog
from modules_library.registry.catalog import refresh_drafts
from runtime.errors import RequestError
from tests.modules_library.registry.sources import no_example, write


def test_versions_published_at_the_same_time_are_all_there(tmp_path):
    def publish(number):
        registry = Registry(tmp_path)
        source = write(tmp_path, f"module_{number}")
        registry.publish(source, run_example=no_example)
        registry.deprecate(f"custom.module_{number}", None, "Old.")
        registry.close()
        refresh_drafts(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, range(8)))
    catalog = open_catalog(tmp_path)
    for number in range(8):
        assert catalog.default(f"custom.module_{number}").state == "deprecated"
        assert catalog.find(f"custom.module_{number}", "draft")


def test_the_same_bytes_published_twice_at_the_same_time_are_one_version(tmp_path):
    source = write(tmp_path)

    def publish(_):
        registry = Registry(tmp_path)
        spec = registry.publish(source, run_example=no_example)
        registry.close()
        return spec.digest

    with ThreadPoolExecutor(4) as pool:
        digests = set(pool.map(publish, range(4)))
    assert len(digests) == 1
    registry = Registry(tmp_path)
    assert [entry.action for entry in registry.audit()] == ["publish"]
    spec = open_catalog(tmp_path).default("custom.double")
    assert "return dataset" in Path(spec.entry.source).read_text()


def test_other_bytes_published_meanwhile_are_not_replaced(tmp_path):
    """The example of the slower publisher runs while the faster one publishes."""
    slow, fast = Registry(tmp_path), Registry(tmp_path)
    first = write(tmp_path, body="return dataset.with_frame(dataset.frame * 2)")

    def meanwhile(spec):
        fast.publish(write(tmp_path, body="return dataset"), run_example=no_example)

    with pytest.raises(RequestError) as caught:
        slow.publish(first, run_example=meanwhile)
    assert caught.value.code == "M011"
    spec = open_catalog(tmp_path).default("custom.double")
    assert "return dataset\n" in Path(spec.entry.source).read_text()
