"""Papers, topics, digests and their delivery. `pipeline` is the way of a paper."""
