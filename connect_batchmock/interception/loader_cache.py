"""A cache of what botocore computes for every session and client with the same result.

Reading and parsing the service models takes most of the time of a test that makes a client of its own. While
a mock is active, sessions and clients share what is never modified: data of the installed packages and the
models that are made of it, names of events, and the methods of client classes. (botocore itself writes into
its model of S3 when a path is first needed, the same for all clients.) The private names of botocore that
this module replaces only save time: where botocore lacks one, the cache that needs it is left out.
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

from connect_batchmock.interception.patches import replaced_to_save_time
from connect_batchmock.protocol.model import loader


@contextmanager
def shared_data() -> Iterator[None]:
    """Make the sessions and clients that are created within share data, models, event names and methods."""
    with ExitStack() as restore:
        creator = botocore.client.ClientCreator
        for owner, name, make in (
            (botocore.session, "create_loader", _share_loader),
            (botocore.hooks.EventAliaser, "__init__", _share_event_names),
            (creator, "_load_service_model", _share_models),
            (creator, "_create_methods", _share_methods),
        ):
            restore.enter_context(replaced_to_save_time(owner, name, make))
        yield


class SessionLoader(Loader):  # type: ignore[misc]  # botocore has no types
    """A loader of botocore's data with search paths of its own, whose content is shared between sessions."""

    def __init__(self) -> None:
        super().__init__(file_loader=loader().file_loader)

    @property
    def _cache(self) -> dict[Any, Any]:
        return _cache_for(tuple(self.search_paths))

    @_cache.setter
    def _cache(self, empty: dict[Any, Any]) -> None:
        """Ignore the empty cache that botocore sets at first."""


# Caches of data from the installed packages, as the models are.
@cache
def _cache_for(paths: tuple[str, ...]) -> dict[Any, Any]:
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


def _share_loader(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def create_loader(search_path_string: str | None = None) -> Any:
        # A user's own data may change between sessions.
        return SessionLoader() if search_path_string is None else original(search_path_string)

    return create_loader


def _share_event_names(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def __init__(aliaser: Any, event_emitter: Any, event_aliases: dict[str, str] | None = None) -> None:
        original(aliaser, event_emitter, event_aliases)
        if getattr(aliaser, "_event_aliases", None) == botocore.hooks.EVENT_ALIASES:
            aliaser._alias_name_cache = _event_names()

    return __init__


def _share_models(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def load_service_model(creator: Any, service_name: str, api_version: str | None = None) -> Any:
        model = original(creator, service_name, api_version)
        description = getattr(model, "_service_description", None)
        if description is None or not _has_shared_data(creator):
            return model
        # A model holds its description, so no other description gets the same id while the model is cached.
        return _models().setdefault((service_name, id(description)), model)

    return load_service_model


def _share_methods(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def create_methods(creator: Any, service_model: Any) -> dict[str, Any]:
        if not _has_shared_data(creator):
            return original(creator, service_model)  # type: ignore[no-any-return]  # botocore has no types
        key = type(creator), service_model
        if key not in _methods():
            _methods()[key] = original(creator, service_model)
        # Handlers add to the attributes of a client class.
        return dict(_methods()[key])

    return create_methods


def _has_shared_data(creator: Any) -> bool:
    return isinstance(getattr(creator, "_loader", None), SessionLoader)
