"""What ranking costs: a topic that is being typed, a person's marks, the archive.

Everything timed is a public function of the product, on a database made for it; BM25
and a classifier of other people are timed on the same papers in the same run.
"""
