"""How long a page takes on one gunicorn worker, beside a view that says hello.

Production settings on a PostgreSQL of the bench's own; public pages and those of a
reader who is signed in, and what the first load of the front page moves.
"""
