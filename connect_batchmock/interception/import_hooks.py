"""Libraries that an application may load later than a mock starts: ours follows once they are whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import version
from threading import Lock
from types import ModuleType
from typing import Any

from connect_batchmock.domain.errors import ConnectBatchmockError

Do = Callable[[], None]


@contextmanager
def when_imported(module: str, do: Do, *, needs: Sequence[str] = ()) -> Iterator[None]:
    """Do something once a module is loaded: now if it is already, else right after it has been executed.

    It is done while none of the modules is half executed; one that is not loaded at all may be loaded by it.
    What fails within the import of somebody else does not break that import. It is tried again after the
    next import, and raised on leaving if it never succeeded.

    Args:
        module: the module that is waited for.
        do: what to do.
        needs: other modules that must not be half executed when it is done.
    """
    if is_loaded(module) and not any(map(_is_half_executed, needs)):
        do()
        yield
        return
    finder = _Finder(module, do, needs)
    # Who replaces or restores the list meanwhile may have taken it away, and at the very end there is none.
    finders = sys.meta_path
    finders.insert(0, finder)
    try:
        finder.watch_what_is_half_executed()
        yield
    finally:
        with suppress(ValueError):
            finders.remove(finder)
    finder.raise_failure()


def is_loaded(module: str) -> bool:
    """Whether a module is loaded and has been executed to its end."""
    return _is_there(module) and not _is_half_executed(module)


def _is_there(module: str) -> bool:
    # What a test has put there in place of a module has no specification.
    return isinstance(_spec_of(module), ModuleSpec)


def _is_half_executed(module: str) -> bool:
    # A module stands in sys.modules while it is being executed, too.
    return getattr(_spec_of(module), "_initializing", False) is True


def _spec_of(module: str) -> Any:
    return getattr(sys.modules.get(module), "__spec__", None)


class _Finder(MetaPathFinder):
    """Finds modules as the finders after it do, and has them tell when they have been executed."""

    def __init__(self, module: str, do: Do, needs: Sequence[str]) -> None:
        self._module = module
        self._modules = (module, *needs)
        self._packages = {name.partition(".")[0] for name in self._modules}
        self._do = do
        self._is_done = False
        self._failure: Exception | None = None
        self._turn = Lock()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if self._is_done or fullname.partition(".")[0] not in self._packages:
            return None
        others = (finder for finder in sys.meta_path if not isinstance(finder, _Finder))
        found = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        _watch(spec)
        return spec

    def watch_what_is_half_executed(self) -> None:
        """Have modules tell that are being executed now, by whoever imports them."""
        for name in filter(_is_half_executed, self._modules):
            _watch(_spec_of(name))
        # Another thread may have come to their end in between.
        self.attempt()

    def attempt(self, executed: str | None = None) -> None:
        """Do what was to be done if all modules are whole; this one has just been executed to its end."""
        modules = [name for name in self._modules if name != executed]
        if not _is_there(self._module) or any(map(_is_half_executed, modules)):
            return
        # What is done imports modules itself, and other threads import at the same time.
        if self._turn.acquire(blocking=False):
            try:
                self._do_once()
            finally:
                self._turn.release()

    def _do_once(self) -> None:
        if self._is_done:
            return
        try:
            self._do()
        except Exception as failure:
            self._failure = failure
        else:
            self._is_done = True
            self._failure = None

    def raise_failure(self) -> None:
        """Raise what has gone wrong within an import.

        Raises:
            Exception: something has, and it did not go well later.
        """
        if self._failure is not None:
            raise self._failure


class _Watched(ModuleSpec):
    """The specification of a module that tells when the module has been executed.

    The import system marks a specification for as long as its module is being executed. The module and its
    loader are what they are without us.
    """

    @property
    def _initializing(self) -> bool:
        return bool(self.__dict__.get("_initializing", False))

    @_initializing.setter
    def _initializing(self, value: bool) -> None:
        if not value:
            # The mark still stands, so other threads that import the module wait until all is done.
            _tell_of(self.name)
        self.__dict__["_initializing"] = value
        if not value:
            self.__class__ = ModuleSpec  # type: ignore[assignment]  # there is nothing more to watch


def _watch(spec: ModuleSpec | None) -> None:
    # A finder that makes specifications of a class of its own keeps them.
    if type(spec) is ModuleSpec:
        spec.__class__ = _Watched


def _tell_of(executed: str) -> None:
    # The oldest first: who came later stands before him, as if the module had been there from the start.
    for finder in reversed(sys.meta_path):
        if isinstance(finder, _Finder):
            finder.attempt(executed)


Make = Callable[[Any], Any]


class IncompatibleLibraryError(ConnectBatchmockError, RuntimeError):
    """A host library lacks a private name that this version of connect_batchmock cannot do without.

    Args:
        library: the name of the library, under which it is installed.
        reason: what is missing.
    """

    def __init__(self, library: str, reason: str) -> None:
        super().__init__(
            f"connect_batchmock {version('connect-batchmock')} does not work with {library} "
            f"{version(library)}: {reason.rstrip('.')}. Install a newer connect_batchmock, or another "
            f"version of {library}."
        )


def needed(owner: Any, name: str) -> Any:
    """Return an attribute of something of a host library.

    Raises:
        IncompatibleLibraryError: it has no such attribute.
    """
    try:
        return getattr(owner, name)
    except AttributeError:
        raise IncompatibleLibraryError(_library_of(owner), f"{_path_of(owner)} has no {name}") from None


@contextmanager
def replaced(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace a method of a class, or a function of a module, with what ``make`` returns for it.

    Raises:
        IncompatibleLibraryError: the owner has no such method or function of its own.
    """
    if name not in vars(owner):
        raise IncompatibleLibraryError(_library_of(owner), f"{_path_of(owner)} has no {name}")
    with overridden(owner, name, make):
        yield


@contextmanager
def overridden(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace a method that a class has or inherits, or a function of a module, as :func:`replaced` does."""
    is_own = name in vars(owner)
    original = getattr(owner, name)
    replacement = make(original)
    setattr(owner, name, replacement)
    try:
        yield
    finally:
        # A later patch that still stands keeps its place. It calls our replacement, which then does nothing.
        if vars(owner).get(name) is replacement:
            if is_own:
                setattr(owner, name, original)
            else:
                delattr(owner, name)


@contextmanager
def replaced_to_save_time(owner: type | ModuleType, name: str, make: Make) -> Iterator[None]:
    """Replace it where it is there: without, all is as right and takes longer.

    What is left out is listed by ``connect-batchmock --version``.
    """
    if name not in vars(owner):
        yield
        return
    with replaced(owner, name, make):
        yield


def _library_of(owner: Any) -> str:
    return _path_of(owner).partition(".")[0]


def _path_of(owner: Any) -> str:
    if isinstance(owner, ModuleType):
        return owner.__name__
    kind = owner if isinstance(owner, type) else type(owner)
    return f"{kind.__module__}.{kind.__qualname__}"
