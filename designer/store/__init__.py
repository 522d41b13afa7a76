"""Public names of `designer.store`."""
