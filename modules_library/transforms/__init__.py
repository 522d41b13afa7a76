"""Fitted transformations: what each kind learns from one table and does to another.

A kind is one file with `fit(...) -> Transform` and `apply(state, frame) -> frame`. The state holds
JSON values only, so a stored transformation is data and never code.
"""

from modules_library.transforms.replay import apply_transform

__all__ = ["apply_transform"]
