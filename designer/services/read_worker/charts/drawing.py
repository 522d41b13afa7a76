"""The one way to every kind of chart."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from designer.services.read_worker.arranging import Arranger
from designer.services.read_worker.chart_request import Chart
from designer.services.read_worker.charts.boxes import boxes
from designer.services.read_worker.charts.correlation import correlation
from designer.services.read_worker.charts.distribution import distribution
from designer.services.read_worker.charts.scatter import scatter
from designer.services.read_worker.charts.subject import Subject
from designer.services.read_worker.charts.time_line import time_line
from designer.services.read_worker.query import Query
from designer.services.read_worker.stored_table import open_table
from designer.services.read_worker.turns import Turn

_KINDS: dict[str, Callable[[Subject, Chart, Turn], dict[str, Any]]] = {
    "distribution": distribution,
    "scatter": scatter,
    "box": boxes,
    "time_line": time_line,
    "correlation": correlation,
}


def chart(
    arranger: Arranger, path: Path, *, query: Query, chart: Chart, turn: Turn
) -> dict[str, Any]:
    """A chart of the rows that a query asks for, whatever their order.

    Raises:
        DataError: D001 for a column that is not there, D004 for one of the wrong type.
    """
    unordered = msgspec.structs.replace(query, sort=())
    view = arranger.view(open_table(path), path, unordered, turn)
    return _KINDS[chart.kind](Subject(view), chart, turn)
