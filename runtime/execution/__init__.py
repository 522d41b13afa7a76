"""Public names of `runtime.execution`."""
