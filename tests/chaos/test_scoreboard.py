"""The quick tier: every row of the scoreboard a few times, with the published seed."""

import pytest

from tests.chaos.row import SEED, Trial
from tests.chaos.scoreboard import ROWS


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in ROWS if row.quick], ids=lambda row: row.key)
def test_the_invariants_hold_and_the_goal_is_met(row, tmp_path):
    print(row.measure(Trial(count=row.quick, seed=SEED, folder=tmp_path)))
