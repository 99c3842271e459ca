"""mock_connect: a ConnectMock that answers every client while it is active."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from connect_batchmock.activation.decorators import decorate_class, decorate_method
from connect_batchmock.activation.environment import Environment, Layer
from connect_batchmock.activation.guard import Guard, connection_in_a_mock, refused_connection
from connect_batchmock.connect_mock import ConnectMock
from connect_batchmock.domain.locks import Lock
from connect_batchmock.interception import libraries
from connect_batchmock.interception.import_hooks import IncompatibleLibraryError
from connect_batchmock.protocol.http import Request, Response
from connect_batchmock.settings import Settings

if TYPE_CHECKING:
    from asyncio import Task

    from typing_extensions import Unpack

    from connect_batchmock.settings import ConnectMockSettings

Target = TypeVar("Target", bound=Callable[..., Any])


class Observer(Protocol):
    """Observes the mocks of a test run."""

    def mock_started(self, mock: ConnectMock) -> None:
        """Take a mock that has become active."""

    def mock_stopped(self, mock: ConnectMock) -> None:
        """Take a mock that is no longer active."""


class _Activation:
    """A mock from the moment it begins to answer until it stops; a context manager that makes the mock.

    Attributes:
        mock: the mock.
        token: what stands for the activation in the context of the task or thread that began it. It keeps
            nothing of the mock in a context that outlives it.
        within: the tokens of the mocks that it was begun in.
        layer: what was there before it.
        is_excused: whether a test has failed meanwhile, so that what it leaves over is a consequence.
        has_outlived_another: whether a mock that it was begun in has stopped before it.
    """

    mock: ConnectMock
    layer: Layer

    def __init__(self, settings: ConnectMockSettings) -> None:
        self._settings = settings
        self.token = object()
        self.within: tuple[object, ...] = ()
        self.is_excused = False
        self.has_outlived_another = False
        self._task: Task[Any] | None = None
        self._thread = threading.current_thread()
        self._threads_before: set[Thread] = set()
        self._observers: tuple[Observer, ...] = ()

    def __enter__(self) -> ConnectMock:
        self.mock = ConnectMock(**self._settings)
        self._task = _current_task()
        self._thread = threading.current_thread()
        self._threads_before = set(threading.enumerate())
        _active.add(self)
        self._observers = _active.observers[-1:]
        for observer in self._observers:
            observer.mock_started(self.mock)
        _here.set((*self.within, self.token))
        return self.mock

    def __exit__(self, kind: object = None, *_: object) -> None:
        __tracebackhide__ = True
        complaint = self.leave()
        if kind is not None:
            return
        if complaint is not None:
            raise complaint
        self.assert_strict()

    def leave(self) -> Exception | None:
        """Stop answering and restore everything, whatever is wrong; return what is wrong with that."""
        self.mock.stop_serving()
        _here.set(tuple(token for token in _here.get() if token is not self.token))
        complaint = _active.remove(self)
        for observer in self._observers:
            observer.mock_stopped(self.mock)
        late = set(threading.enumerate()) - self._threads_before
        for guard in _active.guards:
            guard.outlived_by(late)
        return complaint

    def assert_strict(self) -> None:
        """Assert what ``strict`` asserts, unless an exception of the test excuses the mock.

        Raises:
            AssertionError: a fault is pending, or an unfaked call was swallowed.
        """
        __tracebackhide__ = True
        if not self.is_excused:
            assert_strict(self.mock)

    def answers_in(self, here: tuple[object, ...]) -> bool:
        """Whether it answers where these mocks were begun: it is one of them, or cannot be somebody else's.

        It is somebody else's while the task that began it runs, or another thread that did.
        """
        if self.token in here:
            return True
        if self._task is not None:
            return self._task.done()
        return self._thread is threading.current_thread() or not self._thread.is_alive()


def assert_strict(mock: ConnectMock) -> None:
    """Assert, if a mock is strict, that no fault is pending and that no unfaked call was swallowed.

    Raises:
        AssertionError: one of the two does not hold; where neither does, the message has both.
    """
    __tracebackhide__ = True
    if not mock.settings.strict:
        return
    problems: list[str] = []
    for check in (mock.assert_no_unfaked_calls, mock.assert_no_pending_faults):
        try:
            check()
        except AssertionError as error:
            problems.append(str(error))
    if problems:
        raise AssertionError("\n".join(problems))


def _current_task() -> Task[Any] | None:
    asyncio = sys.modules.get("asyncio")
    try:
        return None if asyncio is None else asyncio.current_task()
    except RuntimeError:
        return None


class _ActiveMocks:
    """The mocks that are active in this process, and what is in force as long as one of them is.

    Attributes:
        mocks: the active mocks, the last begun last. Read without the lock, so never changed but replaced.
        guards: the guards of test runs, the innermost last.
        observers: the observers of test runs, the innermost last.
    """

    def __init__(self) -> None:
        self.mocks: tuple[_Activation, ...] = ()
        self.guards: tuple[Guard, ...] = ()
        self.observers: tuple[Observer, ...] = ()
        self._environment = Environment()
        self._interception = ExitStack()
        self._credentials = ExitStack()
        self._lock = Lock(RuntimeError)

    def add(self, activation: _Activation) -> None:
        """Answer with one more mock."""
        settings = activation.mock.settings
        is_fake = settings.credentials == "fake"
        with self._lock:
            here = _here.get()
            activation.within = tuple(mock.token for mock in self.mocks if mock.token in here)
            try:
                self._begin(is_first=not self.mocks, is_first_fake=is_fake and not self._has_fake())
            except BaseException:
                self._end()
                raise
            environment = self._environment
            activation.layer = environment.fake(settings.region) if is_fake else environment.keep()
            self.mocks = (*self.mocks, activation)

    def _begin(self, *, is_first: bool, is_first_fake: bool) -> None:
        if is_first:
            self._interception.enter_context(
                libraries.intercept(_ask, _refuse_connection, _answered_elsewhere)
            )
        if is_first_fake:
            self._credentials.enter_context(libraries.no_credential_lookup())

    def remove(self, activation: _Activation) -> Exception | None:
        """Answer with a mock no more, and return what is wrong with that."""
        with self._lock:
            self.mocks = tuple(mock for mock in self.mocks if mock is not activation)
            self._environment.remove(activation.layer)
            for mock in self.mocks:
                mock.has_outlived_another |= activation.token in mock.within
            try:
                self._end()
            except IncompatibleLibraryError as error:
                return error
        if activation.has_outlived_another and not any(mock.has_outlived_another for mock in self.mocks):
            return RuntimeError(
                "This mock_connect was stopped after another one that it was started in. All is restored "
                "now. Stop mocks in the reverse order in which they were started, or start each in a task "
                "or thread of its own."
            )
        return None

    def _end(self) -> None:
        """Let go of what no active mock needs."""
        with ExitStack() as ending:
            if not self.mocks:
                ending.push(self._interception.pop_all())
            if not self._has_fake():
                ending.push(self._credentials.pop_all())

    def _has_fake(self) -> bool:
        return any(mock.mock.settings.credentials == "fake" for mock in self.mocks)

    def innermost(self) -> ConnectMock | None:
        """Return the mock that answers the task or thread that asks, or None where no mock is active.

        That is the last of those that the task or thread began, or was itself begun in. Where it has none,
        as in a thread of a pool, it is the last of the process.
        """
        mocks, here = self.mocks, _here.get()
        for activation in reversed(mocks):
            if activation.answers_in(here):
                return activation.mock
        return mocks[-1].mock if mocks else None


_active = _ActiveMocks()

_here: ContextVar[tuple[object, ...]] = ContextVar("connect_batchmock_active_mocks", default=())
"""The tokens of the mocks that this task or thread, or what it was started from, has begun; the last last."""


def is_mocked() -> bool:
    """Whether a mock is active."""
    return bool(_active.mocks)


@contextmanager
def watched(guard: Guard) -> Iterator[None]:
    """Let a guard know of the mocks: it rests while one is active, and minds what one leaves behind."""
    guard.ask_whether_mocked(is_mocked)
    _active.guards = (*_active.guards, guard)
    try:
        yield
    finally:
        _active.guards = tuple(other for other in _active.guards if other is not guard)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Report each mock that starts to this observer alone: the one before it belongs to an outer run."""
    _active.observers = (*_active.observers, observer)
    try:
        yield
    finally:
        _active.observers = tuple(other for other in _active.observers if other is not observer)


def _ask(request: Request) -> Response | None:
    mock = _active.innermost()
    if mock is not None:
        return mock.handle(request)
    # A client keeps its handler when the mock that it was made in has stopped; nobody else asks then.
    if not libraries.another_mock_answers():
        guard = _active.guards[-1] if _active.guards else Guard(lambda refused: None, refuses_all=False)
        guard.refuse_late(request)
    return None


def _refuse_connection(host: str) -> None:
    mock = _active.innermost()
    if mock is not None:
        refused = refused_connection(host)
        mock.note_refused_connection(refused)
        raise connection_in_a_mock(refused)


def _answered_elsewhere(request: Request, responder: str) -> None:
    mock = _active.innermost()
    if mock is not None:
        mock.note_answered_elsewhere(request, responder)


def active_mock() -> ConnectMock:
    """Return the mock that answers now and here, for decorated functions.

    That is the last one started by the task or thread that asks, or by what it was started from; where
    there is none, the last one started in this process.

    Raises:
        RuntimeError: no mock is active.
    """
    mock = _active.innermost()
    if mock is None:
        raise RuntimeError(
            "No mock_connect is active: use it as a context manager or decorator, or the connect_mock "
            "fixture. Where it decorates a class, it starts at setUp, or setup_method; setUpClass runs "
            "before that."
        )
    return mock


def excuse_active_mocks() -> None:
    """Assert nothing of the active mocks when they stop: a test has failed, or was skipped, meanwhile."""
    for activation in _active.mocks:
        activation.is_excused = True


class MockConnect:
    """A mock to be activated: as a context manager, by ``start`` and ``stop``, or as a decorator.

    Each activation has a backend of its own. Activations nest, and those of tasks and threads may overlap;
    the innermost of a task or thread answers it.
    """

    def __init__(self, settings: ConnectMockSettings) -> None:
        Settings.of(settings)
        self._settings = settings
        self._started: list[_Activation] = []

    def start(self) -> ConnectMock:
        """Begin to answer, and return the mock."""
        activation = _Activation(self._settings)
        mock = activation.__enter__()
        self._started.append(activation)
        return mock

    def stop(self) -> None:
        """Answer no more, and restore everything.

        Where an exception is being handled, as in a ``finally`` that an exception has led to, nothing is
        asserted.

        Raises:
            AssertionError: it is strict, and something is left over: a fault that was planned and never
                happened, or a call of an operation without a fake.
            RuntimeError: it is not active, or a mock that it was started in has stopped before it. All is
                restored nevertheless.
        """
        __tracebackhide__ = True
        self._take().__exit__(sys.exc_info()[0])

    def release(self) -> None:
        """Stop, and assert nothing: that has been done, or a failure is being told already.

        Raises:
            RuntimeError: it is not active, or a mock that it was started in has stopped before it.
        """
        complaint = self._take().leave()
        if complaint is not None:
            raise complaint

    def assert_strict(self) -> None:
        """Assert what :meth:`stop` would, and go on.

        Raises:
            AssertionError: it is strict, and something is left over.
            RuntimeError: it is not active.
        """
        __tracebackhide__ = True
        self._own().assert_strict()

    def _take(self) -> _Activation:
        activation = self._own()
        self._started.remove(activation)
        return activation

    def _own(self) -> _Activation:
        """Return the activation of the task or thread that asks: others may have started the same mock."""
        if not self._started:
            raise RuntimeError(
                "This mock_connect is not active: stop() was called without start(), or twice."
            )
        here = _here.get()
        own = [activation for activation in self._started if activation.token in here]
        return (own or self._started)[-1]

    @property
    def is_started(self) -> bool:
        """Whether it was started and not yet stopped."""
        return bool(self._started)

    def __enter__(self) -> ConnectMock:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        __tracebackhide__ = True
        self._take().__exit__(*exception)

    def __call__(self, target: Target) -> Target:
        """Decorate a function, coroutine function, generator function or test class."""
        if isinstance(target, type):
            return decorate_class(self, target)  # type: ignore[no-any-return]  # it is the target
        method: Any = target
        if not callable(method) and not isinstance(method, classmethod):
            raise TypeError(
                f"mock_connect takes settings by keyword, or decorates a function or a class, not {target!r}."
            )
        return decorate_method(lambda: _Activation(self._settings), method)  # type: ignore[no-any-return]  # it wraps the target


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
