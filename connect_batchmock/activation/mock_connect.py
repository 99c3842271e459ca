"""mock_connect activates a ConnectMock, which then answers every client."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from contextvars import ContextVar
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, overload

from connect_batchmock.activation.decorators import decorate_class, decorate_method
from connect_batchmock.activation.environment import Environment, Layer
from connect_batchmock.activation.guard import Guard, connection_in_a_mock, refused_connection
from connect_batchmock.connect_mock import ConnectMock
from connect_batchmock.domain.locks import Lock
from connect_batchmock.interception import libraries
from connect_batchmock.interception.patches import IncompatibleLibraryError
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

    def replacing_records(self, mock: ConnectMock) -> AbstractContextManager[None]:
        """Return the context in which a reset or a restore replaces the records of an active mock."""


class _Activation:
    """One activation of a mock: a context manager that makes the mock on entry.

    Attributes:
        mock: the mock.
        token: identifies the activation in the context of the task or thread that started it. Unlike the
            mock, it may stay in a context that outlives the activation.
        within: the tokens of the activations that it was started in.
        layer: the process-wide values that it replaced.
        is_excused: whether a test has failed or was skipped since, so that strictness is not asserted.
        has_outlived_another: whether an activation that it was started in has stopped before it.
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
            self.mock.replacing_records = partial(observer.replacing_records, self.mock)
        _here.set((*self.within, self.token))
        return self.mock

    def __exit__(self, kind: object = None, *_: object) -> None:
        __tracebackhide__ = True
        error = self.leave()
        if kind is not None:
            return
        if error is not None:
            raise error
        self.assert_strict()

    def leave(self) -> Exception | None:
        """Stop answering and restore everything; return an error instead of raising it."""
        self.mock.stop_serving()
        _here.set(tuple(token for token in _here.get() if token is not self.token))
        error = _active.remove(self)
        for observer in self._observers:
            observer.mock_stopped(self.mock)
            self.mock.replacing_records = nullcontext
        late = set(threading.enumerate()) - self._threads_before
        for guard in _active.guards:
            guard.add_late_threads(late)
        return error

    def assert_strict(self) -> None:
        """Assert what ``strict`` asserts, unless an exception of the test excuses the mock.

        Raises:
            AssertionError: a fault is pending, or an unfaked call was swallowed.
        """
        __tracebackhide__ = True
        if not self.is_excused:
            assert_strict(self.mock)

    def answers_in(self, here: tuple[object, ...]) -> bool:
        """Whether the mock answers in a context.

        It answers where it was started. It answers elsewhere once the task, or the other thread, that started
        it has ended.

        Args:
            here: the tokens of the activations of the context.
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
    """The active mocks of this process, and what is replaced as long as one of them is active.

    Attributes:
        activations: the activations, the latest last. A tuple, because it is read without the lock.
        guards: the guards of test runs, the innermost last.
        observers: the observers of test runs, the innermost last.
    """

    def __init__(self) -> None:
        self.activations: tuple[_Activation, ...] = ()
        self.guards: tuple[Guard, ...] = ()
        self.observers: tuple[Observer, ...] = ()
        self._environment = Environment()
        self._interception = ExitStack()
        self._credentials = ExitStack()
        self._lock = Lock(RuntimeError)

    def add(self, activation: _Activation) -> None:
        """Make one more mock active."""
        settings = activation.mock.settings
        is_fake = settings.credentials == "fake"
        with self._lock:
            here = _here.get()
            activation.within = tuple(outer.token for outer in self.activations if outer.token in here)
            try:
                self._set_up(is_first=not self.activations, is_first_fake=is_fake and not self._has_fake())
            except BaseException:
                self._tear_down()
                raise
            environment = self._environment
            activation.layer = environment.fake(settings.region) if is_fake else environment.keep()
            self.activations = (*self.activations, activation)

    def _set_up(self, *, is_first: bool, is_first_fake: bool) -> None:
        if is_first:
            self._interception.enter_context(
                libraries.intercept(_handle, _refuse_connection, _answered_elsewhere)
            )
        if is_first_fake:
            self._credentials.enter_context(libraries.no_credential_lookup())

    def remove(self, activation: _Activation) -> Exception | None:
        """Make a mock inactive; return an error instead of raising it."""
        with self._lock:
            self.activations = tuple(other for other in self.activations if other is not activation)
            self._environment.remove(activation.layer)
            for other in self.activations:
                other.has_outlived_another |= activation.token in other.within
            try:
                self._tear_down()
            except IncompatibleLibraryError as error:
                return error
        if activation.has_outlived_another and not any(
            other.has_outlived_another for other in self.activations
        ):
            return RuntimeError(
                "This mock_connect was stopped after another one that it was started in. Everything is "
                "restored now. Stop mocks in the reverse order in which they were started, or start each in "
                "a task or thread of its own."
            )
        return None

    def _tear_down(self) -> None:
        """Restore what no active mock needs any more."""
        with ExitStack() as unused:
            if not self.activations:
                unused.push(self._interception.pop_all())
            if not self._has_fake():
                unused.push(self._credentials.pop_all())

    def _has_fake(self) -> bool:
        return any(activation.mock.settings.credentials == "fake" for activation in self.activations)

    def innermost(self) -> ConnectMock | None:
        """Return the mock that answers the current task or thread, or None where no mock is active.

        It is the latest mock that the task or thread started or was started in. Without one, as in a thread
        of a pool, it is the latest mock of the process.
        """
        activations, here = self.activations, _here.get()
        for activation in reversed(activations):
            if activation.answers_in(here):
                return activation.mock
        return activations[-1].mock if activations else None


_active = _ActiveMocks()

_here: ContextVar[tuple[object, ...]] = ContextVar("connect_batchmock_active_mocks", default=())
"""The tokens of the activations that this task or thread started or was started in, the latest last."""


def is_mocked() -> bool:
    """Whether a mock is active."""
    return bool(_active.activations)


@contextmanager
def watched(guard: Guard) -> Iterator[None]:
    """Connect a guard with the mocks: it rests while a mock is active, and refuses what outlives a mock."""
    guard.watch(is_mocked)
    _active.guards = (*_active.guards, guard)
    try:
        yield
    finally:
        _active.guards = tuple(other for other in _active.guards if other is not guard)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Report mocks to this observer only: an earlier observer belongs to an outer test run."""
    _active.observers = (*_active.observers, observer)
    try:
        yield
    finally:
        _active.observers = tuple(other for other in _active.observers if other is not observer)


def _handle(request: Request) -> Response | None:
    mock = _active.innermost()
    if mock is not None:
        return mock.handle(request)
    # Without a mock, only a client that was made in a mock still has the handler.
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
    """Return the mock that answers the current task or thread, for decorated functions.

    It is the latest mock that the task or thread started or was started in; without one, the latest mock of
    the process.

    Raises:
        RuntimeError: no mock is active.
    """
    mock = _active.innermost()
    if mock is None:
        raise RuntimeError(
            "No mock_connect is active: use it as a context manager or decorator, or use the fixture "
            "connect_mock. Where it decorates a class, it starts at setUp or setup_method; setUpClass runs "
            "before that."
        )
    return mock


def excuse_active_mocks() -> None:
    """Skip the strictness of the active mocks when they stop, because a test failed or was skipped."""
    for activation in _active.activations:
        activation.is_excused = True


class MockConnect:
    """Activates a mock: as a context manager, by ``start`` and ``stop``, or as a decorator.

    Each activation has a backend of its own. Activations nest, and those of tasks and threads may overlap;
    the innermost activation of a task or thread answers it.
    """

    def __init__(self, settings: ConnectMockSettings) -> None:
        Settings.of(settings)
        self._settings = settings
        self._started: list[_Activation] = []

    def start(self) -> ConnectMock:
        """Activate a new mock, and return it."""
        activation = _Activation(self._settings)
        mock = activation.__enter__()
        self._started.append(activation)
        return mock

    def stop(self) -> None:
        """Stop the mock and restore everything.

        While an exception is being handled, as in the ``finally`` of a failed test, nothing is asserted.

        Raises:
            AssertionError: the mock is strict, and something is left over: a planned fault that never
                happened, a call of an operation without a fake, or a connection that was stopped.
            RuntimeError: the mock is not active, or a mock that it was started in has stopped before it.
                Everything is restored nevertheless.
        """
        __tracebackhide__ = True
        self._take().__exit__(sys.exc_info()[0])

    def release(self) -> None:
        """Stop the mock and restore everything, without asserting strictness.

        Raises:
            RuntimeError: the mock is not active, or a mock that it was started in has stopped before it.
        """
        error = self._take().leave()
        if error is not None:
            raise error

    def assert_strict(self) -> None:
        """Assert what :meth:`stop` asserts, without stopping.

        Raises:
            AssertionError: the mock is strict, and something is left over.
            RuntimeError: the mock is not active.
        """
        __tracebackhide__ = True
        self._own().assert_strict()

    def _take(self) -> _Activation:
        activation = self._own()
        self._started.remove(activation)
        return activation

    def _own(self) -> _Activation:
        """Return the activation of the current task or thread: others may have started the same mock."""
        if not self._started:
            raise RuntimeError(
                "This mock_connect is not active: stop() was called without start(), or twice."
            )
        here = _here.get()
        own = [activation for activation in self._started if activation.token in here]
        return (own or self._started)[-1]

    @property
    def is_started(self) -> bool:
        """Whether the mock was started and has not been stopped."""
        return bool(self._started)

    def __enter__(self) -> ConnectMock:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        __tracebackhide__ = True
        self._take().__exit__(*exception)

    def __call__(self, target: Target) -> Target:
        """Decorate a function, coroutine function, generator function or test class."""
        if isinstance(target, type):
            return decorate_class(self, target)  # type: ignore[no-any-return]  # returns the target
        method: Any = target
        if not callable(method) and not isinstance(method, classmethod):
            raise TypeError(
                f"mock_connect takes settings by keyword, or decorates a function or a class, not {target!r}."
            )
        return decorate_method(lambda: _Activation(self._settings), method)  # type: ignore[no-any-return]  # wraps the target


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
        TypeError: a setting is unknown.
        ValueError: the value of a setting is invalid.
    """
    mock = MockConnect(settings)
    return mock if target is None else mock(target)
