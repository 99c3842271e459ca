"""The folders of the checkout that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "connect_batchmock"
DOCS = ROOT / "docs"
EXAMPLE = PACKAGE / "state" / "example.toml"
"""The state file that ``serve --example`` serves and the documents show."""
