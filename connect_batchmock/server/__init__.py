"""The same mock behind HTTP, for other processes and other languages."""
