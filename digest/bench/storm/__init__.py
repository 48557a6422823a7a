"""Faults drawn from a seed against the whole service, and a reckoning at the end.

Run as `python -m digest.bench.storm --seed N --minutes M`: real workers, beat, broker
and database on loopback, a mail server that misbehaves, and processes that are killed,
stopped and doubled. What the mail server took is set against the deliveries.
"""
