"""What a module version declares: ports, parameters, how it is called."""

from typing import Any, Literal

import msgspec

ModuleState = Literal["active", "deprecated", "disabled"]
ModuleKind = Literal["function", "script", "command", "notebook", "subgraph"]
ParameterKind = Literal[
    "bool",
    "int",
    "float",
    "string",
    "text",
    "code",
    "enum",
    "list",
    "column",
    "columns",
    "file",
    "secret",
    "seed",
]


class InputPort(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A typed input port. `many` takes a list of wires, `optional` may stay unwired."""

    name: str
    type: str
    title: str = ""
    description: str = ""
    optional: bool = False
    many: bool = False


class OutputPort(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A typed output port."""

    name: str
    type: str
    title: str = ""
    description: str = ""


class VisibleWhen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter is shown and checked only while another has one of these values."""

    parameter: str
    values: tuple[Any, ...]


class ParameterSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parameter: kind, default, constraints and when it is shown.

    Attributes:
        required: No usable default: the person must set it before running.
        options: Values of an `enum`.
        item_kind: Kind of the items of a `list`.
        port: For `column` and `columns`: the input port whose columns are offered.
        language: For `code`: the language of the text, `python` or `sql`.
        summary: Shown on the node's face when it differs from the default.
    """

    name: str
    kind: ParameterKind
    title: str = ""
    description: str = ""
    default: Any = None
    required: bool = False
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    options: tuple[Any, ...] = ()
    item_kind: ParameterKind | None = None
    pattern: str | None = None
    port: str | None = None
    language: str | None = None
    unit: str | None = None
    summary: bool = False
    visible_when: tuple[VisibleWhen, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a worker calls the module.

    Attributes:
        executor: `package.module:function` that the worker imports and hands the step request;
            for SDK functions `modules_library.sdk.execution:execute`.
        source: Path of the module's source file, relative to `root` where that is set.
        function: Name of the function in the source file.
        isolated: One process per step (people's own code); built-ins share warm workers.
        preload: Import names that a warm worker family has loaded before the step arrives.
        schema: `package.module:function` that the schema worker asks before a run for the schemas
            of the outputs; empty where only a run tells.
    """

    executor: str
    source: str
    function: str = ""
    isolated: bool = True
    preload: tuple[str, ...] = ()
    schema: str = ""


class ModuleSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One module version as editors, planners and workers see it.

    Attributes:
        digest: `b3:…` over the normalised source and the project files it imports.
        resources: What it asks of its target, e.g. `{"cpus": 4, "memory_gib": 16, "gpus": 1}`.
        reusable: False for modules whose result may change although nothing else did.
        replacement: For a deprecated version: what the author suggests instead.
        state_message: The author's words for a deprecated or disabled version.
    """

    id: str
    version: str
    digest: str
    title: str
    category: str
    summary: str = ""
    documentation: str = ""
    kind: ModuleKind = "function"
    inputs: tuple[InputPort, ...] = ()
    outputs: tuple[OutputPort, ...] = ()
    parameters: tuple[ParameterSpec, ...] = ()
    requirements: tuple[str, ...] = ()
    resources: dict[str, float] = {}
    entry: Entry
    reusable: bool = True
    state: ModuleState = "active"
    state_message: str = ""
    replacement: str = ""
    author: str = ""
    tags: tuple[str, ...] = ()
    icon: str = ""
    origin: Literal["builtin", "workspace", "draft"] = "builtin"
    published_at: str = ""
    changelog: str = ""

    def output(self, name: str) -> OutputPort | None:
        """The output port of that name, if there is one."""
        return next((port for port in self.outputs if port.name == name), None)

    def parameter(self, name: str) -> ParameterSpec | None:
        """The parameter of that name, if there is one."""
        return next((spec for spec in self.parameters if spec.name == name), None)
