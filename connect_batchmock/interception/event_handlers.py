"""The handlers of botocore's events: an emitter and its copies share them until one of them changes its own.

Each client has a copy of the handlers of its session, hundreds of nodes of a trie, and changes five of them.
Copying them all takes over a third of the time in which botocore makes a client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import wraps
from typing import Any

import botocore.hooks

from connect_batchmock.domain.locks import Lock
from connect_batchmock.interception.patches import replaced_to_save_time

_EMPTY_TRIE: dict[str, Any] = {"_root": {"chunk": None, "children": {}, "values": None}}

# Where botocore lacks the trie, nothing is shared, and no shared trie is made.
_PrefixTrie: Any = getattr(botocore.hooks, "_PrefixTrie", object)


@contextmanager
def shared_handlers() -> Iterator[None]:
    """Make the copies of emitters share the handlers, also with the copies that are made of them later."""
    if getattr(_PrefixTrie(), "__dict__", None) != _EMPTY_TRIE:
        yield
        return
    with replaced_to_save_time(_PrefixTrie, "__copy__", _share):
        yield


def _share(original: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(original)
    def __copy__(trie: Any) -> Any:
        if type(trie) is not _PrefixTrie:
            return original(trie)
        # From now on, the original copies what it changes, too.
        trie.__class__ = SharedTrie
        return copy(trie)

    return __copy__


class SharedTrie(_PrefixTrie):  # type: ignore[misc]  # botocore has no types
    """A trie whose nodes belong to other tries as well: it changes copies of those on the way to a key."""

    _root: dict[str, Any]
    _changing = Lock(RuntimeError)

    def __copy__(self) -> SharedTrie:
        trie = SharedTrie()
        trie._root = self._root
        return trie

    def append_item(self, key: str, *args: Any, **kwargs: Any) -> None:
        """Add an item to a key."""
        with self._changing:
            self._root = _with_own_nodes(self._root, key)
            super().append_item(key, *args, **kwargs)

    def remove_item(self, key: str, value: Any) -> None:
        """Remove an item of a key."""
        with self._changing:
            self._root = _with_own_nodes(self._root, key)
            super().remove_item(key, value)


def _with_own_nodes(root: dict[str, Any], key: str) -> dict[str, Any]:
    """Return a trie in which the nodes on the way to a key are copies, in the order of their members."""
    own = node = dict(root)
    for part in key.split("."):
        children = node["children"] = dict(node["children"])
        if part not in children:
            break
        child = children[part]
        node = children[part] = {**child, "values": copy(child["values"])}
    return own
