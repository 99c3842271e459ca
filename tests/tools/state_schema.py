"""Writes the JSON Schema of state files beside their example: ``python tests/tools/state_schema.py``."""

from __future__ import annotations

import json
from pathlib import Path

from connect_batchmock.state.format import json_schema

FILE = Path(__file__).parents[2] / "connect_batchmock" / "state" / "state.schema.json"


def text() -> str:
    """Return what ``connect-batchmock schema`` prints."""
    return f"{json.dumps(json_schema(), indent=2)}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
