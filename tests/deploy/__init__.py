"""The files of deploy/ hold together, checked without an engine that would run them."""
