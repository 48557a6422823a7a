"""Measures and replays the product through its public functions and pages."""
