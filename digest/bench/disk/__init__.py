"""How much disk a day of a reader takes: when it is sent, and after it is forgotten."""
