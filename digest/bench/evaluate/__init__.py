"""Judged collections: how well papers are found, decided on and learned from.

Promise: nothing of a collection is used to set anything; what is not random is the
same each time, and what is random follows a seed.
"""
