"""Statistics over the columns of a table."""
