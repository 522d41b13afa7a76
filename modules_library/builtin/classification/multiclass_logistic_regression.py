"""Multiclass Logistic Regression."""

from typing import Annotated, Any, Literal, NamedTuple

from modules_library.sdk import (
    Range,
    Seed,
    ShownWhen,
    Summary,
    Title,
    UntrainedModel,
    module,
)
from modules_library.trainer_mode import single_or_range

OPTIMIZATION_TOLERANCE_RANGE: list[float] = [1e-7, 1e-4]
L1_WEIGHT_RANGE: list[float] = [1.0, 0.0, 0.01, 0.1]
L2_WEIGHT_RANGE: list[float] = [1.0, 0.01, 0.1]
MEMORY_SIZE_RANGE: list[int] = [20, 5, 50]


class MulticlassLogisticRegression(NamedTuple):
    """The learner.

    Attributes:
        untrained_model: The learner with its parameters, for 'Train Model' or 'Cross Validate Model'.
    """

    untrained_model: UntrainedModel


@module(
    version="1.0.0",
    title="Multiclass Logistic Regression",
    icon="call_split",
    tags=(
        "classifier",
        "linear",
        "softmax",
    ),
)
def multiclass_logistic_regression(
    *,
    create_trainer_mode: Annotated[
        Literal["Single Parameter", "Parameter Range"], Title("Create trainer mode")
    ] = "Single Parameter",
    optimization_tolerance: Annotated[
        float,
        Range(0, None, exclusive_minimum=True),
        Title("Optimization tolerance"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 1e-7,
    optimization_tolerance_range: Annotated[
        list[float],
        Title("Optimization tolerance: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = OPTIMIZATION_TOLERANCE_RANGE,
    l1_weight: Annotated[
        float,
        Range(0),
        Title("L1 regularization weight"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        Summary(),
    ] = 1.0,
    l1_weight_range: Annotated[
        list[float],
        Title("L1 regularization weight: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = L1_WEIGHT_RANGE,
    l2_weight: Annotated[
        float,
        Range(0),
        Title("L2 regularization weight"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        Summary(),
    ] = 1.0,
    l2_weight_range: Annotated[
        list[float],
        Title("L2 regularization weight: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = L2_WEIGHT_RANGE,
    memory_size: Annotated[
        int,
        Range(1, 1000),
        Title("Memory size for L-BFGS"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 20,
    memory_size_range: Annotated[
        list[int],
        Title("Memory size for L-BFGS: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = MEMORY_SIZE_RANGE,
    seed: Annotated[Seed, Title("Random number seed")] = 0,
    allow_unknown_categories: Annotated[bool, Title("Allow unknown categories")] = True,
) -> MulticlassLogisticRegression:
    """A linear classifier for two and more classes.

    Minimises `Σ -log p(actual class) + L1 · Σ|w| + L2 / 2 · Σw²` by L-BFGS over the rows; intercepts
    are not penalised. Features are standardised inside (mean 0, standard deviation 1), so that the
    penalties treat all columns alike whatever their units; the weights of the trained model are in
    the table's own units. Missing values are refused; categories become columns of 0 and 1.
    Every class has its own weights; probabilities are their softmax.

    Args:
        create_trainer_mode: `Parameter Range` gives lists of values for 'Tune Model
            Hyperparameters'; 'Train Model' takes the first value of each list.
        optimization_tolerance: Stop when no component of the gradient of the mean objective is
            larger.
        optimization_tolerance_range: Values of `optimization_tolerance` to choose from;
            'Train Model' takes the first one.
        l1_weight: Weight of `Σ|w|`; larger values set more weights to exactly 0.
        l1_weight_range: Values of `l1_weight` to choose from;
            'Train Model' takes the first one.
        l2_weight: Weight of `½ Σw²`; larger values keep all weights small.
        l2_weight_range: Values of `l2_weight` to choose from;
            'Train Model' takes the first one.
        memory_size: Past steps that the optimizer remembers; more cost memory and save steps.
        memory_size_range: Values of `memory_size` to choose from;
            'Train Model' takes the first one.
        seed: Recorded with the model. The objective has one minimum and the search starts at 0, so
            the weights do not depend on it.
        allow_unknown_categories: A category that training did not know counts as none of the known
            ones; otherwise scoring it is an error.

    Returns:
        The learner with its parameters; nothing has been learnt yet.

    Raises:
        RequestError: V003 when a list of values is empty or holds a value out of bounds.

    Source:
        R. H. Byrd, P. Lu, J. Nocedal, C. Zhu, "A Limited Memory Algorithm for Bound Constrained
        Optimization", SIAM Journal on Scientific Computing 16 (1995).
    """
    return MulticlassLogisticRegression(
        UntrainedModel(
            learner="multiclass_logistic_regression",
            task="multiclass",
            title="Multiclass Logistic Regression",
            parameters={
                "optimization_tolerance": single_or_range(
                    create_trainer_mode,
                    optimization_tolerance,
                    optimization_tolerance_range,
                    parameter="optimization_tolerance_range",
                    above=0,
                ),
                "l1_weight": single_or_range(
                    create_trainer_mode,
                    l1_weight,
                    l1_weight_range,
                    parameter="l1_weight_range",
                    least=0,
                ),
                "l2_weight": single_or_range(
                    create_trainer_mode,
                    l2_weight,
                    l2_weight_range,
                    parameter="l2_weight_range",
                    least=0,
                ),
                "memory_size": single_or_range(
                    create_trainer_mode,
                    memory_size,
                    memory_size_range,
                    parameter="memory_size_range",
                    least=1,
                ),
                "seed": seed,
                "allow_unknown_categories": allow_unknown_categories,
            },
        )
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"l1_weight": 0.0}}
