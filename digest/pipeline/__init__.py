"""The way of a paper: ingest, match, plan, render, deliver, track.

Read these six from top to bottom and you know the product. Each is one stage with
one public function; each can be repeated without harm; `now` is passed in.
"""
