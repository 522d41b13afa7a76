"""K-Means Clustering."""

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

NUMBER_OF_CENTROIDS_RANGE: list[int] = [2, 3, 4, 5]


class KMeansClustering(NamedTuple):
    """The learner.

    Attributes:
        untrained_model: The learner with its parameters, for 'Train Clustering Model'.
    """

    untrained_model: UntrainedModel


@module(
    version="1.0.0",
    title="K-Means Clustering",
    icon="scatter_plot",
    tags=(
        "clusters",
        "centroids",
        "unsupervised",
    ),
)
def k_means_clustering(
    *,
    create_trainer_mode: Annotated[
        Literal["Single Parameter", "Parameter Range"], Title("Create trainer mode")
    ] = "Single Parameter",
    number_of_centroids: Annotated[
        int,
        Range(1),
        Title("Number of centroids"),
        ShownWhen("create_trainer_mode", "Single Parameter"),
        Summary(),
    ] = 2,
    number_of_centroids_range: Annotated[
        list[int],
        Title("Number of centroids: values"),
        ShownWhen("create_trainer_mode", "Parameter Range"),
    ] = NUMBER_OF_CENTROIDS_RANGE,
    initialization: Annotated[
        Literal["First N", "Random", "K-Means++"], Title("Initialization")
    ] = "K-Means++",
    seed: Annotated[Seed, Title("Random number seed")] = 0,
    metric: Annotated[Literal["Euclidean"], Title("Metric")] = "Euclidean",
    iterations: Annotated[int, Range(1), Title("Iterations")] = 100,
    label_mode: Annotated[
        Literal["Ignore label column", "Fill missing values", "Overwrite from closest to center"],
        Title("Assign label mode"),
    ] = "Ignore label column",
    normalize_features: Annotated[bool, Title("Normalize features")] = True,
    allow_unknown_categories: Annotated[bool, Title("Allow unknown categories")] = True,
) -> KMeansClustering:
    """Groups of rows around centres.

    Rows go to the nearest centre, centres move to the mean of their rows, until nothing changes or
    the iterations are used up (Lloyd's algorithm). Missing values are refused; categories become
    columns of 0 and 1.

    Start: **First N** takes the first rows, **Random** draws rows, **K-Means++** draws rows far from
    each other.

    Label: **Ignore label column** leaves it out. **Fill missing values** uses it as a feature; a row
    without a label gets that of the labelled row nearest to it by the other features. **Overwrite
    from closest to center** leaves it out of the clustering and then replaces it by the label of the
    row closest to the centre of the row's cluster.

    Args:
        create_trainer_mode: `Parameter Range` gives lists of values for 'Tune Model
            Hyperparameters'; 'Train Clustering Model' takes the first value of each list.
        number_of_centroids: Clusters to find.
        number_of_centroids_range: Values of `number_of_centroids` to choose from;
            'Train Clustering Model' takes the first one.
        initialization: Where the centres start.
        seed: Seed of the start; `First N` does not draw. 0 is a seed like any other.
        metric: How distances are measured.
        iterations: Moves of the centres at most.
        label_mode: What happens with a column that has the role of a label.
        normalize_features: Scale every feature to 0–1 inside, so that none outweighs the others by
            its units.
        allow_unknown_categories: A category that training did not know counts as none of the known
            ones; otherwise scoring it is an error.

    Returns:
        The learner with its parameters; nothing has been learnt yet.

    Raises:
        RequestError: V003 when a list of values is empty or holds a value out of bounds.

    Source:
        S. P. Lloyd, "Least Squares Quantization in PCM", IEEE Transactions on Information Theory 28
        (1982); D. Arthur, S. Vassilvitskii, "k-means++", SODA 2007; scikit-learn.
    """
    return KMeansClustering(
        UntrainedModel(
            learner="k_means_clustering",
            task="clustering",
            title="K-Means Clustering",
            parameters={
                "number_of_centroids": single_or_range(
                    create_trainer_mode,
                    number_of_centroids,
                    number_of_centroids_range,
                    parameter="number_of_centroids_range",
                    least=1,
                ),
                "initialization": initialization,
                "seed": seed,
                "metric": metric,
                "iterations": iterations,
                "label_mode": label_mode,
                "normalize_features": normalize_features,
                "allow_unknown_categories": allow_unknown_categories,
            },
        )
    )


def example() -> dict[str, Any]:
    """A small run of this module."""
    return {"inputs": {}, "parameters": {"number_of_centroids": 3}}
