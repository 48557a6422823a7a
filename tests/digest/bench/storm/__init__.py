"""Tests of the storm's pure parts; the storm itself is run by hand."""
