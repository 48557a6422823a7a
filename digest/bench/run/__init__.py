"""A whole day beside a plain Django script: match, plan, render and send for all.

Run as `python -m digest.bench.run --readers N --papers M`: real workers, a broker, a
durable PostgreSQL and Postfix's smtp-sink, all started on loopback.
"""
