"""Invalid values: valid requests with a single mutation, and the error that the service answers with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st


class InvalidValue(dict[str, Any]):
    """An invalid item of a batch, or invalid parameters of an operation; the value has a single defect.

    It is a dict that a client can send without changes.

    Attributes:
        expected_reason: the failure code of the item, or the code of the error that the operation raises.
        reason: a description of the defect.
    """

    def __init__(self, members: Mapping[str, Any], expected_reason: str, reason: str) -> None:
        super().__init__(members)
        self.expected_reason = expected_reason
        self.reason = reason

    def __repr__(self) -> str:
        return f"InvalidValue({super().__repr__()}, {self.expected_reason!r}, {self.reason!r})"


class Mutation(NamedTuple):
    """A change that makes a valid item invalid.

    Args:
        expected_reason: the failure code of the changed item.
        reason: a description of the defect.
        changes: strategies for the replaced members, by name; None for a removed member.
    """

    expected_reason: str
    reason: str
    changes: Mapping[str, st.SearchStrategy[Any] | None]


@st.composite
def mutated(
    draw: st.DrawFn,
    valid: st.SearchStrategy[dict[str, Any]],
    mutations: Sequence[Mutation],
) -> InvalidValue:
    """Generate a valid item with one of the mutations; the first mutation is the simplest."""
    item = draw(valid)
    mutation = draw(st.sampled_from(mutations))
    for name, values in mutation.changes.items():
        item.pop(name, None)
        if values is not None:
            item[name] = draw(values)
    return InvalidValue(item, mutation.expected_reason, mutation.reason)


_MAX_LENGTH = 1000
"""The greatest maximum length that an invalid string exceeds; a longer string would be unreadable."""


def invalid_copies(shape: Any, value: Any) -> Iterator[Any]:
    """Yield copies of a valid value, each of which breaks one constraint of its shape."""
    if shape.type_name == "string":
        yield from _invalid_strings(shape, value)
    elif shape.type_name == "list":
        max_size = shape.metadata.get("max")
        if max_size is not None and value:
            yield (value * (max_size + 1))[: max_size + 1]
        for index, item in enumerate(value):
            for invalid_item in invalid_copies(shape.member, item):
                yield [*value[:index], invalid_item, *value[index + 1 :]]
    elif isinstance(value, Mapping):
        members = shape.members if shape.type_name == "structure" else dict.fromkeys(value, shape.value)
        for name, member in value.items():
            yield from ({**value, name: invalid} for invalid in invalid_copies(members[name], member))


def _invalid_strings(shape: Any, value: str) -> Iterator[str]:
    max_length = shape.metadata.get("max")
    if max_length is not None and max_length <= _MAX_LENGTH:
        yield value.ljust(max_length + 1, "0")
    if shape.metadata.get("enum"):
        yield f"{value}_"
