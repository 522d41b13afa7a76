"""Public names of `designer.document`."""
