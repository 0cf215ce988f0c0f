"""What Hartslag is made of, and whether that may be and is safe; `python -m supply` runs all of it.

What belongs here: looks at dependencies, and lists with reasons. What does not: anything that runs
in service.
"""
