"""moto: every name of it that is touched. It answers for the rest of AWS, and never for a mocked service.

moto's handler is called for every request, also for those that were answered already, and of a client made
before the mock it is the first to be called. So it asks, before it answers from its own backends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any

import moto.core.models
from moto.core.botocore_stubber import BotocoreStubber

from connect_batchmock.interception.botocore import answer_at_event
from connect_batchmock.interception.import_hooks import needed, replaced
from connect_batchmock.protocol.http import Handler


@contextmanager
def intercept(ask: Handler) -> Iterator[None]:
    """Let moto ask about every request of a mocked service before it answers."""
    with replaced(BotocoreStubber, "__call__", partial(_asking_first, ask)):
        yield


def is_answering() -> bool:
    """Whether moto answers now."""
    return bool(needed(needed(moto.core.models, "botocore_stubber"), "enabled"))


def _asking_first(ask: Handler, original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def call(stubber: Any, event_name: str, request: Any, **kwargs: Any) -> Any:
        answer = answer_at_event(event_name, ask, request)
        return original(stubber, event_name, request, **kwargs) if answer is None else answer

    return call
