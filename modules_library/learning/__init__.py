"""Learning: learners, feature encoding, trained models, scoring, metrics."""

from modules_library.learning.archive import load_model, save_model
from modules_library.learning.catalogue import LEARNERS, find_learner
from modules_library.learning.scoring import score
from modules_library.learning.trained_model import TrainedModel
from modules_library.learning.training import train

__all__ = [
    "LEARNERS",
    "TrainedModel",
    "find_learner",
    "load_model",
    "save_model",
    "score",
    "train",
]
