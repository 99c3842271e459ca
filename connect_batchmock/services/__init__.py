"""The meaning of each operation that has a fake: one function an operation."""
