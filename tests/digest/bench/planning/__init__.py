"""Tests of the bench of planning."""
