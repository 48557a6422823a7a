"""The main job as one story: five days, five readers, every part of the service real.

Feeds are taken in day by day, people sign up on the web and confirm by mail, a real
worker and beat send each day's digests through a real SMTP server (or a provider's
HTTP stub), and the clock of all processes stands on each day in turn.
"""
