"""Targets on other machines: an agent process per target, and our server on the host."""
