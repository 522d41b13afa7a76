"""Boosted Decision Tree Regression."""

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

MAX_LEAVES_PER_TREE_RANGE: list[int] = [20, 2, 8, 32, 128]
MIN_SAMPLES_PER_LEAF_RANGE: list[int] = [10, 1, 50]
LEARNING_RATE_RANGE: list[float] = [0.2, 0.025, 0.05, 0.1, 0.4]
NUMBER_OF_TREES_RANGE: list[int] = [100, 20, 500]


class BoostedDecisionTreeRegression(NamedTuple):
    """The learner.

    Attributes:
        untrained_model: The learner with its parameters, for 'Train Model' or 'Cross Validate Model'.
    """

    untrained_model: UntrainedModel


@module(
    version="1.0.0",
    title="Boosted Decision Tree Regression",
    icon="park",
    tags=(
        "regression",
        "lightgbm",
        "gradient boosting",
    ),
)
def boosted_decision_tree_regression(
    *,
    create_trainer_mode: Annotated[
        Literal["Single Parameter", "Parameter Range"], Title("Create trainer mode")
    ] = "Single Parameter",
    max_leaves_per_tree: Annotated[
        int,
        Range(2, 131072),
        Title("Maximum number of leaves per tree"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 20,
    max_leaves_per_tree_range: Annotated[
        list[int],
        Title("Maximum number of leaves per tree: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = MAX_LEAVES_PER_TREE_RANGE,
    min_samples_per_leaf: Annotated[
        int,
        Range(1),
        Title("Minimum number of samples per leaf node"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 10,
    min_samples_per_leaf_range: Annotated[
        list[int],
        Title("Minimum number of samples per leaf node: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = MIN_SAMPLES_PER_LEAF_RANGE,
    learning_rate: Annotated[
        float,
        Range(0, 1, exclusive_minimum=True),
        Title("Learning rate"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
    ] = 0.2,
    learning_rate_range: Annotated[
        list[float],
        Title("Learning rate: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = LEARNING_RATE_RANGE,
    number_of_trees: Annotated[
        int,
        Range(1),
        Title("Total number of trees constructed"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        Summary(),
    ] = 100,
    number_of_trees_range: Annotated[
        list[int],
        Title("Total number of trees constructed: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = NUMBER_OF_TREES_RANGE,
    seed: Annotated[Seed, Title("Random number seed")] = 0,
    allow_unknown_categories: Annotated[bool, Title("Allow unknown categories")] = True,
) -> BoostedDecisionTreeRegression:
    """A regression made of boosted trees.

    Trees are added one after the other; each corrects the squared error of those before, and the learning
    rate says how much of the correction is kept. LightGBM grows them leaf by leaf. Missing values
    are information of their own and need no cleaning; categories become columns of 0 and 1.

    The same seed gives the same model whatever the number of threads.

    Args:
        create_trainer_mode: `Parameter Range` gives lists of values for 'Tune Model
            Hyperparameters'; 'Train Model' takes the first value of each list.
        max_leaves_per_tree: Leaves that a tree may grow; more leaves fit finer detail.
        max_leaves_per_tree_range: Values of `max_leaves_per_tree` to choose from;
            'Train Model' takes the first one.
        min_samples_per_leaf: Rows that a leaf must hold; larger values smooth.
        min_samples_per_leaf_range: Values of `min_samples_per_leaf` to choose from;
            'Train Model' takes the first one.
        learning_rate: Share of each tree's correction that is kept; smaller needs more trees.
        learning_rate_range: Values of `learning_rate` to choose from;
            'Train Model' takes the first one.
        number_of_trees: Trees that are added.
        number_of_trees_range: Values of `number_of_trees` to choose from;
            'Train Model' takes the first one.
        seed: Seed of the drawing of rows for the histograms' bins; 0 is a seed like any other.
        allow_unknown_categories: A category that training did not know counts as none of the known
            ones; otherwise scoring it is an error.

    Returns:
        The learner with its parameters; nothing has been learnt yet.

    Raises:
        RequestError: V003 when a list of values is empty or holds a value out of bounds.

    Source:
        J. H. Friedman, "Greedy Function Approximation: A Gradient Boosting Machine", Annals of
        Statistics 29 (2001); LightGBM.
    """
    return BoostedDecisionTreeRegression(
        UntrainedModel(
            learner="boosted_decision_tree_regression",
            task="regression",
            title="Boosted Decision Tree Regression",
            parameters={
                "max_leaves_per_tree": single_or_range(
                    create_trainer_mode,
                    max_leaves_per_tree,
                    max_leaves_per_tree_range,
                    parameter="max_leaves_per_tree_range",
                    least=2,
                ),
                "min_samples_per_leaf": single_or_range(
                    create_trainer_mode,
                    min_samples_per_leaf,
                    min_samples_per_leaf_range,
                    parameter="min_samples_per_leaf_range",
                    least=1,
                ),
                "learning_rate": single_or_range(
                    create_trainer_mode,
                    learning_rate,
                    learning_rate_range,
                    parameter="learning_rate_range",
                    above=0,
                ),
                "number_of_trees": single_or_range(
                    create_trainer_mode,
                    number_of_trees,
                    number_of_trees_range,
                    parameter="number_of_trees_range",
                    least=1,
                ),
                "seed": seed,
                "allow_unknown_categories": allow_unknown_categories,
            },
        )
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"number_of_trees": 10}}
