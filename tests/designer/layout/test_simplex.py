"""The smallest sum of differences, compared with what a linear programme finds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from designer.layout.ranking import rank
from designer.layout.simplex import Span, shortest


@st.composite
def spans(draw, most=10):
    count = draw(st.integers(2, most))
    joining = [
        Span(draw(st.integers(0, head - 1)), head, draw(st.integers(0, 3)), draw(st.integers(1, 4)))
        for head in range(1, count)
    ]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = [sorted(pair) for pair in draw(st.lists(ends, max_size=12)) if len(set(pair)) == 2]
    return count, [*joining, *(Span(tail, head) for tail, head in pairs)]


def cost(numbers, spans):
    return sum(span.weight * (numbers[span.head] - numbers[span.tail]) for span in spans)


def least_cost(count, spans):
    weights = [0] * count
    limits, bounds = [], []
    for tail, head, length, weight in spans:
        weights[head] += weight
        weights[tail] -= weight
        row = [0] * count
        row[tail], row[head] = 1, -1
        limits.append(row)
        bounds.append(-length)
    return linprog(weights, A_ub=limits, b_ub=bounds, bounds=(0, 100)).fun


@given(spans())
def test_rows_keep_every_length_and_no_rows_are_shorter(graph):
    count, spans = graph
    rows = rank(count, spans)
    assert all(rows[span.head] - rows[span.tail] >= span.length for span in spans)
    assert cost(rows, spans) == pytest.approx(least_cost(count, spans), abs=1e-6)


@given(spans(), st.integers(0, 20))
def test_cut_short_it_still_keeps_every_length_and_is_never_worse_than_the_start(graph, work):
    _, spans = graph
    start = [0]
    for _ in range(1, graph[0]):
        start.append(start[-1] + 3)
    found = shortest(spans, start, most_work=work)
    assert all(found[span.head] - found[span.tail] >= span.length for span in spans)
    assert cost(found, spans) <= cost(start, spans)


def test_numbers_that_nothing_joins_are_found_apart():
    assert shortest([Span(0, 1), Span(2, 3)], [0, 9, 0, 7]) == [8, 9, 6, 7]
