"""The HTTP sessions of botocore's clients: a client that never connects needs no TLS context."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from botocore.httpsession import URLLib3Session

from connect_batchmock.interception.patches import replaced_to_save_time


@contextmanager
def delayed_tls() -> Iterator[None]:
    """Make the HTTP sessions of new clients set up TLS when they first connect, in the mock or after it."""
    if not hasattr(URLLib3Session, "_get_ssl_context"):
        yield
        return
    with replaced_to_save_time(URLLib3Session, "__init__", _delay):
        yield


def _delay(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def __init__(session: Any, *args: Any, **kwargs: Any) -> None:
        if type(session) is URLLib3Session:
            session.__class__ = _SessionWithoutTls
            original(session, *args, **kwargs)
            if _takes_context_later(session):
                session.__class__ = DelayedSession
                return
            session.__class__ = URLLib3Session
        original(session, *args, **kwargs)

    return __init__


def _takes_context_later(session: Any) -> bool:
    manager = vars(session).get("_manager")
    return "ssl_context" in getattr(manager, "connection_pool_kw", ())


class _SessionWithoutTls(URLLib3Session):  # type: ignore[misc]  # botocore has no types
    """A session during its initialization, which checks the arguments as ever."""

    def _get_ssl_context(self) -> None:
        return None


class DelayedSession(URLLib3Session):  # type: ignore[misc]  # botocore has no types
    """A session that has no TLS context yet, and becomes a usual session when it first connects."""

    @property
    def _manager(self) -> Any:
        manager = vars(self)["_manager"]
        manager.connection_pool_kw["ssl_context"] = self._get_ssl_context()
        self.__class__ = URLLib3Session
        return manager

    @_manager.setter
    def _manager(self, manager: Any) -> None:
        self.__class__ = URLLib3Session
        self._manager = manager
