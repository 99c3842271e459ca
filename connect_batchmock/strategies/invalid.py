"""What the service refuses for one thing, with the code that it refuses it with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st


class InvalidValue(dict[str, Any]):
    """An item of a batch, or the parameters of a call, that would be valid but for one thing.

    It is a dict, to be sent as it is.

    Attributes:
        expected_reason: the code that it is refused with: for an item that of the entry in the list of what
            failed, for parameters that of the error of the whole call.
        reason: what is wrong, in words.
    """

    def __init__(self, members: Mapping[str, Any], expected_reason: str, reason: str) -> None:
        super().__init__(members)
        self.expected_reason = expected_reason
        self.reason = reason

    def __repr__(self) -> str:
        return f"InvalidValue({super().__repr__()}, {self.expected_reason!r}, {self.reason!r})"


class Mutation(NamedTuple):
    """A way to spoil an item.

    Args:
        expected_reason: the code that it is refused with then.
        reason: what is wrong then, in words.
        changes: strategies for the members that are replaced, by name; None for those that are taken away.
    """

    expected_reason: str
    reason: str
    changes: Mapping[str, st.SearchStrategy[Any] | None]


@st.composite
def mutated(
    draw: st.DrawFn,
    valid: st.SearchStrategy[dict[str, Any]],
    ways: Sequence[Mutation],
) -> InvalidValue:
    """Return items that are spoilt in one of the ways; the first is the simplest."""
    item = draw(valid)
    way = draw(st.sampled_from(ways))
    for name, values in way.changes.items():
        item.pop(name, None)
        if values is not None:
            item[name] = draw(values)
    return InvalidValue(item, way.expected_reason, way.reason)


_MAX_TEXT = 1000
"""What breaks a greater length is not shown: nobody could read it."""


def violations_of(shape: Any, value: Any) -> Iterator[Any]:
    """Yield copies of a valid value, each of which breaks one constraint of its shape."""
    if shape.type_name == "string":
        yield from _broken_strings(shape, value)
    elif shape.type_name == "list":
        most = shape.metadata.get("max")
        if most is not None and value:
            yield (value * (most + 1))[: most + 1]
        for index, item in enumerate(value):
            yield from (
                [*value[:index], one, *value[index + 1 :]] for one in violations_of(shape.member, item)
            )
    elif isinstance(value, Mapping):
        members = shape.members if shape.type_name == "structure" else dict.fromkeys(value, shape.value)
        for name, item in value.items():
            yield from ({**value, name: one} for one in violations_of(members[name], item))


def _broken_strings(shape: Any, value: str) -> Iterator[str]:
    most = shape.metadata.get("max")
    if most is not None and most <= _MAX_TEXT:
        yield value.ljust(most + 1, "0")
    if shape.metadata.get("enum"):
        yield f"{value}_"
