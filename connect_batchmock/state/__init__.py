"""State files: instances and what belongs to them, in TOML or JSON, for a mock to begin with."""
