"""Decision Forest Regression."""

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

NUMBER_OF_TREES_RANGE: list[int] = [8, 1, 32]
MAX_DEPTH_RANGE: list[int] = [32, 1, 16, 64]
MIN_SAMPLES_PER_LEAF_RANGE: list[int] = [1, 4, 16]


class DecisionForestRegression(NamedTuple):
    """The learner.

    Attributes:
        untrained_model: The learner with its parameters, for 'Train Model' or 'Cross Validate Model'.
    """

    untrained_model: UntrainedModel


@module(
    version="1.0.0",
    title="Decision Forest Regression",
    icon="forest",
    tags=(
        "regression",
        "random forest",
        "bagging",
    ),
)
def decision_forest_regression(
    *,
    create_trainer_mode: Annotated[
        Literal["Single Parameter", "Parameter Range"], Title("Create trainer mode")
    ] = "Single Parameter",
    resampling_method: Annotated[
        Literal["Bagging", "Replicate"], Title("Resampling method")
    ] = "Bagging",
    number_of_trees: Annotated[
        int,
        Range(1),
        Title("Number of decision trees"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        Summary(),
    ] = 8,
    number_of_trees_range: Annotated[
        list[int],
        Title("Number of decision trees: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = NUMBER_OF_TREES_RANGE,
    max_depth: Annotated[
        int,
        Range(1),
        Title("Maximum depth of the decision trees"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 32,
    max_depth_range: Annotated[
        list[int],
        Title("Maximum depth of the decision trees: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = MAX_DEPTH_RANGE,
    min_samples_per_leaf: Annotated[
        int,
        Range(1),
        Title("Minimum number of samples per leaf node"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 1,
    min_samples_per_leaf_range: Annotated[
        list[int],
        Title("Minimum number of samples per leaf node: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = MIN_SAMPLES_PER_LEAF_RANGE,
    allow_unknown_categories: Annotated[bool, Title("Allow unknown categories")] = True,
    seed: Annotated[Seed, Title("Random number seed")] = 0,
) -> DecisionForestRegression:
    """A regression made of trees whose predictions are averaged.

    Every tree sees its own rows; every split may use every feature. Missing values follow the side of
    a split that fits better; categories become columns of 0 and 1. With `Replicate` the trees see
    the same rows and differ only where splits tie.

    The same seed gives the same model whatever the number of threads.

    Args:
        create_trainer_mode: `Parameter Range` gives lists of values for 'Tune Model
            Hyperparameters'; 'Train Model' takes the first value of each list.
        resampling_method: `Bagging` grows each tree on rows drawn with replacement, `Replicate` on
            all rows, so that only the drawing of features differs.
        number_of_trees: Trees that are averaged.
        number_of_trees_range: Values of `number_of_trees` to choose from;
            'Train Model' takes the first one.
        max_depth: Questions between a tree's root and its deepest leaf.
        max_depth_range: Values of `max_depth` to choose from;
            'Train Model' takes the first one.
        min_samples_per_leaf: Rows that a leaf must hold; larger values smooth.
        min_samples_per_leaf_range: Values of `min_samples_per_leaf` to choose from;
            'Train Model' takes the first one.
        allow_unknown_categories: A category that training did not know counts as none of the known
            ones; otherwise scoring it is an error.
        seed: Seed of the drawing of rows; 0 is a seed like any other.

    Returns:
        The learner with its parameters; nothing has been learnt yet.

    Raises:
        RequestError: V003 when a list of values is empty or holds a value out of bounds.

    Source:
        L. Breiman, "Random Forests", Machine Learning 45 (2001); scikit-learn.
    """
    return DecisionForestRegression(
        UntrainedModel(
            learner="decision_forest_regression",
            task="regression",
            title="Decision Forest Regression",
            parameters={
                "resampling_method": resampling_method,
                "number_of_trees": single_or_range(
                    create_trainer_mode,
                    number_of_trees,
                    number_of_trees_range,
                    parameter="number_of_trees_range",
                    least=1,
                ),
                "max_depth": single_or_range(
                    create_trainer_mode,
                    max_depth,
                    max_depth_range,
                    parameter="max_depth_range",
                    least=1,
                ),
                "min_samples_per_leaf": single_or_range(
                    create_trainer_mode,
                    min_samples_per_leaf,
                    min_samples_per_leaf_range,
                    parameter="min_samples_per_leaf_range",
                    least=1,
                ),
                "allow_unknown_categories": allow_unknown_categories,
                "seed": seed,
            },
        )
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"number_of_trees": 3}}
