"""Parallel maps: a module that is called for one mini-batch of an input after the other.

The author names the input and the size of a batch; the person at the canvas sets how many processes
share the work, how often a batch is tried and how many may fail.
"""

from modules_library.sdk.parallel.settings import Parallel, in_parallel, parallel_fault

__all__ = ["Parallel", "in_parallel", "parallel_fault"]
