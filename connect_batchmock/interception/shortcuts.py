"""The private names of host libraries that only save time: a library may lack each of them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any


@dataclass(frozen=True)
class Shortcut:
    """A private name, and what is left out where a library lacks it.

    Args:
        module: the module of the library.
        name: a function of the module, or a class of it with a method or with an attribute that ``__init__``
            sets.
        saves: what it saves.
    """

    module: str
    name: str
    saves: str

    @property
    def library(self) -> str:
        """The name of the distribution."""
        return self.module.partition(".")[0]

    def is_available(self) -> bool:
        """Whether the installed library has it."""
        owner, _, attribute = self.name.rpartition(".")
        module: Any = import_module(self.module)
        if not owner:
            return hasattr(module, attribute)
        kind: type = getattr(module, owner, object)
        return attribute in vars(kind) or attribute in _set_by(kind)


def _set_by(kind: type) -> set[str]:
    """Return the names that the initialization of a class uses; no instance is made."""
    methods = [
        inspect.unwrap(vars(base)["__init__"]) for base in kind.__mro__[:-1] if "__init__" in vars(base)
    ]
    return {name for method in methods for name in method.__code__.co_names}


_DATA = "sessions share what they read of botocore's data"
_MODELS = "clients share the models of their services"
_METHODS = "clients share the methods of their classes"
_EVENTS = "sessions share the names of events"
_HANDLERS = "clients share the handlers of their session"
_TLS = "a client sets up TLS when it first connects"
_WAITS = "a client does not wait before it retries"
_ATTACHED_WAITS = "an attached client does not wait before it retries"

SHORTCUTS = (
    Shortcut("botocore.session", "create_loader", _DATA),
    Shortcut("botocore.loaders", "Loader._cache", _DATA),
    Shortcut("botocore.client", "ClientCreator._load_service_model", _MODELS),
    Shortcut("botocore.client", "ClientCreator._loader", _MODELS),
    Shortcut("botocore.model", "ServiceModel._service_description", _MODELS),
    Shortcut("botocore.client", "ClientCreator._create_methods", _METHODS),
    Shortcut("botocore.hooks", "EventAliaser._event_aliases", _EVENTS),
    Shortcut("botocore.hooks", "EventAliaser._alias_name_cache", _EVENTS),
    Shortcut("botocore.hooks", "_PrefixTrie", _HANDLERS),
    Shortcut("botocore.hooks", "_PrefixTrie._root", _HANDLERS),
    Shortcut("botocore.hooks", "accepts_kwargs", "the signature of a handler is not inspected"),
    Shortcut("botocore.httpsession", "URLLib3Session._get_ssl_context", _TLS),
    Shortcut("botocore.httpsession", "URLLib3Session._manager", _TLS),
    Shortcut("botocore.endpoint", "get_environ_proxies", "a proxy is looked up only if a variable names it"),
    Shortcut(
        "botocore.useragent", "sanitize_user_agent_string_component", "words of the user agent are remembered"
    ),
    Shortcut("botocore.endpoint", "Endpoint._needs_retry", _WAITS),
    Shortcut("botocore.endpoint", "Endpoint._event_emitter", _WAITS),
    Shortcut("botocore.retries.adaptive", "ClientRateLimiter._enabled", f"{_WAITS} in adaptive mode"),
    Shortcut("botocore.client", "BaseClient._endpoint", _ATTACHED_WAITS),
    Shortcut("aiobotocore.endpoint", "AioEndpoint._needs_retry", _WAITS),
    Shortcut("aiobotocore.endpoint", "AioEndpoint._event_emitter", _WAITS),
    Shortcut("aiobotocore.retries.adaptive", "AsyncClientRateLimiter._enabled", f"{_WAITS} in adaptive mode"),
)


def left_out() -> Iterator[str]:
    """Yield a line for each shortcut that the installed libraries do not have."""
    for shortcut in SHORTCUTS:
        if find_spec(shortcut.library) is not None and not shortcut.is_available():
            library = f"{shortcut.library} {version(shortcut.library)}"
            yield f"left out, as {library} has no {shortcut.name}: {shortcut.saves}"
