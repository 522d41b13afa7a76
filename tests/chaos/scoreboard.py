"""All rows, in the order of their numbers."""

from tests.chaos import (
    cancelling,
    covered,
    crash_point_kills,
    full_disk,
    jumping_clocks,
    locked_database,
    power_cuts,
    random_kills,
    reuse,
    stubborn_steps,
)

_MODULES = (
    random_kills,
    crash_point_kills,
    full_disk,
    power_cuts,
    locked_database,
    stubborn_steps,
    cancelling,
    jumping_clocks,
    reuse,
    covered,
)
ROWS = tuple(sorted((row for one in _MODULES for row in one.ROWS), key=lambda row: row.id))
