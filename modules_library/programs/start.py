"""The start of a new program: a small one that works, to be changed."""

from __future__ import annotations

import json

from modules_library.programs.declaration import DECLARATION, ProgramKind

_FIRST_ROWS = """version = "1.0.0"
title = "{title}"
summary = "Keep the first rows of a table."

[inputs.dataset]
type = "Table"
format = "csv"
description = "The rows."

[outputs.result]
type = "Table"
format = "csv"
description = "The first rows."

[parameters.rows]
kind = "int"
default = 10
minimum = 0
description = "How many are kept."

[example]
inputs = {{ dataset = "example.csv" }}
parameters = {{ rows = 2 }}
"""
_EXAMPLE = "a,b\n1,x\n2,y\n3,z\n"
_FILES: dict[ProgramKind, dict[str, str]] = {
    "script": {
        DECLARATION: 'kind = "script"\nentry = "main.py"\n' + _FIRST_ROWS,
        "main.py": """import argparse
import csv
import json
import os


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--dataset")
    parser.add_argument("--result")
    parser.add_argument("--rows", type=int)
    arguments = parser.parse_args()
    with open(arguments.dataset, newline="") as file:
        head, *rows = csv.reader(file)
    with open(arguments.result, "w", newline="") as file:
        csv.writer(file).writerows([head, *rows[: arguments.rows]])
    with open(os.environ["DESIGNER_METRICS"], "a") as file:
        print(json.dumps({{"metric": "rows_in", "value": len(rows)}}), file=file)


main()
""",
        "example.csv": _EXAMPLE,
    },
    "command": {
        DECLARATION: """kind = "command"
version = "1.0.0"
title = "{title}"
summary = "Sort the lines of a file."
arguments = [
    "sort",
    {{ when = "parameter.reverse", then = ["--reverse"] }},
    "--output={{output.sorted}}",
    "{{input.text}}",
]

[inputs.text]
type = "File"
description = "The lines."

[outputs.sorted]
type = "File"
file = "sorted.txt"
description = "The same lines in order."

[parameters.reverse]
kind = "bool"
default = false
description = "On: the last one first."

[example]
inputs = {{ text = "example.txt" }}
""",
        "example.txt": "b\na\nc\n",
    },
    "notebook": {
        DECLARATION: 'kind = "notebook"\nentry = "notebook.ipynb"\n' + _FIRST_ROWS,
        "example.csv": _EXAMPLE,
    },
}

_CELLS: tuple[tuple[str, str, list[str]], ...] = (
    ("markdown", "# {title}\n\nThe values of the next cell are replaced in every run.", []),
    ("code", 'dataset = "example.csv"\nresult = "result.csv"\nrows = 10', ["parameters"]),
    (
        "code",
        "import csv\n\n"
        'with open(dataset, newline="") as file:\n    head, *body = csv.reader(file)\n'
        'with open(result, "w", newline="") as file:\n'
        "    csv.writer(file).writerows([head, *body[:rows]])\n"
        "len(body)",
        [],
    ),
)


def start_of(kind: ProgramKind, name: str) -> dict[str, str]:
    """The files of a new program, by their path below its folder."""
    title = name.replace("_", " ").title()
    files = {path: text.format(title=title) for path, text in _FILES[kind].items()}
    if kind == "notebook":
        files["notebook.ipynb"] = _notebook(title)
    return files


def _notebook(title: str) -> str:
    cells: list[dict[str, object]] = [
        {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {"tags": tags} if tags else {},
            "source": text.format(title=title) if kind == "markdown" else text,
            **({"execution_count": None, "outputs": []} if kind == "code" else {}),
        }
        for number, (kind, text, tags) in enumerate(_CELLS)
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    document = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1) + "\n"
