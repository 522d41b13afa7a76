"""The screenshots of README and docs, taken by driving the product."""
