"""What botocore computes anew for each client, with the same result: pure functions that are remembered."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache, wraps
from types import FunctionType, MethodType
from typing import Any
from urllib.request import getproxies_environment

import botocore.endpoint
import botocore.hooks
import botocore.useragent
import botocore.utils

from connect_batchmock.interception.event_handlers import shared_handlers
from connect_batchmock.interception.http_sessions import delayed_tls
from connect_batchmock.interception.patches import replaced_to_save_time


@contextmanager
def quick_setup() -> Iterator[None]:
    """Make clients quickly: their handlers are shared, TLS is delayed, and pure functions are shortened."""
    with ExitStack() as restore:
        restore.enter_context(shared_handlers())
        restore.enter_context(delayed_tls())
        for module, name, make in (
            (botocore.useragent, "sanitize_user_agent_string_component", lru_cache(maxsize=1024)),
            (botocore.hooks, "accepts_kwargs", _read_flags),
            (botocore.endpoint, "get_environ_proxies", _look_for_proxies),
        ):
            restore.enter_context(replaced_to_save_time(module, name, make))
        yield


def _read_flags(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def accepts_kwargs(handler: Any) -> Any:
        function = handler.__func__ if type(handler) is MethodType else handler
        if type(function) is not FunctionType or "__signature__" in vars(function):
            return original(handler)
        return function.__code__.co_flags & inspect.CO_VARKEYWORDS

    return accepts_kwargs


def _look_for_proxies(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def get_environ_proxies(url: str) -> Any:
        # On some systems, the settings of the system name proxies, too.
        if getattr(botocore.utils, "getproxies", None) is not getproxies_environment:
            return original(url)
        return original(url) if any(name.lower().endswith("_proxy") for name in os.environ) else {}

    return get_environ_proxies
