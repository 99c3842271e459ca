"""A fixture that puts one item which BatchPutContact refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from factories import Item


@pytest.fixture
def failure_of(put: Callable[..., dict[str, Any]]) -> Callable[[Item], dict[str, str]]:
    """Put one invalid item and return its entry in the FailedRequestList."""

    def call(item: Item) -> dict[str, str]:
        answer = put(item)
        assert answer["SuccessfulRequestList"] == []
        (failed,) = answer["FailedRequestList"]
        return dict(failed)

    return call
