"""Public names of `designer.pages`."""
