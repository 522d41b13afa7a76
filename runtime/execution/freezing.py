"""Which artifacts a node is frozen with: what its last finished run gave."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from runtime.errors import RequestError, close_matches
from runtime.interfaces import ModuleCatalog
from runtime.model import Graph, StepRun
from runtime.model.graph_building import parse_wire
from runtime.model.graph_flattening import Use, expand
from runtime.stores import FolderArtifactStore, SqliteRunStore
from runtime.validation.view import published_subgraphs


def outputs_to_freeze(
    store: SqliteRunStore,
    artifacts: FolderArtifactStore,
    graph: Graph,
    catalog: ModuleCatalog,
    *,
    nodes: Iterable[str],
    pipeline_ids: Collection[str],
) -> dict[str, dict[str, str]]:
    """Digests by output port for each of these nodes.

    Args:
        store: Where the runs are.
        artifacts: Where their outputs are.
        graph: The graph.
        catalog: Where subgraphs that are module versions are found.
        nodes: Nodes of the graph; a use of a subgraph is frozen with the outputs it offers.
        pipeline_ids: The pipeline; an empty one stands for runs of the graph's name.

    Raises:
        RequestError: L001 for a node that does not exist, L003 for one without outputs.
    """
    wanted = list(nodes)
    for name in wanted:
        if name not in graph.nodes:
            raise RequestError(
                "L001",
                f"The graph has no node '{name}'.{close_matches(name, graph.nodes)}",
                remedy="Name a node of the graph.",
            )
    sources = _sources(graph, catalog, wanted)
    steps = {step for ports in sources.values() for step, _ in ports.values()} | set(wanted)
    records = _last_finished(store, graph.name, pipeline_ids, steps)
    found = {}
    for name in wanted:
        outputs = _outputs(name, sources, records)
        if not outputs or not all(map(artifacts.has, outputs.values())):
            raise _nothing_yet(name, graph)
        found[name] = outputs
    return found


def _sources(
    graph: Graph, catalog: ModuleCatalog, wanted: Collection[str]
) -> dict[str, dict[str, tuple[str, str]]]:
    """For uses of subgraphs: the step and output behind each output that they offer."""
    published = published_subgraphs(catalog)
    thawed = {name: msgspec.structs.replace(node, state=None) for name, node in graph.nodes.items()}
    plain = msgspec.structs.replace(graph, nodes=thawed, outputs={})
    uses = {name: use for name, use in expand(plain, published).uses.items() if name in wanted}
    if not uses:
        return {}
    probe = msgspec.structs.replace(plain, outputs=dict(_offered(uses)))
    behind = expand(probe, published).graph.outputs
    return {
        name: {port: _step_and_output(behind[f"{name}.{port}"]) for port in use.subgraph.outputs}
        for name, use in uses.items()
    }


def _offered(uses: Mapping[str, Use]) -> Iterable[tuple[str, str]]:
    for name, use in uses.items():
        for port in use.subgraph.outputs:
            yield f"{name}.{port}", f"{name}.{port}"


def _step_and_output(text: str) -> tuple[str, str]:
    wire = parse_wire(text)
    return wire.node, wire.port


def _last_finished(
    store: SqliteRunStore, name: str, pipeline_ids: Collection[str], steps: set[str]
) -> dict[str, StepRun]:
    """The record of each step's newest finished run."""
    newest: dict[str, int] = {}
    for pipeline_id in pipeline_ids:
        latest = store.history.latest_finished(pipeline_id, name, wanted=steps)
        for step, number in latest.items():
            newest[step] = max(number, newest.get(step, 0))
    records = {number: store.steps_of(number) for number in set(newest.values())}
    return {
        step: records[number][step] for step, number in newest.items() if step in records[number]
    }


def _outputs(
    name: str,
    sources: Mapping[str, Mapping[str, tuple[str, str]]],
    records: Mapping[str, StepRun],
) -> dict[str, str]:
    if name not in sources:
        record = records.get(name)
        return {port: ref.digest for port, ref in record.outputs.items()} if record else {}
    found = {}
    for port, (step, output) in sources[name].items():
        record = records.get(step)
        if record is None or output not in record.outputs:
            return {}
        found[port] = record.outputs[output].digest
    return found


def _nothing_yet(name: str, graph: Graph) -> RequestError:
    return RequestError(
        "L003",
        f"'{graph.nodes[name].label or name}' has no output to freeze.",
        remedy="Run to this node first.",
        where=f"/nodes/{name}",
    )
