"""The nouns of the product, each defined once: frozen, keyword-only msgspec Structs."""

from runtime.model.artifact import ArtifactRef, Origin
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
from runtime.model.port_schema import (
    ANY_NAME,
    UNKNOWN_TABLE,
    ColumnSchema,
    ModelSchema,
    PortSchema,
    TableSchema,
    TransformSchema,
    UntrainedModelSchema,
)
from runtime.model.port_type import PORT_TYPES, PortType, is_compatible
from runtime.model.run import TERMINAL, ErrorRecord, Run, Scope, Status, StepRun
from runtime.model.schema_question import (
    NodeForesight,
    SchemaAnswer,
    SchemaRequest,
    StoredQuestion,
)
from runtime.model.slots import ONE_PROCESSOR, Slots
from runtime.model.step_request import InputArtifact, OutputFile, StepRequest, WorkerEvent
from runtime.model.target import (
    LOCAL,
    Gpu,
    Setting,
    SshSettings,
    Target,
    TargetKind,
    TargetReport,
    TargetResources,
)

__all__ = [
    "ANY_NAME",
    "FORMAT",
    "LOCAL",
    "ONE_PROCESSOR",
    "PORT_TYPES",
    "TERMINAL",
    "UNKNOWN_TABLE",
    "ArtifactRef",
    "ColumnSchema",
    "Diagnostic",
    "Entry",
    "ErrorRecord",
    "FailurePolicy",
    "Gpu",
    "Graph",
    "GraphParameter",
    "InputArtifact",
    "InputPort",
    "ModelSchema",
    "ModuleSpec",
    "Node",
    "NodeForesight",
    "NodeState",
    "Origin",
    "OutputFile",
    "OutputPort",
    "ParameterSpec",
    "Plan",
    "PortSchema",
    "PortType",
    "Run",
    "RunEvent",
    "RunSettings",
    "SchemaAnswer",
    "SchemaRequest",
    "Scope",
    "Setting",
    "Severity",
    "Slots",
    "SshSettings",
    "Status",
    "Step",
    "StepInput",
    "StepRequest",
    "StepRun",
    "StoredQuestion",
    "Subgraph",
    "TableSchema",
    "Target",
    "TargetKind",
    "TargetReport",
    "TargetResources",
    "TransformSchema",
    "UntrainedModelSchema",
    "VisibleWhen",
    "Wire",
    "WorkerEvent",
    "is_compatible",
    "pointer",
]
