"""Tests of the bench of a whole day."""
