"""The nouns of the product, each defined once: frozen, keyword-only msgspec Structs."""

from runtime.model.artifact import ArtifactRef
from runtime.model.diagnostic import Diagnostic, Severity, pointer
from runtime.model.event import RunEvent
from runtime.model.graph import (
    FORMAT,
    Graph,
    GraphParameter,
    Node,
    NodeState,
    RunSettings,
    Subgraph,
    Wire,
)
from runtime.model.module_spec import (
    Entry,
    InputPort,
    ModuleSpec,
    OutputPort,
    ParameterSpec,
    VisibleWhen,
)
from runtime.model.plan import FailurePolicy, Plan, Step, StepInput
from runtime.model.port_type import PORT_TYPES, PortType, is_compatible
from runtime.model.run import TERMINAL, ErrorRecord, Run, Status, StepRun
from runtime.model.step_request import InputArtifact, OutputFile, StepRequest, WorkerEvent

__all__ = [
    "FORMAT",
    "PORT_TYPES",
    "TERMINAL",
    "ArtifactRef",
    "Diagnostic",
    "Entry",
    "ErrorRecord",
    "FailurePolicy",
    "Graph",
    "GraphParameter",
    "InputArtifact",
    "InputPort",
    "ModuleSpec",
    "Node",
    "NodeState",
    "OutputFile",
    "OutputPort",
    "ParameterSpec",
    "Plan",
    "PortType",
    "Run",
    "RunEvent",
    "RunSettings",
    "Severity",
    "Status",
    "Step",
    "StepInput",
    "StepRequest",
    "StepRun",
    "Subgraph",
    "VisibleWhen",
    "Wire",
    "WorkerEvent",
    "is_compatible",
    "pointer",
]
