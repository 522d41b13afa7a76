"""The two messy tables of the sample `orders_cleaning.json`: invented, and always the same bytes.

`python -m tests.samples.messy_tables` writes them. The faults are those of real exports: rows that
were sent twice, gaps, cities in four spellings, keys in the wrong case, orders of customers that
nobody knows.
"""

import csv
import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "assets/samples/data"

FIRST = [
    "Ada",
    "Alan",
    "Anna",
    "Carl",
    "Emmy",
    "Eva",
    "Felix",
    "Grace",
    "Ida",
    "Jan",
    "Karl",
    "Lea",
]
LAST = ["Abel", "Berg", "Conti", "Dahl", "Egli", "Frank", "Graf", "Holm", "Ivens", "Jung", "Kern"]
CITIES = {
    "Berlin": ["Berlin", "Berlin", "Berlin", "berlin", " Berlin", "Berln"],
    "Hamburg": ["Hamburg", "Hamburg", "HAMBURG", "Hambrug"],
    "Zürich": ["Zürich", "Zürich", "Zurich", "Zuerich"],
    "Wien": ["Wien", "Wien", "wien ", "Vienna"],
}
SEGMENTS = ["Private", "Private", "Business", "Public", ""]
PRODUCTS = {"Lamp": 39.9, "Desk": 249.0, "Chair": 119.5, "Shelf": 89.0, "Notebook": 4.2}
STATES = ["shipped", "shipped", "shipped", "Shipped", "returned", "open"]


def customers_csv() -> str:
    draw = random.Random(11)
    rows = []
    for number in range(1, 201):
        name = f"{draw.choice(FIRST)} {draw.choice(LAST)}"
        city = draw.choice(CITIES[draw.choice(list(CITIES))])
        since = date(2019, 1, 1) + timedelta(days=draw.randrange(1800))
        email = f"customer{number}@example.org" if draw.random() > 0.15 else ""
        rows.append([f"C{number:04}", name, city, draw.choice(SEGMENTS), email, since.isoformat()])
    rows += [list(draw.choice(rows)) for _ in range(14)]
    return _text(["customer_id", "name", "city", "segment", "email", "customer_since"], rows)


def orders_csv() -> str:
    draw = random.Random(12)
    rows = []
    for number in range(1, 561):
        customer = f"C{draw.randrange(1, 213):04}"
        if draw.random() < 0.1:
            customer = customer.lower()
        product = draw.choice(list(PRODUCTS))
        day = date(2024, 1, 1) + timedelta(days=draw.randrange(366))
        quantity = "" if draw.random() < 0.06 else str(draw.randrange(1, 9))
        price = "" if draw.random() < 0.08 else f"{PRODUCTS[product] * draw.uniform(0.9, 1.1):.2f}"
        state = draw.choice(STATES)
        rows.append(
            [f"{10_000 + number}", customer, day.isoformat(), product, quantity, price, state]
        )
    rows += [list(draw.choice(rows)) for _ in range(25)]
    head = ["order_id", "customer_id", "ordered_on", "product", "quantity", "unit_price", "state"]
    return _text(head, rows)


TABLES: dict[str, Callable[[], str]] = {"customers.csv": customers_csv, "orders.csv": orders_csv}


def _text(head: list[str], rows: list[list[str]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows([head, *rows])
    return buffer.getvalue()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in TABLES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
