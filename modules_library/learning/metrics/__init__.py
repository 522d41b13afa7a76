"""Metrics and charts from actual values and predictions; pure functions over arrays."""
