"""Learners for numbers."""
