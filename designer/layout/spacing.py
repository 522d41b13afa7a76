"""The distances of a layout, in pixels; all are multiples of the grid."""

import math

GRID = 8
NODE_GAP = 32
"""At least so much is between two nodes of a row."""
BEND_GAP = 16
"""Between a node and a wire that passes it, and between two such wires."""
ROW_GAP = 48
"""Between two rows: with nodes 64 high, rows are 112 apart."""
PART_GAP = 64
"""Between parts of a graph that no wire joins."""
FRAME_PADDING = 24
FRAME_TITLE = 32
MOST_NODES = 25_000
"""More nodes than that are not laid out at once."""
ORIGIN = 40
"""Where a layout begins that nothing else tells where to begin."""


def on_grid(value: float) -> int:
    """The point of the grid that is nearest."""
    return GRID * math.floor(value / GRID + 0.5)


def up_to_grid(value: float) -> int:
    """The next point of the grid, for sizes.

    >>> up_to_grid(208), up_to_grid(209.5)
    (208, 216)
    """
    return GRID * math.ceil(value / GRID)
