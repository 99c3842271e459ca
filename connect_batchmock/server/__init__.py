"""The same engine behind HTTP, for other processes and other languages; loaded when something is served."""
