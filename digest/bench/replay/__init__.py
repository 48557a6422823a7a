"""Two weeks of arXiv, played by a local server with the faults that arXiv has.

The real service reads them with its clock moved from one due moment to the next:
empty weekends, a stale list under today's date, a list five hours late, 429, 500, a
body that breaks off, half a list, and a day on which nothing answers.
"""
