"""Libraries that an application may load later than a mock starts: ours follows at once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

Do = Callable[[], None]


@contextmanager
def when_imported(module: str, do: Do) -> Iterator[None]:
    """Do something once a module is loaded: now if it is already, else right after it has been executed."""
    if _is_loaded(module):
        do()
        yield
        return
    finder = _Finder(module, do)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


def _is_loaded(module: str) -> bool:
    # A module stands in sys.modules while it is being executed, too.
    found = sys.modules.get(module)
    return found is not None and not getattr(found.__spec__, "_initializing", False)


class _Finder(MetaPathFinder):
    """Finds one module as the finders after it do."""

    def __init__(self, module: str, do: Do) -> None:
        self._module = module
        self._do = do

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._module:
            return None
        others = (finder for finder in sys.meta_path if not isinstance(finder, _Finder))
        found = (finder.find_spec(fullname, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader, self._finders_for(fullname))
        return spec

    def _finders_for(self, module: str) -> list[_Finder]:
        return [one for one in sys.meta_path if isinstance(one, _Finder) and one._module == module]

    def loaded(self) -> None:
        """Do what was to be done."""
        self._do()


class _Loader(Loader):
    """Loads a module as its own loader does, and tells those who wait for it."""

    def __init__(self, loader: Loader, waiting: Sequence[_Finder]) -> None:
        self._loader = loader
        self._waiting = waiting

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        # The module is to look as if nobody had waited for it.
        assert module.__spec__ is not None, "a module that is found has a specification"
        module.__loader__ = module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        for finder in self._waiting:
            finder.loaded()
