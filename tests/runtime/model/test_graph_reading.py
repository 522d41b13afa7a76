import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.errors import InvalidGraphError
from runtime.model import Graph, Node, Wire
from runtime.model.graph_json import (
    as_graph,
    content_hash,
    graph_from_document,
    graph_to_document,
    parse_graph,
    read_graph,
    write_graph,
)
from runtime.model.graph_limits import MAX_INTEGER, MAX_NESTING, MAX_NODES, MAX_STRING
from runtime.model.graph_migrations import migrate

EXAMPLE = (Path(__file__).parents[2] / "golden" / "graph_example.json").read_bytes()


def found(text):
    """Codes and places of everything the reader says about a text or document."""
    if isinstance(text, dict | list):
        text = json.dumps(text)
    result = read_graph(text)
    assert (result.graph is None) == bool(result.diagnostics)
    return [(one.code, one.where) for one in result.diagnostics]


def with_node(**fields):
    return {"format": 1, "nodes": {"a": {"module": "data.load", **fields}}}


def test_what_the_pipeline_says_of_all_nodes_is_read_checked_and_written_on_one_line():
    text = '{\n  "format": 1,\n  "run": {"retries": 1, "target": "box"},\n  "nodes": {}\n}\n'
    assert write_graph(parse_graph(text)) == text
    assert found({"format": 1, "run": {"targt": "box"}, "nodes": {}}) == [("G003", "/run/targt")]


def test_the_example_of_the_format_page_is_canonical_and_survives_unchanged():
    assert write_graph(parse_graph(EXAMPLE)).encode() == EXAMPLE


def test_the_example_reads_into_the_model():
    graph = parse_graph(EXAMPLE)
    assert graph.nodes["split"].inputs == {"dataset": (Wire(node="load", port="dataset"),)}
    assert graph.nodes["train"].run.target == "gpu-box"
    assert graph.parameters["train_fraction"].maximum == 1


def test_every_problem_is_found_at_once_each_with_its_place():
    text = """{"format": 1, "nme": "x", "nodes": {
        "a": {"modul": "data.load", "inputs": {"d": "nowhere"}, "parameters": {"q": NaN}},
        "B": {"module": 5, "version": "1.0.0", "version": "2.0.0"}}}"""
    assert set(found(text)) == {
        ("G003", "/nme"),
        ("G003", "/nodes/a/modul"),
        ("G005", "/nodes/a/inputs/d"),
        ("G007", "/nodes/a/parameters/q"),
        ("G010", "/nodes/B"),
        ("G005", "/nodes/B/module"),
        ("G004", "/nodes/B/version"),
    }


def test_an_unknown_key_is_named_with_the_nearest_known_one():
    (problem,) = read_graph(json.dumps(with_node(paramters={}))).diagnostics
    assert problem.code == "G003"
    assert "Did you mean 'parameters'?" in problem.message


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (b"", "G001", "empty"),
        (b"{", "G001", "line 1, column 2"),
        (b'{"format": 1}}', "G001", "line 1"),
        (b"\xef\xbb\xbf{}", "G001", "byte order mark"),
        (b"\xff\xfe{\x00}\x00", "G001", "byte order mark"),
        (b'{"format": 1, "name": "\xe9"}', "G001", "not UTF-8: byte 23"),
        ("\ud800", "G005", "surrogate"),
        (b"[" * 100_000, "G006", "levels deep at line 1, column 65."),
        (b'{"x-a": "[[\\"[",\n "x-\xc3\xa4": ' + b"[" * 9_000, "G006", "at line 2, column 72."),
        (b'{"name": ' + b"9" * 5_000 + b"}", "G006", "digits at line 1, column 10."),
        (b'{"x-a": [1, 23],\n"n": ' + b"9" * 5_000 + b"}", "G006", "at line 2, column 6."),
        (b'{"format": 1, "format": 1}', "G004", "'format'"),
        (b'{"format": 2}', "G002", "newer designer"),
        (b'{"format": 10000000000000000000000000}', "G002", "newer designer"),
        (b'{"format": 0}', "G005", "never a format 0"),
        (b'{"format": true}', "G005", "whole number"),
        (b'{"nodes": {}}', "G005", "does not say its format"),
        (b"[]", "G005", "an object"),
        (b"null", "G005", "an object"),
    ],
)
def test_a_text_that_is_no_graph_is_refused_in_words(text, code, words):
    (problem,) = read_graph(text).diagnostics
    assert problem.code == code
    assert words in problem.message + problem.remedy


@pytest.mark.parametrize("opening", ["[", '{"a":'])
@pytest.mark.timeout(60)
def test_a_hundred_thousand_levels_are_refused_and_not_walked(opening):
    assert found('{"format": 1, "layout": ' + opening * 100_000) == [("G006", "")]


def test_a_value_just_within_the_allowed_depth_is_read_and_one_level_more_is_not():
    def layout(levels):
        value = 1
        for _ in range(levels):
            value = {"a": value}
        return {"format": 1, "layout": value}

    assert read_graph(json.dumps(layout(MAX_NESTING - 1))).graph is not None
    assert {code for code, _ in found(layout(MAX_NESTING))} == {"G006"}


def test_a_document_of_parsed_json_may_be_endlessly_deep():
    value: object = 1
    for _ in range(100_000):
        value = [value]
    result = graph_from_document({"format": 1, "layout": {"a": value}})
    assert [one.code for one in result.diagnostics] == ["G006"]


def test_limits_of_text_numbers_and_nodes_are_explicit():
    assert found(with_node(parameters={"a": "x" * (MAX_STRING + 1)})) == [
        ("G006", "/nodes/a/parameters/a")
    ]
    assert found(with_node(parameters={"a": MAX_INTEGER + 1})) == [
        ("G006", "/nodes/a/parameters/a")
    ]
    nodes = {f"n{index}": {} for index in range(MAX_NODES + 1)}
    assert found({"format": 1, "nodes": nodes}) == [("G006", "/nodes")]


def test_five_megabytes_of_nodes_are_read():
    nodes = {
        f"n{index}": {"module": "data.step", "parameters": {"a": "x" * 2_000}}
        for index in range(2_500)
    }
    text = json.dumps({"format": 1, "nodes": nodes})
    assert len(text) > 5_000_000
    assert read_graph(text).graph is not None


def test_a_lone_surrogate_is_found_in_text_and_in_parsed_json():
    assert found('{"format": 1, "name": "\\ud800"}') == [("G005", "/name")]
    result = graph_from_document({"format": 1, "name": "\ud800"})
    assert [one.where for one in result.diagnostics] == ["/name"]
    assert msgspec.json.encode(result.diagnostics)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused_in_text_and_in_parsed_json(value):
    document = with_node(parameters={"deep": [{"a": value}]})
    assert found(document) == [("G007", "/nodes/a/parameters/deep/0/a")]
    (problem,) = graph_from_document(document).diagnostics
    assert problem.code == "G007"


def test_what_json_has_no_place_for_is_refused():
    for document in (with_node(parameters={"a": object()}), {"format": 1, 5: 6}):
        assert [one.code for one in graph_from_document(document).diagnostics] == ["G005"]


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"inputs": {"d": "no_port"}}, "inputs/d"),
        ({"inputs": {"d": ["b.x", "b"]}}, "inputs/d/1"),
        ({"inputs": {"d": {"disabled": True}}}, "inputs/d"),
        ({"inputs": {"d": {"from": "b.x", "disabled": 1}}}, "inputs/d/disabled"),
        ({"inputs": {"bad port": "b.x"}}, "inputs/bad port"),
        ({"inputs": []}, "inputs"),
        ({"parameters": {"a": {"$parameter": 5}}}, "parameters/a/$parameter"),
        ({"parameters": {"a": {"$paramter": "x"}}}, "parameters/a/$paramter"),
        ({"parameters": {"a": {"$parameter": "x", "b": 1}}}, "parameters/a"),
        ({"after": ["B"]}, "after/0"),
        ({"after": "b"}, "after"),
        ({"run": {"timeout_s": 0}}, "run/timeout_s"),
        ({"run": {"retries": 1.5}}, "run/retries"),
        ({"run": {"gpus": -1}}, "run/gpus"),
        ({"state": "disabeld"}, "state"),
        ({"state": {"artifacts": {}}}, "state"),
        ({"label": 5}, "label"),
    ],
)
def test_a_wrong_form_is_placed_exactly(fields, place):
    assert found(with_node(**fields)) == [("G005", f"/nodes/a/{place}")]


def test_a_node_id_that_ends_with_a_line_feed_or_is_too_long_is_refused():
    for name in ("a\n", "a\nb", "x" * 201, "", "__proto__", "1a"):
        assert [code for code, _ in found({"format": 1, "nodes": {name: {}}})] == ["G010"]


def test_extension_keys_are_kept_where_they_stand():
    document = {"format": 1, "nodes": {"a": {"x-note": [1]}}, "x-tool": {"b": None}}
    graph = graph_from_document(document).graph
    assert graph.nodes["a"].extensions == {"x-note": [1]}
    assert graph_to_document(graph) == document
    assert found({"format": 1, "parameters": {"p": {"type": "int", "x-a": 1}}}) == [
        ("G003", "/parameters/p/x-a")
    ]


def test_states_and_disabled_wires_are_read_in_both_spellings():
    document = with_node(state="disabled", inputs={"d": [{"from": "b.x", "disabled": True}, "c.y"]})
    graph = graph_from_document(document).graph
    node = graph.nodes["a"]
    assert node.state.kind == "disabled"
    assert [wire.disabled for wire in node.inputs["d"]] == [True, False]
    assert graph_from_document(graph_to_document(graph)).graph == graph
    frozen = with_node(state={"kind": "frozen", "artifacts": {"dataset": "b3:00"}})
    assert graph_from_document(frozen).graph.nodes["a"].state.artifacts == {"dataset": "b3:00"}


def test_a_pure_move_changes_no_hash_and_a_parameter_does():
    graph = parse_graph(EXAMPLE)
    moved = msgspec.structs.replace(graph, layout={"nodes": {"load": {"x": 1, "y": 2}}})
    renamed = msgspec.structs.replace(graph, name="Other")
    assert content_hash(moved) == content_hash(graph) != content_hash(renamed)


def test_defaults_are_left_out_and_maps_are_sorted():
    graph = Graph(nodes={"b": Node(module="m.b"), "a": Node(module="m.a")})
    assert graph_to_document(graph) == {
        "format": 1,
        "nodes": {
            "a": {"module": "m.a", "version": "default"},
            "b": {"module": "m.b", "version": "default"},
        },
    }
    assert list(graph_to_document(graph)["nodes"]) == ["a", "b"]


def test_an_older_format_goes_through_its_migrations():
    old = {"format": 0, "steps": {"a": {"module": "m.a"}}}
    chain = {0: lambda document: {"nodes": document["steps"]}}
    result = graph_from_document(old, migrations=chain)
    assert list(result.graph.nodes) == ["a"]
    assert migrate({"format": 1}, 3, migrations={1: dict, 2: dict}) == {"format": 3}


def test_parse_graph_raises_with_every_diagnostic():
    with pytest.raises(InvalidGraphError) as raised:
        parse_graph('{"format": 1, "a": 1, "b": 2}')
    assert [one.where for one in raised.value.diagnostics] == ["/a", "/b"]
    with pytest.raises(InvalidGraphError):
        as_graph({"format": 7})
    assert as_graph('{"format": 1}') == as_graph({"format": 1}) == as_graph(Graph()) == Graph()


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-MAX_INTEGER, MAX_INTEGER),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abc-", max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
IDS = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
WIRES = st.builds(lambda node, port: f"{node}.{port}", IDS, IDS)
INPUTS = (
    WIRES
    | st.fixed_dictionaries({"from": WIRES}, optional={"disabled": st.booleans()})
    | st.lists(WIRES, min_size=1, max_size=3)
)
NODES = st.fixed_dictionaries(
    {"module": st.sampled_from(["data.load", "learn.train"]), "version": st.just("1.0.0")},
    optional={
        "label": st.text('äöü <"\\>\n', max_size=5),
        "digest": st.just("b3:00"),
        "inputs": st.dictionaries(IDS, INPUTS, max_size=3),
        "parameters": st.dictionaries(IDS, VALUES, max_size=3),
        "after": st.lists(IDS, min_size=1, max_size=2),
        "run": st.fixed_dictionaries(
            {}, optional={"gpus": st.integers(0, 8), "reuse": st.booleans()}
        ),
        "state": st.sampled_from(["disabled", {"kind": "bypassed"}]),
        "x-note": VALUES,
    },
)
DOCUMENTS = st.fixed_dictionaries(
    {"format": st.just(1), "nodes": st.dictionaries(IDS, NODES, max_size=4)},
    optional={
        "name": st.text("abc", max_size=5),
        "outputs": st.dictionaries(IDS, WIRES, max_size=2),
        "layout": st.dictionaries(IDS, VALUES, max_size=3),
        "x-a": VALUES,
        "parameters": st.dictionaries(
            IDS, st.fixed_dictionaries({"type": st.just("float"), "default": st.floats(0, 1)})
        ),
        "subgraphs": st.dictionaries(
            IDS,
            st.fixed_dictionaries({"nodes": st.dictionaries(IDS, NODES, max_size=2)}),
            max_size=1,
        ),
    },
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@QUICK
@given(DOCUMENTS)
def test_what_is_read_and_written_reads_the_same_and_writes_the_same_bytes(document):
    result = graph_from_document(document)
    assert result.diagnostics == ()
    text = write_graph(result.graph)
    again = parse_graph(text)
    assert again == result.graph
    assert write_graph(again) == text
    assert graph_from_document(graph_to_document(again)).graph == again


def assert_answers(result):
    assert (result.graph is None) == bool(result.diagnostics)
    for one in result.diagnostics:
        assert one.code[0] == "G" and one.message and one.remedy
        assert one.where == "" or one.where.startswith("/")
    msgspec.json.encode(result.diagnostics)
    if result.graph:
        assert parse_graph(write_graph(result.graph)) == result.graph


ODD = st.sampled_from(
    [None, True, 0, -1, 1e308, "", "a.b", "$parameter", [], {}, [[]], {"$": 1}, ":x", "__proto__"]
)


@pytest.mark.slow
@QUICK
@given(DOCUMENTS, st.data())
def test_no_mutated_document_raises(document, data):
    target, key = document, "nodes"
    for _ in range(data.draw(st.integers(0, 4))):
        if isinstance(target[key], dict) and target[key]:
            target = target[key]
            key = data.draw(st.sampled_from(sorted(target)))
    target[data.draw(st.sampled_from([key, "x", "format", "$dataset"]))] = data.draw(ODD)
    assert_answers(graph_from_document(document))
    assert_answers(read_graph(json.dumps(document)))


@QUICK
@given(st.data())
def test_no_mutated_text_raises(data):
    text = bytearray(EXAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"{", b"}", b"[", b'"', b",", b"NaN", b"\xff", b"\\u", b"1e999"])
        )
        text[at : at + data.draw(st.integers(0, 30))] = piece
        if not text:
            break
    assert_answers(read_graph(bytes(text)))


@QUICK
@given(
    st.recursive(
        SCALARS | st.floats(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["format", "nodes", "layout", "a", "x-a", "inputs"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_value_raises(value):
    assert_answers(graph_from_document(value))
    assert_answers(read_graph(json.dumps(value)))


def test_run_settings_that_say_nothing_are_no_run_settings():
    document = {"format": 1, "nodes": {"a": {"module": "m.n", "run": {"reuse": None}}}}
    assert graph_from_document(document).graph.nodes["a"].run is None
