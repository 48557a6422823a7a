"""How fast digests are delivered, beside what the same computer can do at best.

Run as `python -m digest.bench.delivery`, in a process of its own: it starts a durable
PostgreSQL, a broker, Celery workers and a sink for mail, all on loopback, and its
settings are theirs.
"""
