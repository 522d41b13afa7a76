"""A process that opens artifacts for people to look at, so that the designer's own never does."""
