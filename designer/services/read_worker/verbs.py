"""What can be asked of the read worker, by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from designer.services.read_worker import documents, exports, logs, pages, profiles
from designer.services.read_worker.arranging import Arranger, NotArranged
from designer.services.read_worker.chart_request import Chart
from designer.services.read_worker.charts.drawing import chart as draw_chart
from designer.services.read_worker.differences import rows
from designer.services.read_worker.differences.distributions import distribution_difference
from designer.services.read_worker.differences.document_difference import document_difference
from designer.services.read_worker.kept_rows import KeptRows
from designer.services.read_worker.query import Query
from designer.services.read_worker.turns import Turn


class Verbs:
    """The verbs over one folder of row orders.

    Args:
        kept: The folder.
    """

    def __init__(self, kept: Path) -> None:
        self._kept = KeptRows(kept)
        self._arranger = Arranger(self._kept)
        self._logs = logs.Logs(self._kept)

    def find(self, verb: str) -> Callable[..., Any]:
        """The function behind a verb's name: of a path, `turn`, and the request's arguments."""
        verbs: dict[str, Callable[..., Any]] = {
            "page": self._page,
            "cell": self._cell,
            "find": self._find,
            "columns": _columns,
            "document": _document,
            "arrange": self._arrange,
            "search": self._search,
            "profile": _profile,
            "chart": self._chart,
            "export": self._export,
            "difference": self._difference,
            "difference_rows": self._difference_rows,
            "distributions": _distributions,
            "document_difference": _document_difference,
            "log_lines": self._logs.lines,
            "log_search": self._logs.search,
        }
        return verbs[verb]

    def _page(self, path: Path, *, turn: Turn, query: Any, **arguments: Any) -> Any:
        return _or_not_arranged(pages.page, self._arranger, path, query=_query(query), **arguments)

    def _cell(self, path: Path, *, turn: Turn, query: Any, **arguments: Any) -> Any:
        return _or_not_arranged(pages.cell, self._arranger, path, query=_query(query), **arguments)

    def _find(self, path: Path, *, turn: Turn, query: Any, **arguments: Any) -> Any:
        return _or_not_arranged(pages.find, self._arranger, path, query=_query(query), **arguments)

    def _search(self, path: Path, *, turn: Turn, query: Any, **arguments: Any) -> Any:
        return pages.find(self._arranger, path, query=_query(query), turn=turn, **arguments)

    def _arrange(self, path: Path, *, turn: Turn, query: Any) -> Any:
        return pages.arrange(self._arranger, path, query=_query(query), turn=turn)

    def _chart(self, path: Path, *, turn: Turn, query: Any, chart: Any) -> Any:
        asked = msgspec.convert(chart, Chart)
        return draw_chart(self._arranger, path, query=_query(query), chart=asked, turn=turn)

    def _export(self, path: Path, *, turn: Turn, query: Any, **arguments: Any) -> Any:
        return exports.export(self._arranger, path, query=_query(query), turn=turn, **arguments)

    def _difference(self, path: Path, *, turn: Turn, after: str, keys: Any) -> Any:
        return rows.table_difference(self._kept, _pair(path, after, keys), turn)

    def _difference_rows(
        self, path: Path, *, turn: Turn, after: str, keys: Any, **arguments: Any
    ) -> Any:
        return _or_not_arranged(
            rows.difference_rows, self._kept, _pair(path, after, keys), **arguments
        )


def _pair(path: Path, after: str, keys: Any) -> rows.Pair:
    return rows.Pair(path, Path(after), None if keys is None else tuple(keys))


def _distributions(path: Path, *, turn: Turn, after: str) -> Any:
    return distribution_difference(path, Path(after), turn)


def _document_difference(path: Path, *, turn: Turn, after: str) -> Any:
    return document_difference(documents.document(path), documents.document(Path(after)))


def _columns(path: Path, *, turn: Turn) -> Any:
    return pages.columns(path)


def _document(path: Path, *, turn: Turn) -> Any:
    return documents.document(path)


def _profile(path: Path, *, turn: Turn) -> Any:
    return profiles.profile(path, turn=turn)


def _query(value: Any) -> Query:
    return msgspec.convert(value, Query)


def _or_not_arranged(ask: Callable[..., Any], *given: Any, **named: Any) -> Any:
    """The answer, or null where the rows must be arranged first."""
    try:
        return ask(*given, **named)
    except NotArranged:
        return None
