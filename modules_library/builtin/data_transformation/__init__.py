"""Tables in, tables out: choose, clean, split, join, query."""
