"""Read a graph: the fast way for what is right, the thorough way for what is not."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from runtime.model.diagnostic import Diagnostic
from runtime.model.graph import FORMAT, Graph
from runtime.model.graph_building import build_graph
from runtime.model.graph_file import NAME, NODE_ID, REFERENCES, WIRE, GraphFile
from runtime.model.graph_limits import (
    MAX_BYTES,
    MAX_NODES,
    MAX_PROBLEMS,
    DuplicateKeys,
    readable,
    scan,
    too_deep,
)
from runtime.model.graph_migrations import MIGRATIONS, Migration, migrate

_encode = msgspec.json.Encoder().encode


class ReadResult(msgspec.Struct, frozen=True):
    """A graph, or every reason why there is none."""

    graph: Graph | None
    diagnostics: tuple[Diagnostic, ...] = ()


def read_graph(text: str | bytes) -> ReadResult:
    """Read a graph's text; gives every problem at once and never raises on bad input."""
    try:
        document = _parse(text)
    except _UnreadableError as unreadable:
        return ReadResult(None, (unreadable.diagnostic,))
    return _from_parsed(document, MIGRATIONS)


def graph_from_document(
    document: object, *, migrations: Mapping[int, Migration] = MIGRATIONS
) -> ReadResult:
    """Read a graph from parsed JSON; gives every problem at once and never raises.

    The graph shares nothing with the document, which may be changed afterwards.
    """
    return _from_parsed(document, migrations, is_shared=True)


def _from_parsed(
    document: object, migrations: Mapping[int, Migration], *, is_shared: bool = False
) -> ReadResult:
    refusal = _refuse_format(document, migrations)
    if refusal:
        return ReadResult(None, (refusal,))
    if isinstance(document, dict) and document["format"] < FORMAT:
        document = migrate(document, FORMAT, migrations=migrations)
    if not _is_plain(document):
        problems = tuple(_problems(document))
        if problems:
            return ReadResult(None, problems)
    assert isinstance(document, dict)
    if is_shared:
        return ReadResult(build_graph(msgspec.json.decode(_encode(document))))
    return ReadResult(build_graph(document))


class _UnreadableError(Exception):
    def __init__(self, code: str, message: str, remedy: str) -> None:
        self.diagnostic = Diagnostic(code=code, message=message, remedy=remedy)
        super().__init__(message)


def _parse(text: str | bytes) -> object:
    """Parsed JSON; objects with a key twice come as `DuplicateKeys`."""
    data = _encoded(text)
    try:
        document = msgspec.json.decode(data)
        # The compact text equals the re-encoded value only where no key was dropped.
        if msgspec.json.format(data, indent=-1) == _encode(document):
            return document
    except RecursionError:
        raise _too_deep(data) from None
    except (ValueError, OverflowError):  # the slow parser says what is wrong, and where
        pass
    return _parse_slowly(data)


def _encoded(text: str | bytes) -> bytes:
    if len(text) > MAX_BYTES:
        raise _UnreadableError(
            "G006",
            f"The graph's text is {len(text):,} bytes long; {MAX_BYTES:,} are allowed.",
            "Move large values into files and name the files.",
        )
    try:
        data = text.encode() if isinstance(text, str) else bytes(text)
    except UnicodeEncodeError as error:
        raise _UnreadableError(
            "G005",
            f"Character {error.start} is half of a surrogate pair, which is not a character.",
            "Remove it.",
        ) from None
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _UnreadableError(
            "G001",
            "The text starts with a byte order mark.",
            "Save the file as UTF-8 without a byte order mark.",
        )
    return data


def _parse_slowly(data: bytes) -> object:
    import json  # only when something is off

    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object)
    except UnicodeDecodeError as error:
        raise _UnreadableError(
            "G001",
            f"The text is not UTF-8: byte {error.start} (0x{data[error.start]:02x}) does not fit.",
            "Save the file as UTF-8.",
        ) from None
    except json.JSONDecodeError as error:
        raise _UnreadableError(
            "G001",
            f"The text is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
            if data.strip()
            else "The text is empty.",
            "Correct the text there." if data.strip() else "Give the text of a graph.",
        ) from None
    except RecursionError:
        raise _too_deep(data) from None
    except ValueError:  # Python refuses integers of more than 4,300 digits
        from runtime.model.graph_places import place_of_long_number

        message = f"A number has thousands of digits {place_of_long_number(data)}."
        raise _UnreadableError("G006", message, "Write it as text or shorter.") from None


def _too_deep(data: bytes) -> _UnreadableError:
    from runtime.model.graph_places import place_of_nesting  # only when something is off

    problem = too_deep()
    message = f"{problem.message[:-1]} {place_of_nesting(data)}."
    return _UnreadableError(problem.code, message, problem.remedy)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    return value if len(value) == len(pairs) else DuplicateKeys(pairs)


def _refuse_format(document: object, migrations: Mapping[int, Migration]) -> Diagnostic | None:
    if not isinstance(document, dict):
        return next(_problems(document))
    version = document.get("format")
    if isinstance(version, bool) or not isinstance(version, int):
        return Diagnostic(
            code="G005",
            message="The graph does not say its format."
            if version is None
            else f"The format must be a whole number, but it is {readable(version)!r}.",
            remedy=f'Write "format": {FORMAT}.',
            where="/format" if "format" in document else "",
        )
    if version > FORMAT:
        return Diagnostic(
            code="G002",
            message=f"The graph has format {readable(_shown(version))}; this designer reads up to {FORMAT}.",
            remedy="Open it with a newer designer.",
            where="/format",
        )
    if version < FORMAT and version not in migrations:
        return Diagnostic(
            code="G005",
            message=f"There was never a format {readable(_shown(version))}.",
            remedy=f'Write "format": {FORMAT}.',
            where="/format",
        )
    return None


def _shown(version: int) -> str:
    return str(version) if abs(version) < 10**9 else "of a very large number"


def _is_plain(document: object) -> bool:
    """Whether the document is certainly right; when in doubt the thorough way decides."""
    if type(document) is not dict or type(document.get("nodes", {})) is not dict:
        return False
    try:
        _encode(document)  # refuses lone surrogates
        msgspec.convert(document, GraphFile)
    except (ValueError, TypeError, OverflowError, RecursionError):
        return False
    return _node_count(document) <= MAX_NODES and _has_plain_names(document)


def _node_count(document: dict[str, Any]) -> int:
    """Nodes of the graph and of the definitions of its subgraphs."""
    scopes = (document, *document.get("subgraphs", {}).values())
    return sum(len(scope.get("nodes", ())) for scope in scopes)


def _has_plain_names(document: dict[str, Any]) -> bool:
    """Whether every id, name, wire and reference has its form; they are matched in one go each."""
    subgraphs = document.get("subgraphs", {})
    outputs = document.get("outputs", {})
    ids, names, wires = list(subgraphs), list(outputs), list(outputs.values())
    names.extend(document.get("parameters", ()))
    for scope in (document, *subgraphs.values()):
        if scope is not document:
            for key in ("inputs", "outputs", "parameters"):
                names.extend(scope.get(key, ()))
                wires.extend(_texts(scope.get(key, {})))
        nodes = scope.get("nodes", {})
        ids.extend(nodes)
        for node in nodes.values():
            if "inputs" in node:
                names.extend(node["inputs"])
                wires.extend(_texts(node["inputs"]))
            if "parameters" in node:
                names.extend(node["parameters"])
                if not all(map(_is_plain_value, node["parameters"].values())):
                    return False
            ids.extend(node.get("after", ()))
            if node.get("subgraph") is not None:
                ids.append(node["subgraph"])
            if type(node.get("state")) is dict:
                names.extend(node["state"].get("artifacts", ()))
    return _all_match(_ID, ids) and _all_match(_NAME, names) and _all_match(_WIRE, wires)


def _texts(inputs: dict[str, Any]) -> Iterator[str]:
    for wires in inputs.values():
        for wire in (wires,) if type(wires) is not list else wires:
            if wire is not None:
                yield wire if type(wire) is str else wire["from"]


def _is_plain_value(value: Any) -> bool:
    if type(value) is not dict or not any(key[:1] == "$" for key in value):
        return True
    (key, *more), (name, *_) = value.keys(), value.values()
    return not more and key in REFERENCES and type(name) is str and name != ""


def _each(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern}\n)*")


_ID, _NAME, _WIRE = _each(NODE_ID), _each(NAME), _each(WIRE)


def _all_match(pattern: re.Pattern[str], texts: list[str]) -> bool:
    joined = "\n".join((*texts, ""))
    return joined.count("\n") == len(texts) and pattern.fullmatch(joined) is not None


def _problems(document: object) -> Iterator[Diagnostic]:
    from runtime.model.graph_problems import diagnose  # only when something is off

    if isinstance(document, dict):
        nodes = document.get("nodes")
        count = len(nodes) if isinstance(nodes, dict) else 0
        inside = sum(map(_inner_count, _values(document.get("subgraphs"))))
        if count + inside > MAX_NODES:
            words = " with those inside subgraphs" if inside else ""
            yield Diagnostic(
                code="G006",
                message=f"The graph has {count + inside:,} nodes{words}; {MAX_NODES:,} are allowed.",
                remedy="Split it into several pipelines.",
                where="/nodes" if count > MAX_NODES else "/subgraphs",
            )
            return
    yield from islice(scan(document), MAX_PROBLEMS)
    yield from islice(diagnose(document), MAX_PROBLEMS)


def _inner_count(subgraph: object) -> int:
    return len(_values(subgraph.get("nodes"))) if isinstance(subgraph, dict) else 0


def _values(value: object) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else []
