"""Executes one notebook: `python executing_notebook.py ORDER.json`, started for each notebook step.

It stands alone, so that nothing but the notebook's own packages has to be there. What cells print
goes to standard output, a failed cell's traceback to standard error; the notebook is written as far
as it came.
"""

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import v4
from traitlets.config import Config

PARAMETERS, INJECTED = "parameters", "injected-parameters"
"""Tags: of the cell with the defaults, and of the one that is put behind it."""

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class _Client(NotebookClient):
    """Tells what cells print when they print it."""

    def output(self, outs: Any, msg: dict[str, Any], display_id: Any, cell_index: int) -> Any:
        content = msg["content"]
        if msg["msg_type"] == "stream":
            stream = sys.stderr if content["name"] == "stderr" else sys.stdout
            stream.write(content["text"])
            stream.flush()
        return super().output(outs, msg, display_id, cell_index)


def main(order_file: str) -> int:
    """Execute what an order names; 1 when a cell failed."""
    order = json.loads(Path(order_file).read_bytes())
    notebook: Any = v4.reads(Path(order["notebook"]).read_text(encoding="utf-8"))
    inject(notebook, order["assignments"])
    with tempfile.TemporaryDirectory(prefix="designer-") as sockets:
        client = _Client(
            notebook,
            timeout=None,
            kernel_name="python3",
            record_timing=False,
            config=_config(sockets),
        )
        try:
            client.execute()
            status = 0
        except (CellExecutionError, DeadKernelError) as exc:
            sys.stderr.write(_told(notebook, exc))
            status = 1
    Path(order["executed"]).write_text(v4.writes(notebook) + "\n", encoding="utf-8")
    return status


def inject(notebook: Any, assignments: str) -> None:
    """Put a cell with the values of this step behind the one tagged `parameters`."""
    cells = [cell for cell in notebook.cells if INJECTED not in _tags(cell)]
    place = next(number for number, cell in enumerate(cells) if PARAMETERS in _tags(cell))
    cell = v4.new_code_cell(assignments, metadata={"tags": [INJECTED]}, id=INJECTED)
    notebook.cells = [*cells[: place + 1], cell, *cells[place + 1 :]]
    notebook.nbformat_minor = max(notebook.nbformat_minor, 5)
    for number, one in enumerate(notebook.cells):
        one.setdefault("id", f"cell-{number}")


def _tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", ()))


def _config(sockets: str) -> Config:
    """The kernel is spoken to through sockets in a folder of our own, not through the network."""
    config = Config()
    config.KernelManager.transport = "ipc"
    config.KernelManager.ip = f"{sockets}/kernel"
    config.KernelManager.connection_file = f"{sockets}/connection.json"
    return config


def _told(notebook: Any, exc: Exception) -> str:
    """The failed cell's traceback, its last line saying what happened and in which cell."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                lines = "\n".join("\n".join(output.traceback).splitlines()[:-1])
                last = f"{output.ename}: {output.evalue} (cell {number})"
                return f"{_COLOUR.sub('', lines)}\n{last}\n"
    return f"The kernel died: {exc}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
