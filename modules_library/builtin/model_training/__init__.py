"""Learners and tables in, trained models out."""
