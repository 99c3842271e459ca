"""Interception in host libraries: one module per library, which alone touches the private names of it."""
