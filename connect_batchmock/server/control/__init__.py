"""The HTTP API of the mock: the methods and records of Python, for other languages."""
