"""The operations of Amazon Connect."""
