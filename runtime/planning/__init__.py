"""Public names of `runtime.planning`."""
