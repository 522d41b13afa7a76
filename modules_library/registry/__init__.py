"""Public names of `modules_library.registry`."""
