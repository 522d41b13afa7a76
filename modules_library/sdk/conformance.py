"""What every module keeps to, checked: the built-ins in our tests, people's own on `module test`.

The rules of words and declarations read the source only. The rules of behaviour load the module
and call it, so they belong into a process that may run its code.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from modules_library.sdk.column_selection import ColumnSelection
from modules_library.sdk.example import TIMEOUT_S, Call, call_of, run_apart, run_call
from modules_library.sdk.foresight.trial import foresee_and_run
from modules_library.sdk.loading import LoadedModule, load_module
from modules_library.sdk.source.parameter import default_fault
from modules_library.sdk.table import Table
from runtime.error_codes import CODES
from runtime.errors import DesignerError
from runtime.foresight import contradictions
from runtime.model import ModuleSpec, ParameterSpec

_CODE = re.compile(r"[A-Z]\d{3}")


@dataclass(frozen=True)
class Finding:
    """A rule that a module breaks, and how.

    Attributes:
        rule: The rule's name, `words`, `defaults`, `codes`, `outputs`, `signature`, `example`,
            `same result`, `small tables`, `schema`.
    """

    rule: str
    message: str


def check_module(
    spec: ModuleSpec, source: Path, *, call: Call | None = None
) -> tuple[Finding, ...]:
    """Check a module against every rule; an empty result means that it keeps to all.

    Args:
        spec: The module; `entry.source` is an absolute path.
        source: Its file.
        call: Arguments for one call; the file's own `example` when absent.
    """
    found = [*check_declaration(spec, source)]
    try:
        loaded = load_module(source, spec.digest)
    except Exception as exc:  # noqa: BLE001 - whatever the author's file does is a finding
        return (*found, Finding("signature", f"The file cannot be imported: {_told(exc)}"))
    found += _signature(spec, loaded)
    try:
        call = call or (call_of(spec, loaded.example()) if loaded.example else None)
    except Exception as exc:  # noqa: BLE001 - whatever the author's example does is a finding
        return (*found, Finding("example", f"The example cannot be made: {_told(exc)}"))
    return (*found, *_behaviour(spec, call))


def check_apart(
    spec: ModuleSpec,
    *,
    program: str = "modules_library.sdk.conformance",
    timeout_s: float = 4 * TIMEOUT_S,
) -> tuple[Finding, ...]:
    """Check a module in a process of its own, so that its code runs nowhere else.

    Args:
        spec: The module; `entry.source` is an absolute path.
        program: What checks it there.
        timeout_s: Seconds that all its calls together may take.

    Raises:
        RequestError: M013 when it does not end in time.
    """
    ended = run_apart(program, spec, timeout_s=timeout_s)
    try:
        last = ended.stdout.splitlines()[-1]
        return msgspec.json.decode(last, type=tuple[Finding, ...])
    except (IndexError, msgspec.DecodeError):
        words = (ended.stderr.decode(errors="replace").strip().splitlines() or [""])[-1]
        reason = f"Its process ended with {ended.returncode}. {words}".strip()
        return (Finding("example", reason),)


def check_declaration(spec: ModuleSpec, source: Path) -> tuple[Finding, ...]:
    """Check what can be told without running anything."""
    text = source.read_text(encoding="utf-8")
    return (*check_spec(spec), *_codes(text))


def check_spec(spec: ModuleSpec) -> tuple[Finding, ...]:
    """Check what people see of a module of any kind."""
    return (*_words(spec), *_defaults(spec), *_outputs(spec))


def _words(spec: ModuleSpec) -> Iterator[Finding]:
    """Title, summary, and a description of every port and parameter."""
    if not spec.title.strip():
        yield Finding("words", "The module has no title.")
    if not spec.summary.strip().endswith("."):
        yield Finding("words", f"The summary {spec.summary!r} is not a sentence.")
    for kind, items in (
        ("input", spec.inputs),
        ("output", spec.outputs),
        ("parameter", spec.parameters),
    ):
        for item in items:
            if not item.title.strip():
                yield Finding("words", f"The {kind} '{item.name}' has no title.")
            if not item.description.strip():
                yield Finding("words", f"The {kind} '{item.name}' has no description.")


def _defaults(spec: ModuleSpec) -> Iterator[Finding]:
    """Every parameter has a default that passes its own constraints, or is required."""
    for parameter in spec.parameters:
        fault = default_fault(parameter)
        if fault:
            yield Finding("defaults", f"The default of '{parameter.name}' {fault}.")


def _codes(text: str) -> Iterator[Finding]:
    """Every error that the source raises has a code that exists."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        first = node.args[0] if node.args else None
        if node.func.id.endswith("Error") and isinstance(first, ast.Constant):
            code = str(first.value)
            if _CODE.fullmatch(code) and code not in CODES:
                yield Finding("codes", f"Line {node.lineno}: the code {code} does not exist.")


def _outputs(spec: ModuleSpec) -> Iterator[Finding]:
    if not spec.outputs:
        yield Finding("outputs", "The module declares no output.")
    names = [port.name for port in spec.outputs]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Finding("outputs", f"The output '{name}' is declared twice.")


def _signature(spec: ModuleSpec, loaded: LoadedModule) -> Iterator[Finding]:
    """What was read by syntax is what Python says of the imported function."""
    declared = {
        **{port.name: inspect.Parameter.POSITIONAL_OR_KEYWORD for port in spec.inputs},
        **{one.name: inspect.Parameter.KEYWORD_ONLY for one in loaded.declaration.parameters},
    }
    actual = {
        name: parameter
        for name, parameter in inspect.signature(loaded.function).parameters.items()
        if name not in loaded.declaration.contexts
    }
    if list(declared) != list(actual):
        yield Finding("signature", f"The spec says {list(declared)}, Python says {list(actual)}.")
        return
    for name, kind in declared.items():
        if actual[name].kind != kind:
            yield Finding("signature", f"'{name}' is {actual[name].kind.description}.")
    for parameter in loaded.declaration.parameters:
        if _plain(actual[parameter.name].default) != parameter.default:
            yield Finding("signature", f"The default of '{parameter.name}' is another in Python.")


def _behaviour(spec: ModuleSpec, given: Call | None) -> Iterator[Finding]:
    call = given or _made_up(spec)
    if call is None:
        return
    first = _attempt(spec, call)
    if isinstance(first, Exception):
        if given is not None or not _is_coded(first):
            yield Finding("example", f"The call failed: {_told(first)}")
            return
    else:
        if first != _attempt(spec, call):
            yield Finding("same result", "Two calls with the same arguments gave other artifacts.")
        yield from _schemas(spec, call)
    for rows in (0, 1):
        inputs = {name: _cut(value, rows) for name, value in call.inputs.items()}
        ended = _attempt(spec, Call(inputs, call.parameters))
        if isinstance(ended, Exception) and not _is_coded(ended):
            yield Finding(
                "small tables", f"With {rows} rows: {_told(ended)}, which is no coded error."
            )


def _attempt(spec: ModuleSpec, call: Call) -> dict[str, str] | Exception:
    """Digests of the outputs, or what was raised."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            outputs = run_call(spec, call, Path(folder))
        except Exception as exc:  # noqa: BLE001 - whatever the author's code raises is a result
            return exc
        return {name: output.ref.digest for name, output in outputs.items()}


def _schemas(spec: ModuleSpec, call: Call) -> Iterator[Finding]:
    """What is said before a run is what the run gives."""
    if not spec.entry.schema:
        return
    with tempfile.TemporaryDirectory() as folder:
        foreseen, stored = foresee_and_run(spec, call, Path(folder))
    if foreseen.error is not None:
        yield Finding("schema", f"Before a run it says: {foreseen.error.message}")
    for port, schema in foreseen.outputs.items():
        given = stored.get(port)
        for sentence in contradictions(schema, given) if given is not None else ():
            yield Finding("schema", f"Of '{port}' something else is said before a run: {sentence}.")


def _made_up(spec: ModuleSpec) -> Call | None:
    """Arguments for a module that takes tables only; None where none can be made up."""
    needed = [port for port in spec.inputs if not port.optional]
    required = [parameter for parameter in spec.parameters if parameter.required]
    values = {parameter.name: _value_for(parameter) for parameter in required}
    if any(port.type != "Table" for port in needed) or None in values.values():
        return None
    tables = {port.name: [_table(), _table()] if port.many else _table() for port in needed}
    return Call(tables, values)


def _value_for(parameter: ParameterSpec) -> Any:
    match parameter.kind:
        case "column":
            return "number"
        case "columns":
            return ["number"]
        case "enum":
            return parameter.options[0]
        case "int" | "float":
            return parameter.minimum if parameter.minimum is not None else 1
        case "bool":
            return False
    return None


def _table() -> Any:
    import polars as pl

    return pl.DataFrame(
        {
            "number": [3.0, 1.0, None, 2.0, 5.0, 4.0],
            "count": [1, 2, 3, 4, 5, 6],
            "text": ["b", "a", "c", None, "a", "b"],
            "flag": [True, False, True, False, True, False],
        }
    )


def _cut(value: Any, rows: int) -> Any:
    if isinstance(value, Table):
        return value.with_frame(value.frame.head(rows))
    if isinstance(value, list):
        return [_cut(item, rows) for item in value]
    if type(value).__name__ in ("DataFrame", "LazyFrame") and hasattr(value, "head"):
        return value.head(rows)
    return value


def _is_coded(exc: Exception) -> bool:
    return isinstance(exc, DesignerError) and exc.code in CODES


def _plain(value: Any) -> Any:
    """A default as the spec holds it."""
    if value is inspect.Parameter.empty:
        return None
    if isinstance(value, ColumnSelection):
        return value.to_json()
    if isinstance(value, Path):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _told(exc: Exception) -> str:
    return str(exc) if isinstance(exc, DesignerError) else f"{type(exc).__name__}: {exc}"


def answer(check: Callable[[ModuleSpec], tuple[Finding, ...]]) -> int:
    """Check for `check_apart`: the spec comes in, the findings go out."""
    spec = msgspec.json.decode(sys.stdin.buffer.read(), type=ModuleSpec)
    found = check(spec)
    sys.stdout.flush()
    sys.stdout.buffer.write(b"\n" + msgspec.json.encode(found) + b"\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(answer(lambda spec: check_module(spec, Path(spec.entry.source))))
