"""Trained models applied to tables, and how good they are."""
