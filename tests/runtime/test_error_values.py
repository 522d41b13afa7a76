"""The values of the names on a failing line: few words, no secrets, whatever the objects do."""

import sys
import textwrap
import threading
import time

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from runtime.error_values import in_words, values_on_line


def values_of(text, **names):
    """What is kept of the line marked with a comment, when it fails in a function."""
    source = textwrap.dedent(text)
    scope = {"__name__": "people", **names}
    exec(compile(source, "people.py", "exec"), scope)
    try:
        scope["f"]()
    except Exception:  # noqa: BLE001 - what the boundary does
        traceback = sys.exc_info()[2]
        while traceback.tb_next is not None:
            traceback = traceback.tb_next
        return values_on_line(traceback.tb_frame, traceback.tb_lineno, source)
    raise AssertionError("it did not fail")


def test_the_names_of_the_failing_line_are_told_in_their_order():
    values = values_of(
        """
        def f():
            total, count, unused = 7, 0, "x"
            return total / count
        """
    )
    assert list(values.items()) == [("total", "7"), ("count", "0")]


def test_a_statement_over_several_lines_is_one():
    values = values_of(
        """
        def f():
            rate, days = 2, None
            return sum([
                rate,
                days,
            ])
        """
    )
    assert values == {"rate": "2", "days": "None"}


def test_of_a_loop_only_its_head_is_told_when_the_head_fails():
    values = values_of(
        """
        def f():
            rows, other = None, 1
            for row in rows:
                print(other)
        """
    )
    assert values == {"rows": "None"}


def test_a_raise_tells_the_condition_that_led_to_it():
    values = values_of(
        """
        def f():
            age, limit, other = 130, 120, 0
            if age > limit:
                raise ValueError("too old")
        """
    )
    assert values == {"age": "130", "limit": "120"}


def test_a_line_without_names_tells_those_of_the_function():
    assert values_of('def f(a=1, b=2):\n    raise ValueError("no")') == {"a": "1", "b": "2"}


def test_attributes_and_items_that_are_plain_data_are_told_and_code_is_not():
    values = values_of(
        """
        class Settings:
            def __init__(self):
                self.rate = 3
                self.limits = {"low": 1}
            @property
            def trap(self):
                raise SystemExit("ran")
        def f():
            settings = Settings()
            return settings.rate + settings.limits["high"] + settings.trap + len([])
        """
    )
    assert values["settings.rate"] == "3" and values["settings.limits"] == "{'low': 1}"
    assert not {"settings.trap", "settings.limits['high']", "len"} & values.keys()


def test_a_comprehension_tells_its_own_names_and_nobody_elses():
    values = values_of(
        """
        def f():
            rows, row = [1, 0], "outer"
            return [1 / row for row in rows]
        """
    )
    assert values in ({"row": "0"}, {"rows": "[1, 0]"}), "its own frame, or that of the function"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (pl.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "DataFrame 2 × 2: a, b"),
        (pl.LazyFrame({"a": [1]}), "LazyFrame, not computed"),
        (pl.Series("age", [1, 2]), "Series 'age' of 2, Int64"),
        (pd.DataFrame({"a": [1]}), "DataFrame 1 × 1: a"),
        (pa.table({"a": [1], "b": [2]}), "Table 1 × 2: a, b"),
        (np.zeros((3, 4)), "ndarray 3 × 4 of float64"),
        (np.float32(2.5), "np.float32(2.5)"),
        ([1, 2, 3, 4, 5, 6], "[1, 2, 3, 4, 5, … 6 in all]"),
        ((1,), "(1,)"),
        ({"a": [[[[1]]]]}, "{'a': [[list of 1]]}"),
        ("x" * 1_000_000, "'" + "x" * 160 + "'… 1,000,000 long"),
        (10**1000, "int of 3322 bits"),
    ],
)
def test_a_value_is_told_in_few_words(value, words):
    assert in_words("value", value) == words


def test_a_wide_table_names_its_first_columns():
    wide = pl.DataFrame({f"c{n}": [1] for n in range(300)})
    assert in_words("wide", wide).endswith("c11, … 300 in all")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "hunter2"),
        ("settings", {"api_key": "hunter2"}),
        ("url", "postgres://me:hunter2@host/db"),
        ("text", "token=hunter2, rest"),
        ("text", '{"client_secret": "hunter2"}'),
    ],
)
def test_secrets_are_hidden(name, value):
    assert "hunter2" not in in_words(name, value) and "(hidden)" in in_words(name, value)


class Endless:
    def __repr__(self):
        while True:
            pass


class Raising:
    __class__ = property(lambda self: 1 / 0)

    def __repr__(self):
        raise RuntimeError("no")


class Hoarder:
    def __init__(self):
        self.rows = list(range(100_000))

    def __repr__(self):
        return repr(self.rows)


class Leaving:
    def __repr__(self):
        raise SystemExit(3)


@pytest.mark.parametrize("kind", [Endless, Raising, Hoarder])
def test_an_object_that_cannot_tell_of_itself_in_a_moment_is_named_by_its_kind(kind):
    assert in_words("value", kind()) == kind.__name__


def test_looking_at_many_endless_objects_ends():
    names = {f"endless{n}": Endless() for n in range(12)}
    source = f"def f():\n    return {' + '.join(names)} / 0\n"
    began = time.monotonic()
    values_of(source, **names)
    assert time.monotonic() - began < 5, "a hang, not a measurement"


def test_in_another_thread_nobody_is_asked_to_tell_of_itself():
    told = []
    thread = threading.Thread(target=lambda: told.append(in_words("value", Endless())))
    thread.start()
    thread.join(10)
    assert told == ["Endless"]
