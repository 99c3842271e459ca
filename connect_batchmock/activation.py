"""mock_connect: a ConnectMock that answers every client while it is active."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar, overload

from connect_batchmock import explain
from connect_batchmock.connect_mock import ConnectMock
from connect_batchmock.decorating import decorate_class, decorate_method
from connect_batchmock.guarding import Guard
from connect_batchmock.settings import Settings
from connect_batchmock.wire import botocore as wire
from connect_batchmock.wire import doors
from connect_batchmock.wire.message import Request, Response

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from connect_batchmock.settings import ConnectMockSettings

Target = TypeVar("Target", bound=Callable[..., Any])

_active: list[_Active | Guard] = []
"""The mocks that are active, the innermost last; below them the guard of a test run, if there is one."""

_HIDDEN = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
)


class _Active:
    """A mock that answers, with what is to be restored when it stops."""

    def __init__(self, mock: ConnectMock) -> None:
        self.mock = mock
        self._restore = ExitStack()
        self._threads_before: set[Thread] = set()

    def enter(self) -> None:
        with ExitStack() as restore:
            restore.enter_context(_default_session_restored())
            if self.mock.settings.credentials == "fake":
                # A session of the mock's own for ``boto3.client``: the user's has his region and profile.
                _set_default_session(None)
                restore.enter_context(_environment(self.mock.settings.region))
                restore.enter_context(doors.no_credential_lookup())
            if not is_mocked():
                restore.enter_context(doors.intercept(_ask))
            self._restore = restore.pop_all()
        self._threads_before = set(threading.enumerate())
        _active.append(self)

    def leave(self) -> None:
        self.mock._stop_serving()
        _active.remove(self)
        self._restore.close()
        for guard in _active:
            if isinstance(guard, Guard):
                guard.outlived_by(set(threading.enumerate()) - self._threads_before)


def is_mocked() -> bool:
    """Whether a mock is active."""
    return any(isinstance(one, _Active) for one in _active)


@contextmanager
def watched(guard: Guard) -> Iterator[None]:
    """Let a guard know of the mocks: it rests while one is active, and minds what one leaves behind."""
    guard.ask_whether_mocked(is_mocked)
    # Below the mocks, and above the guard of a run in which this one takes place.
    guards = [one for one in _active if isinstance(one, Guard)]
    _active.insert(len(guards), guard)
    try:
        yield
    finally:
        _active.remove(guard)


def _ask(request: Request) -> Response | None:
    innermost = _active[-1] if _active else None
    if isinstance(innermost, _Active):
        return innermost.mock.handle(request)
    # A client keeps its handler when the mock that it was made in has stopped; nobody else asks then.
    if not doors.another_mock_answers():
        guard = Guard(lambda refused: None, refuses_all=False) if innermost is None else innermost
        guard.refuse_late(request)
    return None


def active_mock() -> ConnectMock:
    """Return the mock that answers now, for decorated functions.

    Raises:
        RuntimeError: no mock is active.
    """
    innermost = _active[-1] if _active else None
    if not isinstance(innermost, _Active):
        raise RuntimeError(explain.no_active_mock())
    return innermost.mock


class MockConnect:
    """A mock to be activated: as a context manager, by ``start`` and ``stop``, or as a decorator.

    Each activation has a backend of its own. Activations nest; the innermost answers.
    """

    def __init__(self, settings: ConnectMockSettings) -> None:
        Settings.of(settings)
        self._settings = settings
        self._started: list[_Active] = []

    def start(self) -> ConnectMock:
        """Begin to answer, and return the mock."""
        active = _Active(ConnectMock(**self._settings))
        active.enter()
        self._started.append(active)
        return active.mock

    def stop(self) -> None:
        """Answer no more, and restore everything.

        Raises:
            RuntimeError: it is not active, or not the innermost one.
        """
        if not self._started:
            raise RuntimeError(explain.not_started())
        if _active[-1] is not self._started[-1]:
            raise RuntimeError(explain.stopped_out_of_order())
        self._started.pop().leave()

    @property
    def is_started(self) -> bool:
        """Whether it was started and not yet stopped."""
        return bool(self._started)

    def __enter__(self) -> ConnectMock:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def __call__(self, target: Target) -> Target:
        """Decorate a function, coroutine function, generator function or test class."""
        if isinstance(target, type):
            return decorate_class(self, target)  # type: ignore[no-any-return]  # it is the target
        method: Any = target
        if not callable(method) and not isinstance(method, classmethod):
            raise TypeError(explain.not_decoratable(target))
        return decorate_method(lambda: self, method)  # type: ignore[no-any-return]  # it wraps the target


@overload
def mock_connect(**settings: Unpack[ConnectMockSettings]) -> MockConnect: ...


@overload
def mock_connect(target: Target, /) -> Target: ...


def mock_connect(target: Any = None, /, **settings: Unpack[ConnectMockSettings]) -> Any:
    """Answer every client of Amazon Connect and its campaign services from a fake backend.

    ``with mock_connect() as connect_mock:``, ``@mock_connect``, ``@mock_connect(region="eu-west-2")``, or
    ``mock = mock_connect()`` with ``mock.start()`` and ``mock.stop()``. It decorates functions, coroutine
    functions, generator and async generator functions, test classes and ``unittest.TestCase``.

    Args:
        settings: the settings of :class:`~connect_batchmock.settings.Settings`, by keyword.

    Raises:
        TypeError: there is no such setting.
        ValueError: a setting has no such value.
    """
    mock = MockConnect(settings)
    return mock if target is None else mock(target)


@contextmanager
def _environment(region: str) -> Iterator[None]:
    """Hide the user's credentials and configuration behind the mock's."""
    ours = {
        "AWS_ACCESS_KEY_ID": wire.ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": wire.SECRET_KEY,
        "AWS_SESSION_TOKEN": wire.SECRET_KEY,
        "AWS_DEFAULT_REGION": region,
        # botocore does not read it. Lambda sets it, and handlers do.
        "AWS_REGION": region,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    before = {name: os.environ.pop(name, None) for name in (*_HIDDEN, *ours)}
    os.environ.update(ours)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def _default_session_restored() -> Iterator[None]:
    before = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    try:
        yield
    finally:
        _set_default_session(before)


def _set_default_session(session: Any) -> None:
    boto3 = sys.modules.get("boto3")
    if boto3 is not None:
        boto3.DEFAULT_SESSION = session  # type: ignore[attr-defined]  # boto3 keeps it there
