"""All rows, in the order of their numbers."""

from tests.chaos import crash_point_kills, random_kills

ROWS = tuple(sorted((*random_kills.ROWS, *crash_point_kills.ROWS), key=lambda row: row.id))
