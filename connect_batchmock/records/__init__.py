"""The resources and records that a test reads, and the messages about them."""
