"""The authors' room: the module SDK, the built-in modules and the versioned registry."""
