"""What the schema worker is asked before a run, and what it answers."""

from typing import Any

import msgspec

from runtime.model.module_spec import Entry, OutputPort
from runtime.model.port_schema import PortSchema
from runtime.model.run import ErrorRecord


class SchemaRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One node with what is known of its inputs: which schemas do its outputs have?

    Attributes:
        inputs: By port in the order of the wires; None where nothing is known. A port that is not
            wired lacks.
        files: External files by parameter name: absolute local path.
        stamps: What the answer depends on besides: size, time and ends of each file.
    """

    entry: Entry
    module: str
    digest: str
    parameters: dict[str, Any] = {}
    inputs: dict[str, tuple[PortSchema | None, ...]] = {}
    outputs: tuple[OutputPort, ...] = ()
    files: dict[str, str] = {}
    stamps: dict[str, str] = {}
    source_folder: str = ""


class SchemaAnswer(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What is known of a node's outputs.

    Attributes:
        outputs: By port; a port of which nothing is known lacks.
        error: What the node will fail with, where the schemas of its inputs show it already.
        why: Why nothing, or not everything, is known; a sentence for people.
    """

    outputs: dict[str, PortSchema] = {}
    error: ErrorRecord | None = None
    why: str = ""


class StoredQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A stored artifact: which schema does it have?"""

    type: str
    path: str


class NodeForesight(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """What is known of one node's outputs, and from where.

    Attributes:
        inputs: What feeds each port, `node.port` in the flat graph, in the order of the wires.
        outputs: By port; a port of which nothing is known lacks.
        run: Number of the run whose stored outputs tell it; 0 where no run was needed.
        why: Why nothing, or not everything, is known; a sentence for people.
    """

    inputs: dict[str, tuple[str, ...]] = {}
    outputs: dict[str, PortSchema] = {}
    run: int = 0
    why: str = ""
