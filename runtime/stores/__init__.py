"""Public names of `runtime.stores`."""
