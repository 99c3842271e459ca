"""Import hooks: they act on libraries that an application imports after a mock has started."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from threading import Lock
from types import ModuleType
from typing import Any

Action = Callable[[], None]


@contextmanager
def when_imported(module: str, action: Action, *, needs: Sequence[str] = ()) -> Iterator[None]:
    """Call an action once a module is loaded: now if it is loaded, else right after it has been executed.

    The action runs while none of the modules is partially executed; it may import further modules.
    An action that fails does not break the import that triggered it: it runs again after the next import, and
    the exception is raised on exit if it never succeeded.

    Args:
        module: the module to wait for.
        action: what to call.
        needs: other modules that must not be partially executed when the action runs.

    Raises:
        Exception: the last exception of the action, if it never succeeded.
    """
    if is_loaded(module) and not any(map(_is_partially_executed, needs)):
        action()
        yield
        return
    finder = _Finder(module, action, needs)
    # Other code may replace or restore the list, and Python clears it at shutdown.
    finders = sys.meta_path
    finders.insert(0, finder)
    try:
        finder.watch_partially_executed()
        yield
    finally:
        with suppress(ValueError):
            finders.remove(finder)
    finder.raise_failure()


def is_loaded(module: str) -> bool:
    """Whether a module is loaded and completely executed."""
    return _is_present(module) and not _is_partially_executed(module)


def _is_present(module: str) -> bool:
    # A stand-in that a test put into sys.modules has no specification.
    return isinstance(_spec_of(module), ModuleSpec)


def _is_partially_executed(module: str) -> bool:
    # A module is in sys.modules while it is being executed, too.
    return getattr(_spec_of(module), "_initializing", False) is True


def _spec_of(module: str) -> Any:
    return getattr(sys.modules.get(module), "__spec__", None)


class _Finder(MetaPathFinder):
    """Finds modules as the finders after it do, and watches for the end of their execution."""

    def __init__(self, module: str, action: Action, needs: Sequence[str]) -> None:
        self._module = module
        self._modules = (module, *needs)
        self._packages = {name.partition(".")[0] for name in self._modules}
        self._action = action
        self._is_done = False
        self._failure: Exception | None = None
        self._lock = Lock()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if self._is_done or fullname.partition(".")[0] not in self._packages:
            return None
        others = (finder for finder in sys.meta_path if not isinstance(finder, _Finder))
        specs = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in specs if spec is not None), None)
        _watch(spec)
        return spec

    def watch_partially_executed(self) -> None:
        """Watch the modules that are being executed now, in this thread or another."""
        for name in filter(_is_partially_executed, self._modules):
            _watch(_spec_of(name))
        # Another thread may have finished executing them in between.
        self.attempt()

    def attempt(self, executed: str | None = None) -> None:
        """Run the action if all modules are completely executed; ``executed`` is the one that just was."""
        modules = [name for name in self._modules if name != executed]
        if not _is_present(self._module) or any(map(_is_partially_executed, modules)):
            return
        # The action imports modules itself, and other threads import at the same time.
        if self._lock.acquire(blocking=False):
            try:
                self._run_once()
            finally:
                self._lock.release()

    def _run_once(self) -> None:
        if self._is_done:
            return
        try:
            self._action()
        except Exception as failure:
            self._failure = failure
        else:
            self._is_done = True
            self._failure = None

    def raise_failure(self) -> None:
        """Raise the last exception of the action.

        Raises:
            Exception: the action failed, and no later attempt succeeded.
        """
        if self._failure is not None:
            raise self._failure


class _WatchedSpec(ModuleSpec):
    """The specification of a module that notifies the finders when the module has been executed.

    The import system marks a specification as long as its module is being executed. The module and its loader
    stay unchanged.
    """

    @property
    def _initializing(self) -> bool:
        return bool(self.__dict__.get("_initializing", False))

    @_initializing.setter
    def _initializing(self, value: bool) -> None:
        if not value:
            # The mark is still set, so other threads that import the module wait until the actions have run.
            _notify_finders(self.name)
        self.__dict__["_initializing"] = value
        if not value:
            self.__class__ = ModuleSpec  # type: ignore[assignment]  # there is nothing left to watch


def _watch(spec: ModuleSpec | None) -> None:
    # Specifications of another class are left alone.
    if type(spec) is ModuleSpec:
        spec.__class__ = _WatchedSpec


def _notify_finders(executed: str) -> None:
    # The oldest first, so that later patches wrap earlier ones, as if the module had been loaded before.
    for finder in reversed(sys.meta_path):
        if isinstance(finder, _Finder):
            finder.attempt(executed)
