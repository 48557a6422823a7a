"""One module per way of running: local (the default), production, test."""
