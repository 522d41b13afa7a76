"""Public names of `modules_library.builtin`."""
