"""The penalised logistic regression against scikit-learn's solvers and against its own definition."""

import numpy as np
import pytest
from scipy.special import expit
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from modules_library.learning.logistic_objective import solve_logistic


def solved(x, y, classes=2, *, l1=0.0, l2=0.0, tolerance=1e-9, memory=20):
    return solve_logistic(
        x, y, class_count=classes, l1=l1, l2=l2, tolerance=tolerance, memory=memory
    )


def standard_weights(solution, x):
    return solution.weights * x.std(axis=0)


@pytest.mark.parametrize(("l1", "l2"), [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (5.0, 0.1)])
def test_two_classes_agree_with_scikit_learns_solver_of_the_same_objective(l1, l2):
    x, y = load_breast_cancer(return_X_y=True)
    x = x[:, :10]
    solution = solved(x, y.astype(float), l1=l1, l2=l2)
    saga = LogisticRegression(
        C=1 / (l1 + l2), l1_ratio=l1 / (l1 + l2), solver="saga", tol=1e-10, max_iter=20_000
    ).fit(StandardScaler().fit_transform(x), y)
    assert standard_weights(solution, x) == pytest.approx(saga.coef_, abs=2e-4)
    assert solution.converged


def test_many_classes_agree_with_scikit_learns_solver_of_the_same_objective():
    x, y = load_iris(return_X_y=True)
    solution = solved(x, y.astype(float), 3, l1=1.0, l2=1.0)
    saga = LogisticRegression(C=0.5, l1_ratio=0.5, solver="saga", tol=1e-10, max_iter=20_000).fit(
        StandardScaler().fit_transform(x), y
    )
    assert standard_weights(solution, x) == pytest.approx(saga.coef_, abs=1e-3)


def test_at_the_minimum_the_gradient_is_the_penalty():
    x, y = load_breast_cancer(return_X_y=True)
    solution = solved(x[:, :5], y.astype(float), l2=2.0)
    scores = x[:, :5] @ solution.weights[0] + solution.intercepts[0]
    standard = StandardScaler().fit_transform(x[:, :5])
    gradient = standard.T @ (expit(scores) - y)
    assert gradient == pytest.approx(-2.0 * standard_weights(solution, x[:, :5])[0], abs=1e-4)
    assert np.sum(expit(scores) - y) == pytest.approx(0, abs=1e-4)


def test_l1_sets_weights_to_exactly_zero():
    x, y = load_breast_cancer(return_X_y=True)
    weights = solved(x, y.astype(float), l1=10.0).weights
    assert 3 < np.sum(weights == 0) < 30


def test_a_constant_column_gets_no_weight():
    x, y = load_breast_cancer(return_X_y=True)
    columns = np.column_stack([x[:, 0], np.full(len(x), 7.0)])
    assert solved(columns, y.astype(float), l2=1.0).weights[0, 1] == 0


def test_the_units_of_a_column_do_not_change_the_predictions():
    x, y = load_breast_cancer(return_X_y=True)
    x, scale = x[:, :4], np.array([1000.0, 0.001, 1.0, 1.0])
    plain = solved(x, y.astype(float), l1=1, l2=1)
    scaled = solved(x * scale, y.astype(float), l1=1, l2=1)
    assert scaled.weights * scale == pytest.approx(plain.weights, rel=1e-5, abs=1e-9)
    assert scaled.intercepts == pytest.approx(plain.intercepts, rel=1e-5)


def test_a_looser_tolerance_and_a_shorter_memory_change_the_number_of_steps():
    x, y = load_breast_cancer(return_X_y=True)
    y = y.astype(float)
    exact = solved(x, y, l2=0.01)
    assert solved(x, y, l2=0.01, tolerance=1e-2).iterations < exact.iterations
    assert solved(x, y, l2=0.01, memory=1).iterations > exact.iterations
