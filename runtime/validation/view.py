"""What the rules look at: the flat graph with the module version of every node, found once."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from runtime.interfaces import ModuleCatalog
from runtime.model.diagnostic import Diagnostic, Severity
from runtime.model.graph import Graph, Node, Wire
from runtime.model.graph_flattening import Expansion, PublishedSubgraphs
from runtime.model.module_spec import InputPort, ModuleSpec, OutputPort, ParameterSpec

_LARGEST = 1.7976931348623157e308


class Finding(NamedTuple):
    """A diagnostic and the node it is about; empty for the graph as a whole."""

    node: str
    diagnostic: Diagnostic


class SpecTable:
    """A module version with its ports and parameters by name."""

    __slots__ = (
        "choices",
        "defaults",
        "inputs",
        "outputs",
        "parameters",
        "ranges",
        "required",
        "spec",
        "special",
    )

    def __init__(self, spec: ModuleSpec) -> None:
        self.spec = spec
        self.inputs: dict[str, InputPort] = {port.name: port for port in spec.inputs}
        self.outputs: dict[str, OutputPort] = {port.name: port for port in spec.outputs}
        self.parameters: dict[str, ParameterSpec] = {item.name: item for item in spec.parameters}
        self.defaults = {item.name: item.default for item in spec.parameters}
        self.required = tuple(port for port in spec.inputs if not port.optional)
        self.choices = tuple(item for item in spec.parameters if item.required)
        self.ranges = {item.name: found for item in spec.parameters if (found := _range(item))}
        self.special = tuple(item for item in spec.parameters if item.kind in ("file", "seed"))


def _range(spec: ParameterSpec) -> tuple[frozenset[type], float, float] | None:
    """Types and closed range of a plain number: what most values are checked against at once."""
    if (
        spec.visible_when
        or spec.kind not in ("int", "float")
        or spec.exclusive_minimum
        or spec.exclusive_maximum
    ):
        return None
    types = frozenset({int}) if spec.kind == "int" else frozenset({int, float})
    low = -_LARGEST if spec.minimum is None else spec.minimum
    return types, low, _LARGEST if spec.maximum is None else spec.maximum


class GraphView:
    """The flat graph, the specs of its nodes, and the words for them."""

    def __init__(
        self,
        expansion: Expansion,
        catalog: ModuleCatalog,
        *,
        overrides: Mapping[str, Any] | None = None,
    ) -> None:
        self.graph: Graph = expansion.graph
        self.nodes: Mapping[str, Node] = expansion.graph.nodes
        self.catalog = catalog
        self.tables: dict[str, SpecTable] = {}
        self.overrides = overrides or {}
        self.pipeline_values = {
            name: self.overrides.get(name, parameter.default)
            for name, parameter in self.graph.parameters.items()
        }
        self.expansion = expansion
        known: dict[tuple[str, str], SpecTable | None] = {}
        for name, node in self.nodes.items():
            key = (node.module, node.version)
            if key not in known:
                spec = self.spec_of(node)
                known[key] = SpecTable(spec) if spec else None
            table = known[key]
            if table:
                self.tables[name] = table

    def spec_of(self, node: Node) -> ModuleSpec | None:
        """The module version that a node means."""
        if node.version == "default":
            return self.catalog.default(node.module)
        return self.catalog.find(node.module, node.version)

    def values(self, name: str) -> dict[str, Any]:
        """Every parameter of a node with its value: defaults included, references resolved."""
        values = self.tables[name].defaults.copy()
        for key, value in self.nodes[name].parameters.items():
            values[key] = self.resolve(value) if type(value) is dict else value
        return values

    def resolve(self, value: Any) -> Any:
        """The pipeline's value for a reference to one of its parameters, else the value."""
        if type(value) is not dict:
            return value
        name = referred_parameter(value)
        return value if name is None else self.pipeline_values.get(name)

    def title(self, name: str) -> str:
        """What people call a node: its label, its module's title, or its id.

        One inside a subgraph is called after the subgraph too, `Prepare data / Clean`.
        """
        use = self.expansion.uses.get(name)
        node, table = self.nodes.get(name), self.tables.get(name)
        own = use.label if use else (node and node.label) or (table and table.spec.title) or name
        if name not in self.expansion.within:
            return own
        return " / ".join((*self.expansion.labels_around(name), own))

    def named(self, name: str, kind: Literal["inputs", "parameters"], key: str) -> tuple[str, str]:
        """Node and port or parameter as a person finds them: the subgraph's, where it decides.

        A required input inside that the subgraph offers as `raw` is `("Prepare data", "raw")`.
        """
        owner, parts = self.expansion.origin(name, kind, key)
        return self.title(owner), str(parts[1])

    def is_handed_on(self, name: str, kind: Literal["inputs", "parameters"], key: str) -> bool:
        """Whether a use around the node decides about this input or parameter of it."""
        return self.expansion.origin(name, kind, key)[0] != name

    def is_told(self, name: str, source: Wire) -> bool:
        """Whether it is told elsewhere that a wire's source does not exist: at its subgraph."""
        expansion = self.expansion
        if source.node in expansion.uses or source.node in expansion.broken:
            return True
        is_given = (source.node, source.port) in expansion.given
        return is_given and expansion.within.get(source.node) != expansion.within.get(name, "")

    def where(self, name: str, *parts: str | int) -> str:
        """JSON Pointer of a node or something in it."""
        return self.expansion.place(name, *parts)

    def finding(
        self,
        node: str,
        code: str,
        message: str,
        remedy: str,
        *parts: str | int,
        severity: Severity = "error",
    ) -> Finding:
        """Give a finding about a node, placed at `parts` in it."""
        diagnostic = Diagnostic(
            code=code,
            message=message,
            remedy=remedy,
            where=self.where(node, *parts),
            severity=severity,
        )
        return Finding(node, diagnostic)

    def enabled(self) -> Iterator[tuple[str, Node]]:
        """The nodes that are not switched off."""
        for name, node in self.nodes.items():
            if node.state is None or node.state.kind != "disabled":
                yield name, node


def referred_parameter(value: Any) -> str | None:
    """The name in `{"$parameter": name}`, None for everything else."""
    if isinstance(value, dict) and len(value) == 1 and "$parameter" in value:
        return str(value["$parameter"])
    return None


def published_subgraphs(catalog: ModuleCatalog) -> PublishedSubgraphs:
    """Give the definitions of the module versions that are subgraphs, each looked up once."""
    known: dict[tuple[str, str], Graph | None] = {}

    def find(node: Node) -> Graph | None:
        key = (node.module, node.version)
        if key not in known:
            known[key] = _definition(catalog, *key)
        return known[key]

    return find


def _definition(catalog: ModuleCatalog, module_id: str, version: str) -> Graph | None:
    if version == "default":
        default = catalog.default(module_id)
        return catalog.definition(module_id, default.version) if default else None
    return catalog.definition(module_id, version)
