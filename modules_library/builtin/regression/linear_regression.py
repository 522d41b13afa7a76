"""Linear Regression."""

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

L2_WEIGHT_RANGE: list[float] = [0.001, 0.01, 0.1]
LEARNING_RATE_RANGE: list[float] = [0.1, 0.01, 0.05]
NUMBER_OF_EPOCHS_RANGE: list[int] = [10, 1, 100]


class LinearRegression(NamedTuple):
    """The learner.

    Attributes:
        untrained_model: The learner with its parameters, for 'Train Model' or 'Cross Validate Model'.
    """

    untrained_model: UntrainedModel


@module(
    version="1.0.0",
    title="Linear Regression",
    icon="show_chart",
    tags=(
        "regression",
        "least squares",
        "ridge",
        "gradient descent",
    ),
)
def linear_regression(
    *,
    create_trainer_mode: Annotated[
        Literal["Single Parameter", "Parameter Range"], Title("Create trainer mode")
    ] = "Single Parameter",
    solution_method: Annotated[
        Literal["Ordinary Least Squares", "Online Gradient Descent"], Title("Solution method")
    ] = "Ordinary Least Squares",
    l2_weight: Annotated[
        float,
        Range(0),
        Title("L2 regularization weight"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        Summary(),
    ] = 0.001,
    l2_weight_range: Annotated[
        list[float],
        Title("L2 regularization weight: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = L2_WEIGHT_RANGE,
    include_intercept: Annotated[
        bool,
        Title("Include intercept term"),
        ShownWhen("solution_method", "Ordinary Least Squares"),
    ] = True,
    learning_rate: Annotated[
        float,
        Range(0, None, exclusive_minimum=True),
        Title("Learning rate"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        ShownWhen("solution_method", "Online Gradient Descent"),
    ] = 0.1,
    learning_rate_range: Annotated[
        list[float],
        Title("Learning rate: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
        ShownWhen("solution_method", "Online Gradient Descent"),
    ] = LEARNING_RATE_RANGE,
    number_of_epochs: Annotated[
        int,
        Range(1),
        Title("Number of training epochs"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        ShownWhen("solution_method", "Online Gradient Descent"),
    ] = 10,
    number_of_epochs_range: Annotated[
        list[int],
        Title("Number of training epochs: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
        ShownWhen("solution_method", "Online Gradient Descent"),
    ] = NUMBER_OF_EPOCHS_RANGE,
    normalize_features: Annotated[
        bool, Title("Normalize features"), ShownWhen("solution_method", "Online Gradient Descent")
    ] = True,
    average_final_hypothesis: Annotated[
        bool,
        Title("Average final hypothesis"),
        ShownWhen("solution_method", "Online Gradient Descent"),
    ] = True,
    decrease_learning_rate: Annotated[
        bool,
        Title("Decrease learning rate"),
        ShownWhen("solution_method", "Online Gradient Descent"),
    ] = True,
    seed: Annotated[Seed, Title("Random number seed")] = 0,
    allow_unknown_categories: Annotated[bool, Title("Allow unknown categories")] = True,
) -> LinearRegression:
    """A regression that is a weighted sum of the features.

    **Ordinary Least Squares** minimises `Σ(y - xw - b)² + L2 · Σw²` exactly; the intercept is not
    penalised. With L2 = 0, collinear columns share their weight (the solution of least norm).

    **Online Gradient Descent** walks over the shuffled rows, a step per row against the gradient of
    `½(y - xw - b)² + L2 / 2 · Σw²`; the step is the learning rate, divided by √t where it decreases.

    Missing values are refused; categories become columns of 0 and 1.

    Args:
        create_trainer_mode: `Parameter Range` gives lists of values for 'Tune Model
            Hyperparameters'; 'Train Model' takes the first value of each list.
        solution_method: How the weights are found.
        l2_weight: Weight of the sum of squared weights; larger values keep weights small.
        l2_weight_range: Values of `l2_weight` to choose from;
            'Train Model' takes the first one.
        include_intercept: Learn a constant beside the weights.
        learning_rate: Size of the steps.
        learning_rate_range: Values of `learning_rate` to choose from;
            'Train Model' takes the first one.
        number_of_epochs: How often every row is visited.
        number_of_epochs_range: Values of `number_of_epochs` to choose from;
            'Train Model' takes the first one.
        normalize_features: Scale every feature to 0–1 inside; the trained weights are in the
            table's units.
        average_final_hypothesis: Give the mean of the weights over all steps instead of the last
            ones.
        decrease_learning_rate: Divide the step by √t as the number t of steps grows.
        seed: Seed of the shuffling; least squares only record it. 0 is a seed like any other.
        allow_unknown_categories: A category that training did not know counts as none of the known
            ones; otherwise scoring it is an error.

    Returns:
        The learner with its parameters; nothing has been learnt yet.

    Raises:
        RequestError: V003 when a list of values is empty or holds a value out of bounds.

    Source:
        A. E. Hoerl, R. W. Kennard, "Ridge Regression", Technometrics 12 (1970); L. Bottou,
        "Stochastic Gradient Descent Tricks" (2012).
    """
    return LinearRegression(
        UntrainedModel(
            learner="linear_regression",
            task="regression",
            title="Linear Regression",
            parameters={
                "solution_method": solution_method,
                "l2_weight": single_or_range(
                    create_trainer_mode,
                    l2_weight,
                    l2_weight_range,
                    parameter="l2_weight_range",
                    least=0,
                ),
                "include_intercept": include_intercept,
                "learning_rate": single_or_range(
                    create_trainer_mode,
                    learning_rate,
                    learning_rate_range,
                    parameter="learning_rate_range",
                    above=0,
                ),
                "number_of_epochs": single_or_range(
                    create_trainer_mode,
                    number_of_epochs,
                    number_of_epochs_range,
                    parameter="number_of_epochs_range",
                    least=1,
                ),
                "normalize_features": normalize_features,
                "average_final_hypothesis": average_final_hypothesis,
                "decrease_learning_rate": decrease_learning_rate,
                "seed": seed,
                "allow_unknown_categories": allow_unknown_categories,
            },
        )
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"l2_weight": 0.0}}
