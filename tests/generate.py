"""Writes the generated files: `make generate`. A test compares them with the code."""

from collections.abc import Callable
from pathlib import Path

from modules_library.registry.builtin_index import INDEX, builtin_index_text
from runtime.error_codes import CODES
from runtime.model.schemas import schema_texts
from tests.samples.pins import pinned_samples

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "assets/docs"
LETTERS = {
    "G": "The graph",
    "P": "Ports",
    "V": "Parameter values",
    "M": "Modules",
    "L": "Planning",
    "E": "Environments",
    "R": "Running",
    "T": "Compute targets",
    "D": "Data",
    "S": "Stores",
    "A": "Access",
    "X": "Export",
}


def errors_page() -> str:
    lines = [
        "# Error codes",
        "",
        "Every problem has a stable code. The message on the screen names the culprit and ends",
        "with what to do; this page says what each code means.",
    ]
    for letter, title in LETTERS.items():
        codes = {code: text for code, text in CODES.items() if code[0] == letter}
        if codes:
            lines += ["", f"## {title}", "", "| code | meaning |", "|---|---|"]
            lines += [f"| `{code}` | {text} |" for code, text in codes.items()]
    return "\n".join(lines) + "\n"


def modules_page() -> str:
    from modules_library.registry import open_catalog

    catalog = open_catalog(None)
    specs = sorted(
        (spec for spec in map(catalog.default, catalog.module_ids()) if spec),
        key=lambda spec: (spec.category, spec.title),
    )
    lines = ["# Built-in modules", ""]
    category = ""
    for spec in specs:
        if spec.category != category:
            category = spec.category
            lines += [f"## {category.replace('_', ' ').capitalize()}", ""]
        lines += [f"### {spec.title}", "", f"`{spec.id}` {spec.version}. {spec.summary}", ""]
        for name, ports in (("Inputs", spec.inputs), ("Outputs", spec.outputs)):
            if ports:
                listed = ", ".join(
                    f"`{p.name}`: {p.type}{' (optional)' if getattr(p, 'optional', False) else ''}"
                    for p in ports
                )
                lines += [f"{name}: {listed}.", ""]
        if spec.parameters:
            lines += ["| parameter | kind | default | |", "|---|---|---|---|"]
            lines += [
                f"| `{p.name}` | {p.kind} | {_default(p.default)} | {_cell(p.description)} |"
                for p in spec.parameters
            ]
            lines.append("")
    return "\n".join(lines)


def _default(value: object) -> str:
    return f"`{value}`" if value is not None and "\n" not in str(value) else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def generated() -> dict[Path, Callable[[], str]]:
    """Every generated file with the function that gives its text."""
    return {
        INDEX: builtin_index_text,
        DOCS / "reference/errors.md": errors_page,
        DOCS / "reference/modules.md": modules_page,
        **{
            ROOT / "assets/schemas" / name: lambda name=name: schema_texts()[name]
            for name in schema_texts()
        },
        **pinned_samples(),
    }


def main() -> None:
    for path, text in generated().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text())
        print(path.relative_to(ROOT))


if __name__ == "__main__":
    main()
