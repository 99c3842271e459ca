"""What botocore works out anew for every session and client, though it comes out the same each time.

While a mock is active it is worked out once: reading and parsing the service models alone takes most of the
time that a test with a client of its own takes. Only what nobody changes is shared: data of the installed
packages and the models that are made of it, names of events, and the methods of client classes. (What
botocore itself writes into its model of S3, when a path is first asked for, is the same for all clients.)
Private names of botocore are touched here, too. Where one is not there, nothing is shared that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, wraps
from typing import Any

import botocore.client
import botocore.hooks
import botocore.session
from botocore.loaders import Loader

from connect_batchmock.interception.import_hooks import replaced_to_save_time
from connect_batchmock.protocol.model import loader


@contextmanager
def shared_data() -> Iterator[None]:
    """Let the sessions and clients that are made within share what they would each work out."""
    with ExitStack() as restore:
        creator = botocore.client.ClientCreator
        for owner, name, make in (
            (botocore.session, "create_loader", _sharing_loader),
            (botocore.hooks.EventAliaser, "__init__", _sharing_names),
            (creator, "_load_service_model", _sharing_models),
            (creator, "_create_methods", _sharing_methods),
        ):
            restore.enter_context(replaced_to_save_time(owner, name, make))
        yield


class SessionLoader(Loader):  # type: ignore[misc]  # botocore has no types
    """A session's loader of botocore's data: its search paths are its own, what is found there is shared."""

    def __init__(self) -> None:
        super().__init__(file_loader=loader().file_loader)

    @property
    def _cache(self) -> dict[Any, Any]:
        return _found_in(tuple(self.search_paths))

    @_cache.setter
    def _cache(self, nothing: dict[Any, Any]) -> None:
        """Leave what was found where it is; botocore begins with nothing."""


# Memos of what is read from the installed packages, like the models themselves.
@cache
def _found_in(paths: tuple[str, ...]) -> dict[Any, Any]:
    return {}


@cache
def _event_names() -> dict[str, str]:
    return {}


@cache
def _models() -> dict[tuple[str, int], Any]:
    return {}


@cache
def _methods() -> dict[tuple[type, Any], dict[str, Any]]:
    return {}


def _sharing_loader(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def create_loader(search_path_string: str | None = None) -> Any:
        # Data of the user's own may be another the next time.
        return SessionLoader() if search_path_string is None else original(search_path_string)

    return create_loader


def _sharing_names(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def __init__(aliaser: Any, event_emitter: Any, event_aliases: dict[str, str] | None = None) -> None:
        original(aliaser, event_emitter, event_aliases)
        if getattr(aliaser, "_event_aliases", None) == botocore.hooks.EVENT_ALIASES:
            aliaser._alias_name_cache = _event_names()

    return __init__


def _sharing_models(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def load_service_model(creator: Any, service_name: str, api_version: str | None = None) -> Any:
        made = original(creator, service_name, api_version)
        description = getattr(made, "_service_description", None)
        if description is None or not _has_shared_data(creator):
            return made
        # A model keeps its description: while it is here, no other description has the same id.
        return _models().setdefault((service_name, id(description)), made)

    return load_service_model


def _sharing_methods(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def create_methods(creator: Any, service_model: Any) -> dict[str, Any]:
        if not _has_shared_data(creator):
            return original(creator, service_model)  # type: ignore[no-any-return]  # botocore has no types
        key = type(creator), service_model
        if key not in _methods():
            _methods()[key] = original(creator, service_model)
        # Handlers add to the attributes of the class that is made of them.
        return dict(_methods()[key])

    return create_methods


def _has_shared_data(creator: Any) -> bool:
    return isinstance(getattr(creator, "_loader", None), SessionLoader)
