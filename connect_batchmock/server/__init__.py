"""The HTTP server: the same engine for other processes and languages, loaded when a mock is served."""
