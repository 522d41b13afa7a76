"""Values out of syntax: literals, the SDK's named constants, and plain constants of the file."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from modules_library.sdk.column_selection import NAMED_SELECTIONS
from modules_library.sdk.decorator import AFTER_RUN, LEARNING, SAME_ROWS, TABLES, ZERO_ROWS
from modules_library.sdk.source.problem import SourceProblem
from runtime.errors import close_matches

SDK = "modules_library.sdk"
CONSTANTS: dict[str, Any] = {
    **NAMED_SELECTIONS,
    "LEARNING": LEARNING,
    "TABLES": TABLES,
    "ZERO_ROWS": ZERO_ROWS,
    "SAME_ROWS": SAME_ROWS,
    "AFTER_RUN": AFTER_RUN,
}
_MAX_DEPTH = 50


class Names:
    """What the names in a file stand for: imports, and assignments at the top level."""

    def __init__(self, tree: ast.Module) -> None:
        self.imports: dict[str, str] = {}
        self.assigned: dict[str, ast.expr] = {}
        self.functions: set[str] = set()
        for node in _top_level(tree):
            self._note(node)

    def _note(self, node: ast.stmt) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                self.imports[name] = alias.name if alias.asname else name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                self._note_from(node.module, alias)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            self.assigned[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            self.assigned[node.target.id] = node.value
        elif isinstance(node, ast.FunctionDef):
            self.functions.add(node.name)

    def _note_from(self, module: str, alias: ast.alias) -> None:
        if alias.name != "*":
            self.imports[alias.asname or alias.name] = f"{module}.{alias.name}"
        elif module == SDK:
            from modules_library import sdk

            self.imports |= {name: f"{SDK}.{name}" for name in sdk.__all__}

    def canonical(self, node: ast.expr) -> str | None:
        """The full dotted name of a name or attribute: `pl.DataFrame` is `polars.DataFrame`.

        The SDK's own names come without their package.
        """
        dotted = _dotted(node)
        if dotted is None:
            return None
        head, _, rest = dotted.partition(".")
        full = self.imports.get(head, head) + (f".{rest}" if rest else "")
        for package in (f"{SDK}.", "typing.", "typing_extensions.", "builtins."):
            if full.startswith(package):
                return full.rpartition(".")[2]
        return full


def literal(node: ast.expr, names: Names, depth: int = 0) -> Any:
    """The value of an expression that needs no code to run.

    Raises:
        SourceProblem: The expression is not a literal.
    """
    if depth > _MAX_DEPTH:
        raise SourceProblem(node, "this value is nested too deeply")
    match node:
        case ast.Constant(value=value) if not isinstance(value, bytes | complex):
            return value if value is not Ellipsis else _refuse(node)
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case ast.List(elts=items):
            return [literal(item, names, depth + 1) for item in items]
        case ast.Tuple(elts=items):
            return tuple(literal(item, names, depth + 1) for item in items)
        case ast.Dict(keys=keys, values=values):
            return {
                literal(_key(key, node), names, depth + 1): literal(value, names, depth + 1)
                for key, value in zip(keys, values, strict=True)
            }
        case ast.Call(func=func, args=[argument], keywords=[]) if (
            names.canonical(func) == "pathlib.Path"
        ):
            return str(literal(argument, names, depth + 1))
        case ast.Name() | ast.Attribute():
            return _named(node, names, depth)
    return _refuse(node)


def _named(node: ast.expr, names: Names, depth: int) -> Any:
    canonical = names.canonical(node) or ""
    if canonical in CONSTANTS:
        return CONSTANTS[canonical]
    if isinstance(node, ast.Name) and node.id in names.assigned:
        return literal(names.assigned[node.id], names, depth + 1)
    raise SourceProblem(
        node,
        f"'{ast.unparse(node)}' is not a literal value and not a constant of the SDK."
        f"{close_matches(canonical, CONSTANTS)}",
        remedy="Write the value itself: a module is listed without running its code.",
    )


def _refuse(node: ast.expr) -> Any:
    raise SourceProblem(
        node,
        f"'{_short(node)}' is not a literal value.",
        remedy="Write the value itself: a module is listed without running its code.",
    )


def _key(key: ast.expr | None, node: ast.expr) -> ast.expr:
    return key if key is not None else _refuse(node)


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:57] + "…"


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return f"{head}.{node.attr}" if head else None
    return None


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Statements of the file, those under `if TYPE_CHECKING` and `try` included."""
    waiting: list[ast.stmt] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If | ast.Try):
            waiting.extend(reversed(node.body))
