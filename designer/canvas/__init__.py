"""Public names of `designer.canvas`."""
