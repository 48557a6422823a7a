"""Tests of the bench of delivery."""
