"""Tests of the measuring of relevance."""
