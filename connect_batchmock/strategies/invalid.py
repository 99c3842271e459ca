"""What the service refuses for one thing, with the code that it refuses it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st


class NearlyValid(dict[str, Any]):
    """An item of a batch, or the parameters of a call, that would be valid but for one thing.

    It is a dict, to be sent as it is.

    Attributes:
        expected_reason: the code that it is refused with: for an item that of the entry in the list of what
            failed, for parameters that of the error of the whole call.
        because: what is wrong, in words.
    """

    def __init__(self, members: Mapping[str, Any], expected_reason: str, because: str) -> None:
        super().__init__(members)
        self.expected_reason = expected_reason
        self.because = because

    def __repr__(self) -> str:
        return f"NearlyValid({super().__repr__()}, {self.expected_reason!r}, {self.because!r})"


class Way(NamedTuple):
    """A way to spoil an item.

    Args:
        reason: the code that it is refused with then.
        because: what is wrong then, in words.
        changes: strategies for the members that are replaced, by name; None for those that are taken away.
    """

    reason: str
    because: str
    changes: Mapping[str, st.SearchStrategy[Any] | None]


@st.composite
def spoilt(
    draw: st.DrawFn,
    valid: st.SearchStrategy[dict[str, Any]],
    ways: Sequence[Way],
) -> NearlyValid:
    """Return items that are spoilt in one of the ways; the first is the simplest."""
    item = draw(valid)
    way = draw(st.sampled_from(ways))
    for name, values in way.changes.items():
        item.pop(name, None)
        if values is not None:
            item[name] = draw(values)
    return NearlyValid(item, way.reason, way.because)
