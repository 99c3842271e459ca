"""The fake service: one request at a time, what goes wrong on purpose, and the clock."""
