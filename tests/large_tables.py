"""A table of many rows and few columns, each of another kind; the same one every time."""

import numpy as np
import polars as pl

CITIES = ["Aachen", "Bern", "Cádiz", "Dijon", "Espoo", "Faro", "Gdańsk", "Hull"]
LARGEST_AMOUNT = 1_000_000.0


def orders(rows: int) -> pl.DataFrame:
    """Rows told apart by a number and by a text, a city of few, an amount missing here and there.

    Returns:
        `order`: 0, 1, …; `code`: `C-` and the digits of the order turned around; `city`: one of
        eight; `amount`: two digits after the point, 1 of 50 missing, the largest in the last row.
    """
    random = np.random.default_rng(7)
    amount = random.gamma(2.0, 40.0, rows).round(2)
    amount[random.random(rows) < 0.02] = np.nan
    amount[-1] = LARGEST_AMOUNT
    order = pl.int_range(rows, eager=True)
    return pl.DataFrame(
        {
            "order": order,
            "code": "C-" + order.cast(pl.String).str.reverse(),
            "city": pl.Series(CITIES).gather(random.integers(0, len(CITIES), rows)),
            "amount": pl.Series(amount).fill_nan(None),
        }
    )
