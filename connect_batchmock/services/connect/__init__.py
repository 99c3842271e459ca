"""Amazon Connect: one module per family of resources."""
