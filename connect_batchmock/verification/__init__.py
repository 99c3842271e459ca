"""Verification: scenarios that show whether a service behaves as the mock does."""
