"""Tests of the rows that benches measure with."""
