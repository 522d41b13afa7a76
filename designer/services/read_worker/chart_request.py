"""What chart is asked of a table. Without any reading library."""

from typing import Literal

import msgspec

from runtime.errors import RequestError

Kind = Literal["distribution", "scatter", "box", "time_line", "correlation"]
Measure = Literal["pearson", "spearman"]
Aggregate = Literal["mean", "median", "sum", "minimum", "maximum", "count"]

MOST_COLUMNS = 40


class Chart(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A chart of some columns.

    Attributes:
        x: The column along the x axis; of a distribution the only one, of boxes the categories.
        y: The number that is drawn against it.
        by: A column by whose values it is split.
        columns: Of a correlation, the columns; chosen by type without any.
        bars: How many bars a histogram has; chosen by the data without.
        trimmed: Leave out half a percent of a distribution's numbers at either end.
        points: Show single points of a scatter, a sample of them where there are many.
        measure: Of a correlation between numbers.
        aggregate: What a time line shows of the numbers in each piece of time.
    """

    kind: Kind
    x: str = ""
    y: str = ""
    by: str = ""
    columns: tuple[str, ...] = ()
    bars: int = 0
    trimmed: bool = False
    points: bool = False
    measure: Measure = "pearson"
    aggregate: Aggregate = "mean"


def read_chart(text: str) -> Chart:
    """A chart from its JSON. Raises RequestError A004 for one that is none."""
    try:
        chart = msgspec.json.decode(text, type=Chart)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise _unfit(f"does not fit: {exc}") from exc
    if len(chart.columns) > MOST_COLUMNS:
        raise _unfit(f"has more than {MOST_COLUMNS} columns")
    if not 0 <= chart.bars <= MOST_BARS:
        raise _unfit(f"has more than {MOST_BARS} bars")
    return chart


MOST_BARS = 400


def _unfit(why: str) -> RequestError:
    return RequestError(
        "A004",
        f"The chart {why}.",
        remedy="Send it as the API description says (/api/v1/openapi.json).",
    )
