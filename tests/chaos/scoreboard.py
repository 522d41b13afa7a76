"""All rows, in the order of their numbers."""

from tests.chaos import crash_point_kills, full_disk, random_kills, stubborn_steps

_MODULES = (random_kills, crash_point_kills, full_disk, stubborn_steps)
ROWS = tuple(sorted((row for one in _MODULES for row in one.ROWS), key=lambda row: row.id))
