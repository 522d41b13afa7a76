"""The same script as a notebook of format 4."""

from collections.abc import Iterable
from typing import Any

import msgspec

from designer.reopening.script import Cell


def notebook(heading: Iterable[str], cells: Iterable[Cell]) -> str:
    """The text of `step.ipynb`: a cell of words, then a cell for each of the script's."""
    document = {
        "cells": [
            {"id": "head", "cell_type": "markdown", "metadata": {}, "source": _plain(heading)},
            *(_code(f"cell-{index}", cell) for index, cell in enumerate(cells, start=1)),
        ],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=1).decode() + "\n"


def _code(name: str, cell: Cell) -> dict[str, Any]:
    return {
        "id": name,
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": f"# {cell.title}\n{cell.code}",
    }


def _plain(lines: Iterable[str]) -> str:
    """Lines as Markdown shows them: as they are."""
    return "\n".join(f"    {line}" for line in lines)
