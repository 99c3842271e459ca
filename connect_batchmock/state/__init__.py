"""State files in TOML or JSON: the instances, with their resources, that a mock seeds."""
