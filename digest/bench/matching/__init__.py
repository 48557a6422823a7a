"""How fast new papers meet all topics, and whether they meet the right ones.

Papers and subscriptions come from a fixed generator; the queries lie in a database
made for this, are found by the product's own functions, and are asked once more by
the database's full-text search, which knows nothing of them.
"""
