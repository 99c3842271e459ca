"""The operations that have a fake: one function per operation, found through the registry."""
