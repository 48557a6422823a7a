"""How fast due digests are planned, beside a bare COPY of the rows that come of it.

Run as `python -m digest.bench.planning`, in a process of its own: it starts a durable
PostgreSQL on loopback, its settings are its own, and so is the memory it measures.
"""
