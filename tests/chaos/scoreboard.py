"""All rows, in the order of their numbers."""

from tests.chaos import random_kills

ROWS = tuple(sorted((*random_kills.ROWS,), key=lambda row: row.id))
