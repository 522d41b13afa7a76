"""Public names of `runtime.validation`."""
