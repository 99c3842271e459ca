"""Outbound campaigns, versions 1 and 2: what is the same rule in both stands once."""
