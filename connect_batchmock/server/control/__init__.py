"""Control by HTTP: what a test reads and does in Python, for every other language."""
