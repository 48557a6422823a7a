"""What readers do, each in a module of its own.

They order topics and end digests (`subscriptions`), say what they think of papers
(`taste`), keep some (`reading_list`), vote (`voting`), propose (`submitting`), and
teach a topic from a file (`importing`). `trust` says who must wait, and for how long.
"""
