"""Public names of `designer.services`."""
