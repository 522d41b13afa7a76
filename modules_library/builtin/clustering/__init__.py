"""Learners for groups of rows."""
