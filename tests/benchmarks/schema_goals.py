"""Columns known before a run: the samples at first, an edit among 300 nodes, opening again.

The limit beside it is the same graph's validation; the peer is finding the columns out by running.
"""

import asyncio
import json
import statistics
import tempfile
import time
from pathlib import Path

from designer import run_graph
from designer.services.push import Subscriber
from designer.services.schema_source import open_schema_source
from modules_library.registry import open_catalog
from runtime.foresight import foresee
from runtime.model.graph_json import graph_from_document, parse_graph
from runtime.validation import examine
from tests.benchmarks.measuring import folder, medians, seconds, table
from tests.designer.running import client_of, operation, running_app, send

SAMPLES = Path(__file__).parents[2] / "assets/samples"
NAMES = ("breast_cancer", "diabetes", "orders_cleaning", "wine_clusters")
CATALOG = open_catalog(None)
NODES, COLUMNS, ROUNDS = 300, 30, 5


def node(name, **rest):
    return {"module": name, "version": CATALOG.default(name).version, **rest}


def large_graph():
    """A source of 30 columns and branches of what people do with tables, 300 nodes in all."""
    names = [f"c{number}" for number in range(COLUMNS)]
    text = ",".join(names) + "\n" + "\n".join(",".join(["1.5"] * COLUMNS) for _ in range(10))
    nodes = {"load": node("data_input_output.enter_data_manually", parameters={"data": text})}
    transform = "data_transformation."
    kinds = (
        ("edit_metadata", {"columns": ["c1"], "new_column_names": "renamed"}),
        ("normalize_data", {}),
        ("clean_missing_data", {"cleaning_mode": "Replace with mean"}),
        ("select_columns_in_dataset", {}),
        ("remove_duplicate_rows", {}),
        ("partition_and_sample", {}),
        ("split_data", {"fraction": 0.75}),
        ("apply_sql_transformation", {"sql_query_script": "select * from t1"}),
        ("edit_metadata", {"data_type": "String", "columns": ["c2"]}),
    )
    while len(nodes) < NODES:
        before = "load"
        branch = len(nodes)
        for position, (kind, parameters) in enumerate(kinds):
            name = f"n{branch}_{position}"
            spec = CATALOG.default(transform + kind)
            port = CATALOG.default(nodes[before]["module"]).outputs[0].name
            nodes[name] = node(
                transform + kind,
                inputs={spec.inputs[0].name: f"{before}.{port}"},
                parameters=parameters,
            )
            before = name
            if len(nodes) == NODES:
                break
    return {"format": 1, "name": "large", "nodes": nodes}


def edited(document, name, parameters):
    nodes = {**document["nodes"], name: {**document["nodes"][name], "parameters": parameters}}
    return {**document, "nodes": nodes}


def examined(document):
    return examine(graph_from_document(document).graph, CATALOG)


def found_out(examination, source):
    return foresee(
        examination, ask=source.ask, stored=lambda ref: None, source_folder=SAMPLES.resolve()
    )


def samples(source):
    """Every sample for the first time, by a warm worker."""
    for name in NAMES:
        examination = examine(parse_graph((SAMPLES / f"{name}.json").read_bytes()), CATALOG)
        found_out(examination, source)


def run_samples():
    """The peer: run the samples to see what comes out."""
    with tempfile.TemporaryDirectory() as place:
        for name in NAMES:
            run_graph(SAMPLES / f"{name}.json", place)


def print_samples():
    warm = []
    for _ in range(3):
        source = open_schema_source(None)
        source.worker.start()
        source.ask(_simple_request())
        warm.append(seconds(lambda source=source: samples(source)))
        source.close()
    print("\nThe four samples for the first time, worker warm (goal about 1 s)")
    rows = {"known before a run": statistics.median(warm), "by running them": seconds(run_samples)}
    table(rows, peer="by running them")


def _simple_request():
    """Any question: the worker is warm when it is answered."""
    found = []
    graph = {
        "format": 1,
        "nodes": {"n": node("data_input_output.enter_data_manually", parameters={"data": "a\n1"})},
    }

    class _AskedError(Exception):
        pass

    def ask(request):
        found.append(request)
        raise _AskedError

    try:
        foresee(examined(graph), ask=ask, stored=lambda ref: None)
    except _AskedError:
        return found[0]
    raise AssertionError


def print_edits():
    document = large_graph()
    source = open_schema_source(None)
    first = seconds(lambda: found_out(examined(document), source))
    again = statistics.median(
        seconds(lambda: found_out(examined(document), source)) for _ in range(ROUNDS)
    )
    leaf, root = "n1_5", "n1_0"
    edits = {
        "one parameter near the end of a branch": lambda i: edited(
            document, leaf, {"partition_or_sample_mode": "Head", "number_of_rows": i + 1}
        ),
        "a column renamed at the start of a branch": lambda i: edited(
            document, root, {"columns": ["c1"], "new_column_names": f"name{i}"}
        ),
    }
    print(f"\n{NODES} nodes x {COLUMNS} columns (goal: an edit within 100 ms)")
    limit = statistics.median(seconds(lambda: examined(document)) for _ in range(ROUNDS))
    rows = {"validation alone": limit, "at first": first, "nothing changed": again}
    for name, edit in edits.items():
        rows[name] = statistics.median(
            seconds(lambda i=i, edit=edit: found_out(examined(edit(i)), source))
            for i in range(ROUNDS)
        )
    table(rows, peer="validation alone")
    source.close()


def print_opening():
    document = large_graph()
    with folder() as workspace:
        source = open_schema_source(workspace)
        found_out(examined(document), source)
        source.close()

        def from_disk():
            kept = open_schema_source(workspace)
            found_out(examined(document), kept)
            kept.close()

        rows = medians(ROUNDS, validation=lambda: examined(document), reopened=from_disk)
    print("\nThe same graph opened by the next designer: answers from disk, no module asked")
    table(rows, peer="validation")


async def print_over_rest():
    """From the operation that is sent to the push that tells what it changes."""
    document = large_graph()
    with folder() as place:
        async with running_app(place / "workspace") as app, client_of(app) as client:
            created = await client.post("/api/v1/pipelines", json={"graph": document})
            pipeline = created.json()["id"]
            told = asyncio.Queue()
            subscriber = Subscriber(pipeline, "page")
            app.state.services.push.join(subscriber)
            task = asyncio.create_task(subscriber.deliver(told.put))
            while not (await client.get(f"/api/v1/pipelines/{pipeline}/schemas")).json()[
                "is_current"
            ]:
                await asyncio.sleep(0.05)
            answered, pushed, sizes, last = [], [], [], "renamed"
            for number in range(2 * ROUNDS):
                await asyncio.sleep(0.1)
                while not told.empty():
                    told.get_nowait()
                path = ["nodes", "n1_0", "parameters", "new_column_names"]
                change = {"path": path, "before": last, "after": f"name{number}"}
                last = f"name{number}"
                started = time.perf_counter()
                await send(client, pipeline, operation(str(number), change))
                answered.append(time.perf_counter() - started)
                while json.loads(text := await told.get())["kind"] != "schemas":
                    continue
                pushed.append(time.perf_counter() - started)
                sizes.append(len(text))
            task.cancel()
    print("\nThe rename at the start of a branch, over REST")
    rows = {
        "operation answered": statistics.median(answered),
        "its schemas pushed": statistics.median(pushed),
    }
    table(rows, peer="operation answered")
    print(f"  pushed: {statistics.median(sizes) / 1e3:.0f} kB for one branch")


def main() -> None:
    """Print the tables."""
    print_samples()
    print_edits()
    print_opening()
    asyncio.run(print_over_rest())


if __name__ == "__main__":
    main()
