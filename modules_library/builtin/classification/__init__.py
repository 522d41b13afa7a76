"""Learners for classes."""
