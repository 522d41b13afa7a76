"""The registry against a model of its rules: any sequence of actions ends in the same state."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from modules_library.registry import Registry, open_catalog
from runtime.errors import RequestError
from tests.modules_library.registry.sources import no_example, write

MODULE = "custom.double"
VERSIONS = ("1.0.0", "1.1.0")
BODIES = ("return dataset", "return dataset.with_frame(dataset.frame * 2)")
OTHER = {"active": 0, "deprecated": 1, "disabled": 2}

versions = st.sampled_from(VERSIONS)
some_or_all = st.sampled_from([*VERSIONS, None])


class LifeCycle(RuleBasedStateMachine):
    """`bytes`, `state`, `default` and `whole` are all that the rules speak of."""

    def __init__(self):
        super().__init__()
        self.place = tempfile.TemporaryDirectory()
        self.folder = Path(self.place.name)
        self.registry = Registry(self.folder)
        self.bytes, self.state = {}, {}
        self.default, self.whole = None, "active"
        self.changes = 0

    def teardown(self):
        self.registry.close()
        self.place.cleanup()

    def expect(self, code, action):
        """Run an action that has to be refused with this code, or to succeed for None."""
        if code is None:
            return action()
        with pytest.raises(RequestError) as caught:
            action()
        assert caught.value.code == code
        return None

    @rule(version=versions, body=st.sampled_from(BODIES), make_default=st.booleans())
    def publish(self, version, body, make_default):
        source = write(self.folder, version="1.0.0", body=body)
        code = None
        if self.bytes.get(version, body) != body:
            code = "M011"
        elif make_default and self.state.get(version) == "disabled":
            code = "M014"
        self.expect(
            code,
            lambda: self.registry.publish(
                source, version=version, make_default=make_default, run_example=no_example
            ),
        )
        if code is None:
            is_new = version not in self.state
            self.bytes[version] = body
            self.state.setdefault(version, "active")
            if make_default or (self.default is None and is_new):
                self.default = version

    @rule(version=some_or_all)
    def deprecate(self, version):
        current = self.whole if version is None else self.state.get(version)
        code = self.missing(version) or ("M003" if current == "disabled" else None)
        self.expect(code, lambda: self.registry.deprecate(MODULE, version, "Old."))
        if code is None:
            self.put(version, "deprecated")

    @rule(version=some_or_all)
    def disable(self, version):
        code = self.missing(version) or self.needed_as_default(version)
        self.expect(code, lambda: self.registry.disable(MODULE, version, "Wrong."))
        if code is None:
            self.put(version, "disabled")
            if version is not None and self.default == version:
                self.default = None

    @rule(version=some_or_all)
    def enable(self, version):
        code = self.missing(version)
        self.expect(code, lambda: self.registry.enable(MODULE, version))
        if code is None:
            self.put(version, "active")
            if version is not None and self.default is None:
                self.default = version

    @rule(version=versions)
    def set_default(self, version):
        code = self.missing(version) or ("M014" if self.state.get(version) == "disabled" else None)
        self.expect(code, lambda: self.registry.set_default(MODULE, version))
        if code is None:
            self.default = version

    @rule(version=versions, used=st.booleans())
    def delete(self, version, used):
        users = ["run 1"] if used else []
        code = self.missing(version) or ("M012" if used else self.needed_as_default(version))
        self.expect(code, lambda: self.registry.delete(MODULE, version, lambda *_: users))
        if code is None:
            del self.state[version]
            if self.default == version:
                self.default = None

    @rule()
    def open_again(self):
        self.registry.close()
        self.registry = Registry(self.folder)

    @rule()
    def lose_the_index(self):
        (self.folder / "module_index.json").unlink(missing_ok=True)

    def missing(self, version):
        if not self.bytes:
            return "M001" if not (self.folder / "modules").exists() else "M002"
        return "M002" if version is not None and version not in self.state else None

    def needed_as_default(self, version):
        others = [v for v, state in self.state.items() if v != version and state != "disabled"]
        return "M014" if version is not None and self.default == version and others else None

    def put(self, version, state):
        if version is None:
            self.whole = state
        else:
            self.state[version] = state

    @invariant()
    def the_catalogue_tells_the_same(self):
        catalog = open_catalog(self.folder)
        found = {s.version: s.state for s in catalog.versions(MODULE) if s.version != "draft"}
        assert found == {
            version: max(state, self.whole, key=OTHER.__getitem__)
            for version, state in self.state.items()
        }
        default = catalog.default(MODULE)
        assert (default.version if default else None) == self.default

    @invariant()
    def the_default_is_neither_disabled_nor_deleted(self):
        assert self.default is None or self.state[self.default] != "disabled"

    @invariant()
    def every_published_source_is_there(self):
        catalog = open_catalog(self.folder)
        for version in self.state:
            source = Path(catalog.find(MODULE, version).entry.source)
            assert self.bytes[version] in source.read_text()


TestLifeCycle = LifeCycle.TestCase
TestLifeCycle.settings = settings(
    max_examples=40,
    stateful_step_count=50,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
TestLifeCycle.pytestmark = [pytest.mark.slow]
