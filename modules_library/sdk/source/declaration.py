"""The declaration of a module: what its source says, read by syntax alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from modules_library.sdk.annotations import Description, Output, Title
from modules_library.sdk.decorator import ModuleMetadata
from modules_library.sdk.parallel.settings import Parallel, parallel_fault
from modules_library.sdk.source.annotation import Annotation, read_annotation
from modules_library.sdk.source.docstring import Docstring, parse_docstring
from modules_library.sdk.source.literals import Names
from modules_library.sdk.source.metadata import read_metadata
from modules_library.sdk.source.parameter import parameter_spec, title_of
from modules_library.sdk.source.problem import SourceProblem
from runtime.errors import close_matches
from runtime.model import ParameterSpec

PORT_TYPE_OF: dict[str, str] = {
    "Table": "Table",
    "polars.DataFrame": "Table",
    "polars.LazyFrame": "Table",
    "pandas.DataFrame": "Table",
    "pyarrow.Table": "Table",
    "numpy.ndarray": "Table",
    "UntrainedModel": "UntrainedModel",
    "Model": "Model",
    "Transform": "Transform",
    "Report": "Report",
    "Value": "Value",
    "File": "File",
    "pathlib.Path": "File",
    "Folder": "Folder",
    "ImageFolder": "ImageFolder",
    "AnyArtifact": "Any",
}
"""Annotation to port type."""

T = TypeVar("T")


@dataclass(frozen=True)
class Port:
    """A port and the class that the function wants or gives there."""

    name: str
    type: str
    annotation: str
    optional: bool = False
    many: bool = False
    title: str = ""
    description: str = ""


@dataclass(frozen=True)
class Declaration:
    """Everything that a module's source declares.

    Attributes:
        contexts: Arguments that receive the `StepContext`.
        returns_tuple: The function returns a NamedTuple with one field per output port.
        has_example: The file has a function `example` whose result can be run.
    """

    function: str
    line: int
    metadata: ModuleMetadata
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    parameters: tuple[ParameterSpec, ...]
    contexts: tuple[str, ...]
    returns_tuple: bool
    documentation: Docstring
    has_example: bool = False


@dataclass
class Reading:
    """A declaration, or every problem that stands in its way; neither for a file of helpers."""

    declaration: Declaration | None = None
    problems: list[SourceProblem] = field(default_factory=list)


def read_declaration(source: str) -> Reading:
    """Read the one `@module` function of a source text; nothing of it is imported or run."""
    try:
        return _read(ast.parse(source))
    except (SyntaxError, ValueError) as exc:
        line = getattr(exc, "lineno", None) or 1
        text = getattr(exc, "msg", None) or str(exc)
        return Reading(problems=[SourceProblem(line, f"the file is not valid Python: {text}.")])
    except (RecursionError, MemoryError):
        return Reading(problems=[SourceProblem(1, "the file is nested too deeply to be read.")])


def _read(tree: ast.Module) -> Reading:
    reading = Reading()
    names = Names(tree)
    found = list(_decorated(tree, names))
    if len(found) > 1:
        second = found[1][0]
        reading.problems.append(
            SourceProblem(
                second,
                f"'{second.name}' is a second module in this file.",
                remedy="Put each module into a file of its own.",
            )
        )
    if found:
        _Reader(tree, names, reading).read(*found[0])
    return reading


def _decorated(
    tree: ast.Module, names: Names
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.expr]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for decorator in node.decorator_list:
                target = decorator.func if isinstance(decorator, ast.Call) else decorator
                if names.canonical(target) == "module":
                    yield node, decorator


class _Reader:
    """Reads one function; collects problems and goes on, so that all are seen at once."""

    def __init__(self, tree: ast.Module, names: Names, reading: Reading) -> None:
        self.tree = tree
        self.names = names
        self.reading = reading

    def read(self, function: ast.FunctionDef | ast.AsyncFunctionDef, decorator: ast.expr) -> None:
        docs = parse_docstring(ast.get_docstring(function))
        metadata = self._try(lambda: read_metadata(decorator, self.names))
        self._try(lambda: _check_form(function))
        contexts = [a.arg for a in _arguments(function) if self._is_context(a)]
        inputs = self._inputs(function, contexts, docs)
        parameters = self._parameters(function, contexts, docs, inputs)
        returned = self._try(lambda: self._outputs(function, docs))
        self._check_names(function, inputs, parameters, returned[0] if returned else ())
        if metadata is not None and metadata.parallel is not None and returned is not None:
            self._check_parallel(metadata.parallel, decorator, inputs, parameters, returned[0])
        if metadata is None or returned is None or self.reading.problems:
            return
        self.reading.declaration = Declaration(
            function=function.name,
            line=function.lineno,
            metadata=metadata,
            inputs=inputs,
            outputs=returned[0],
            parameters=parameters,
            contexts=tuple(contexts),
            returns_tuple=returned[1],
            documentation=docs,
            has_example=any(
                isinstance(node, ast.FunctionDef) and node.name == "example"
                for node in self.tree.body
            ),
        )

    def _try(self, action: Callable[[], T]) -> T | None:
        try:
            return action()
        except SourceProblem as problem:
            self.reading.problems.append(problem)
            return None

    def _is_context(self, argument: ast.arg) -> bool:
        if argument.annotation is None:
            return False
        text = ast.unparse(argument.annotation).strip("'\"").removesuffix(" | None")
        return (self.names.canonical(ast.parse(text, mode="eval").body)) == "StepContext"

    def _annotation(self, argument: ast.arg) -> Annotation:
        if argument.annotation is None:
            raise SourceProblem(
                argument,
                f"'{argument.arg}' has no annotation.",
                remedy="Annotate it with a port type or a parameter kind.",
            )
        return read_annotation(argument.annotation, self.names)

    def _inputs(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, contexts: list[str], docs: Docstring
    ) -> tuple[Port, ...]:
        positional = [*function.args.posonlyargs, *function.args.args]
        defaults = [None] * (len(positional) - len(function.args.defaults)) + [
            *function.args.defaults
        ]
        found = [
            self._try(lambda a=argument, d=default: self._input(a, d, docs))  # type: ignore[misc]
            for argument, default in zip(positional, defaults, strict=True)
            if argument.arg not in contexts
        ]
        return tuple(port for port in found if port is not None)

    def _input(self, argument: ast.arg, default: ast.expr | None, docs: Docstring) -> Port:
        annotation = self._annotation(argument)
        is_none = isinstance(default, ast.Constant) and default.value is None
        is_empty = annotation.many and isinstance(default, ast.Tuple | ast.List)
        if default is not None and not is_none and not is_empty:
            raise SourceProblem(
                argument,
                f"'{argument.arg}' is an input port, so its default can only be None.",
                remedy="Put '*' before it to make it a parameter.",
            )
        return self._port(
            argument.arg,
            annotation,
            docs,
            argument,
            optional=annotation.optional or default is not None,
        )

    def _port(
        self,
        name: str,
        annotation: Annotation,
        docs: Docstring,
        node: ast.AST,
        *,
        optional: bool = False,
    ) -> Port:
        type_ = PORT_TYPE_OF.get(annotation.base)
        if type_ is None:
            short = annotation.base.rpartition(".")[2]
            known = {key.rpartition(".")[2] for key in PORT_TYPE_OF}
            raise SourceProblem(
                node,
                f"'{name}' has the type '{annotation.base}', which no port carries."
                f"{close_matches(short, known)}",
                remedy=f"Use one of {', '.join(sorted(PORT_TYPE_OF))}"
                ", or put '*' before it to make it a parameter.",
            )
        title, description = annotation.first(Title), annotation.first(Description)
        return Port(
            name=name,
            type=type_,
            annotation=annotation.base,
            optional=optional,
            many=annotation.many,
            title=title.text if title else title_of(name),
            description=description.text if description else docs.entries.get(name, ""),
        )

    def _parameters(
        self,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        contexts: list[str],
        docs: Docstring,
        inputs: tuple[Port, ...],
    ) -> tuple[ParameterSpec, ...]:
        ports = [port.name for port in inputs]
        known = [argument.arg for argument in function.args.kwonlyargs]
        found = [
            self._try(
                lambda a=argument, d=default: parameter_spec(  # type: ignore[misc]
                    a, self._annotation(a), d, self.names, docs=docs, ports=ports, known=known
                )
            )
            for argument, default in zip(
                function.args.kwonlyargs, function.args.kw_defaults, strict=True
            )
            if argument.arg not in contexts
        ]
        return tuple(spec for spec in found if spec is not None)

    def _outputs(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef, docs: Docstring
    ) -> tuple[tuple[Port, ...], bool]:
        if function.returns is None:
            raise SourceProblem(
                function,
                f"'{function.name}' does not say what it returns.",
                remedy="Annotate the return value with a port type or a NamedTuple of port types.",
            )
        if isinstance(function.returns, ast.Constant) and function.returns.value is None:
            return (), False
        name = ast.unparse(function.returns).strip("'\"")
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return self._tuple_outputs(node, docs), True
        annotation = read_annotation(function.returns, self.names)
        _check_output(annotation, function.returns)
        named = annotation.first(Output)
        port = self._port(named.name if named else "result", annotation, docs, function.returns)
        if not port.description:
            port = Port(**{**vars(port), "description": docs.returns})
        return (port,), False

    def _tuple_outputs(self, node: ast.ClassDef, docs: Docstring) -> tuple[Port, ...]:
        if "NamedTuple" not in [self.names.canonical(base) for base in node.bases]:
            raise SourceProblem(node, f"'{node.name}' must be a NamedTuple of port types.")
        own = parse_docstring(ast.get_docstring(node))
        merged = Docstring(entries={**docs.entries, **own.entries})
        ports = []
        for item in node.body:
            if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                annotation = read_annotation(item.annotation, self.names)
                _check_output(annotation, item)
                ports.append(self._port(item.target.id, annotation, merged, item))
        return tuple(ports)

    def _check_parallel(
        self,
        parallel: Parallel,
        node: ast.expr,
        inputs: tuple[Port, ...],
        parameters: tuple[ParameterSpec, ...],
        outputs: tuple[Port, ...],
    ) -> None:
        fault = parallel_fault(
            parallel,
            inputs={port.name: "many" if port.many else port.type for port in inputs},
            outputs={port.name: port.type for port in outputs},
            parameters=[one.name for one in parameters],
        )
        if fault:
            self.reading.problems.append(
                SourceProblem(node, f"@module: 'parallel' {fault}.", remedy="Correct it.")
            )

    def _check_names(
        self,
        function: ast.FunctionDef | ast.AsyncFunctionDef,
        inputs: tuple[Port, ...],
        parameters: tuple[ParameterSpec, ...],
        outputs: tuple[Port, ...],
    ) -> None:
        for name in (
            [p.name for p in inputs] + [p.name for p in parameters] + [p.name for p in outputs]
        ):
            if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                self.reading.problems.append(
                    SourceProblem(
                        function,
                        f"'{name}' cannot be a port or parameter name.",
                        remedy="Use lower-case letters, digits and underscores.",
                    )
                )


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _check_form(function: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
    if isinstance(function, ast.AsyncFunctionDef):
        raise SourceProblem(
            function, f"'{function.name}' is asynchronous.", remedy="Write 'def' without 'async'."
        )
    star = function.args.vararg or function.args.kwarg
    if star is not None:
        raise SourceProblem(
            star,
            f"'*{star.arg}' has no fixed ports or parameters.",
            remedy="Name every port and parameter; use list[Table] for many wires.",
        )


def _check_output(annotation: Annotation, node: ast.AST) -> None:
    if annotation.many or annotation.optional:
        raise SourceProblem(
            node,
            "an output port always gives exactly one value.",
            remedy="Declare one output port per value, and return an empty table for nothing.",
        )
