"""Public names of `runtime.targets`."""
