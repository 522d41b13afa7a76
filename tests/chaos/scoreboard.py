"""All rows, in the order of their numbers."""

from tests.chaos import crash_point_kills, full_disk, random_kills

ROWS = tuple(
    sorted((*random_kills.ROWS, *crash_point_kills.ROWS, *full_disk.ROWS), key=lambda row: row.id)
)
