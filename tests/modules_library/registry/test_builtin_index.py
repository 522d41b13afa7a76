"""The checked-in index of the built-ins is what their sources say."""

import msgspec
import pytest

from modules_library.registry import builtin_index
from modules_library.registry.builtin_index import (
    INDEX,
    builtin_index_text,
    builtin_sources,
    changed_releases,
    generate,
    read_builtins,
)
from runtime.errors import RequestError


@pytest.mark.slow
def test_every_builtin_can_be_read():
    specs, problems = read_builtins()
    assert problems == ()
    assert {spec.id for spec in specs} == set(builtin_sources())


def test_the_checked_in_index_is_up_to_date():
    assert INDEX.read_text() == builtin_index_text(), (
        "run `make generate`; a released built-in needs a new version when its source changes"
    )


@pytest.mark.slow
def test_a_released_builtin_keeps_its_bytes():
    assert changed_releases() == [], "give the module a new version in its @module line"


@pytest.mark.slow
def test_generating_refuses_a_released_version_with_other_bytes(tmp_path, monkeypatch):
    first = read_builtins()[0][0]
    name = f"{first.id}@{first.version}"
    released = tmp_path / "released.json"
    released.write_bytes(msgspec.json.encode({name: "b3:other"}))
    monkeypatch.setattr(builtin_index, "RELEASED", released)
    with pytest.raises(RequestError, match=f"M011 {name} changed"):
        generate()
