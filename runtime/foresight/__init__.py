"""Foresight: what the outputs of a graph's nodes will look like, before anything runs.

Pure but for what it is handed: a way to ask a module version (in a process of its own), and to read
the schema of a stored artifact.
"""

from runtime.foresight.comparison import contradictions
from runtime.foresight.earlier import EarlierRun
from runtime.foresight.walk import Foresight, foresee

__all__ = ["EarlierRun", "Foresight", "contradictions", "foresee"]
