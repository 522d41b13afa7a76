"""A module version as the catalogue holds it: decoded in full only when somebody looks at it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import msgspec

from modules_library.registry.index_file import StateEntry, spec_of
from runtime.model import Graph, ModuleSpec
from runtime.model.module_spec import ModuleState

_STRENGTH: dict[ModuleState, int] = {"active": 0, "deprecated": 1, "disabled": 2}
_ACTIVE = StateEntry(module="")


class _Header(msgspec.Struct, frozen=True):
    id: str
    version: str
    digest: str
    kind: str = "function"
    published_at: str = ""
    author: str = ""
    changelog: str = ""


_headers = msgspec.json.Decoder(_Header)


class KnownVersion:
    """One version: a few facts at once, the spec on demand."""

    def __init__(self, raw: msgspec.Raw, root: Path) -> None:
        self._raw = raw
        self._root = root
        self.facts = _headers.decode(raw)
        self.state = _ACTIVE

    def put_into(self, *states: StateEntry | None) -> None:
        """Take the strongest of these states: the version's own and the module's."""
        given = [state for state in states if state is not None]
        self.state = max(given, key=lambda entry: _STRENGTH[entry.state], default=_ACTIVE)

    @cached_property
    def definition(self) -> Graph | None:
        """The document of a subgraph; None for every other module, and where its file is damaged."""
        if self.facts.kind != "subgraph":
            return None
        from modules_library.registry.subgraph_module import read_definition  # few modules are one

        return read_definition(Path(self.spec.entry.source))

    @cached_property
    def spec(self) -> ModuleSpec:
        """The spec, in its state, its source as an absolute path."""
        spec = spec_of(self._raw)
        entry = msgspec.structs.replace(spec.entry, source=f"{self._root}/{spec.entry.source}")
        return msgspec.structs.replace(
            spec,
            entry=entry,
            state=self.state.state,
            state_message=self.state.message,
            replacement=self.state.replacement,
        )
