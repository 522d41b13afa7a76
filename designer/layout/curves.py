"""Where a wire runs beside the nodes of the rows that it passes.

It is the curve that `designer/canvas/web/scene/routing.js` draws from port to port.
"""

from functools import cache

ROW, NODE = 112, 64
"""The usual distance of rows and height of nodes; what is asked here needs no more precision."""
_REACH_STEP = 8


class Curve:
    """A wire that leads down.

    Args:
        start: Where it begins, from the left.
        end: Where it ends.
        rows: How many rows lower that is.
    """

    def __init__(self, start: float, end: float, rows: int) -> None:
        reach = (rows * ROW - NODE) * 0.5 + abs(end - start) * 0.08
        self.start = start
        self.way = end - start
        self.shares = _shares(rows, round(max(20.0, min(120.0, reach)) / _REACH_STEP))

    def beside(self, row: int) -> tuple[float, float]:
        """Between which places the wire is beside the nodes so many rows below its start."""
        top, bottom = self.shares[row - 1]
        one, other = self.start + self.way * top, self.start + self.way * bottom
        return (one, other) if one <= other else (other, one)


@cache
def _shares(rows: int, reach: int) -> list[tuple[float, float]]:
    """Which share of its way sideways a wire has behind it above and below the nodes of each row."""
    height = rows * ROW - NODE
    return [
        (_share(top, height, reach * _REACH_STEP), _share(top + NODE, height, reach * _REACH_STEP))
        for top in range(ROW - NODE, height, ROW)
    ]


def _share(y: float, height: float, reach: float) -> float:
    """Found by halving, as the curve's heights have no simple inverse."""
    low, high = 0.0, 1.0
    for _ in range(20):
        part = (low + high) / 2
        rest = 1 - part
        handles = rest * reach + part * (height - reach)
        if 3 * rest * part * handles + part * part * part * height < y:
            low = part
        else:
            high = part
    return low * low * (3 - 2 * low)
