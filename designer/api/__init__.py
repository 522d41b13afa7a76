"""Public names of `designer.api`."""
