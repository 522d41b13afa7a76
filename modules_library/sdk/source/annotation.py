"""Annotations out of syntax: which type, whether optional, whether many, with which metadata."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from modules_library.sdk import annotations as words
from modules_library.sdk.source.literals import Names, literal
from modules_library.sdk.source.problem import SourceProblem
from runtime.errors import close_matches

METADATA: dict[str, type[object]] = {
    cls.__name__: cls
    for cls in (
        words.Description,
        words.FromPort,
        words.Language,
        words.Output,
        words.Pattern,
        words.Range,
        words.Required,
        words.ShownWhen,
        words.Summary,
        words.Title,
        words.Unit,
    )
}

M = TypeVar("M")


@dataclass(frozen=True)
class Annotation:
    """An annotation taken apart.

    Attributes:
        base: Full name of the innermost type, `polars.DataFrame`, `Table`, `Literal`.
        options: Values of a `Literal`.
        optional: It was `X | None`.
        many: It was `list[X]`.
        metadata: What stood inside `Annotated[…]`.
    """

    base: str
    options: tuple[Any, ...] = ()
    optional: bool = False
    many: bool = False
    metadata: tuple[object, ...] = ()

    def first(self, kind: type[M]) -> M | None:
        """The first metadata of a kind."""
        return next((item for item in self.metadata if isinstance(item, kind)), None)

    def every(self, kind: type[M]) -> tuple[M, ...]:
        """All metadata of a kind."""
        return tuple(item for item in self.metadata if isinstance(item, kind))


def read_annotation(node: ast.expr, names: Names, depth: int = 0) -> Annotation:
    """Take an annotation apart.

    Raises:
        SourceProblem: It is none that a module may use.
    """
    if depth > 20:
        raise SourceProblem(node, "this annotation refers to itself")
    match node:
        case ast.Constant(value=str() as text):
            return read_annotation(_parsed(text, node), names, depth + 1)
        case ast.BinOp(op=ast.BitOr()):
            return _union(_alternatives(node), node, names, depth)
        case ast.Subscript():
            return _subscript(node, names, depth)
        case ast.Name(id=name) if name in names.assigned:
            return read_annotation(names.assigned[name], names, depth + 1)
        case ast.Name() | ast.Attribute():
            return Annotation(base=names.canonical(node) or "")
    raise SourceProblem(node, f"'{ast.unparse(node)}' is not a type that a module may use.")


def _parsed(text: str, node: ast.expr) -> ast.expr:
    try:
        inner = ast.parse(text, mode="eval").body
    except SyntaxError as exc:
        raise SourceProblem(node, f"the annotation {text!r} is not valid Python") from exc
    return ast.copy_location(inner, node)


def _alternatives(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_alternatives(node.left), *_alternatives(node.right)]
    return [node]


def _union(parts: list[ast.expr], node: ast.expr, names: Names, depth: int) -> Annotation:
    kept = [p for p in parts if not (isinstance(p, ast.Constant) and p.value is None)]
    if len(kept) != 1 or len(parts) > 2:
        raise SourceProblem(
            node,
            f"'{ast.unparse(node)}' mixes types.",
            remedy="Use one type, or one type and None.",
        )
    return replace(read_annotation(kept[0], names, depth + 1), optional=True)


def _subscript(node: ast.Subscript, names: Names, depth: int) -> Annotation:
    outer = names.canonical(node.value)
    arguments = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    if outer == "Annotated":
        inner = read_annotation(arguments[0], names, depth + 1)
        found = tuple(_metadata(item, names) for item in arguments[1:])
        return replace(inner, metadata=(*inner.metadata, *found))
    if outer == "Optional":
        return replace(read_annotation(arguments[0], names, depth + 1), optional=True)
    if outer == "Union":
        return _union(arguments, node, names, depth)
    if outer == "Literal":
        return Annotation(base="Literal", options=tuple(literal(a, names) for a in arguments))
    if outer in ("list", "List", "Sequence", "collections.abc.Sequence"):
        return replace(read_annotation(arguments[0], names, depth + 1), many=True)
    if outer == "numpy.typing.NDArray":
        return Annotation(base="numpy.ndarray")
    raise SourceProblem(node, f"'{ast.unparse(node)}' is not a type that a module may use.")


def _metadata(node: ast.expr, names: Names) -> object:
    if not isinstance(node, ast.Call):
        raise SourceProblem(
            node,
            f"'{ast.unparse(node)}' is not metadata of the SDK.{_nearest(ast.unparse(node))}",
            remedy="Write it as a call, for example Title('Rows').",
        )
    name = names.canonical(node.func) or ast.unparse(node.func)
    kind = METADATA.get(name)
    if kind is None:
        raise SourceProblem(
            node,
            f"'{name}' is not metadata of the SDK.{_nearest(name)}",
            remedy=f"Use one of {', '.join(sorted(METADATA))}.",
        )
    arguments = [literal(argument, names) for argument in node.args]
    keywords = {str(keyword.arg): literal(keyword.value, names) for keyword in node.keywords}
    try:
        made: object = kind(*arguments, **keywords)
    except TypeError as exc:
        raise SourceProblem(node, f"'{ast.unparse(node)}' does not fit {name}: {exc}.") from exc
    return made


def _nearest(name: str) -> str:
    return close_matches(name, METADATA)
