"""People's own Python between built-in modules."""
