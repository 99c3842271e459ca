"""``python -m connect_batchmock`` is the command ``connect-batchmock``."""

from __future__ import annotations

import sys

from connect_batchmock.cli import main

sys.exit(main())
