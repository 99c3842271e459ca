"""The criteria with which resources of an instance are searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from connect_batchmock._text import listed, short
from connect_batchmock.services.errors import InvalidRequestError

R = TypeVar("R")

Criteria = Mapping[str, Any]
"""The ``SearchCriteria`` of a search, or a condition in them."""

_MIN_CONTAINS, _MAX_CONTAINS = 2, 25
"""The minimum and maximum length of a text that CONTAINS searches for."""

_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "STARTS_WITH": str.startswith,
    "CONTAINS": str.__contains__,
    "EXACT": str.__eq__,
}


@dataclass(frozen=True)
class ResourceSearch(Generic[R]):
    """How an operation searches resources of one kind.

    Args:
        operation: the operation.
        fields: the function that reads a text of a resource, by the ``FieldName`` of a ``StringCondition``.
        conditions: the function that says whether a resource meets another condition, by its name.
    """

    operation: str
    fields: Mapping[str, Callable[[R], str]]
    conditions: Mapping[str, Callable[[R, Any], bool]] = field(default_factory=dict)

    def check(self, criteria: Criteria) -> None:
        """Check that the operation can search by these criteria.

        Raises:
            InvalidRequestError: a criterion is invalid.
        """
        if "StringCondition" in criteria:
            self._check_string(criteria["StringCondition"])
        for nested in (*criteria.get("OrConditions", []), *criteria.get("AndConditions", [])):
            self.check(nested)

    def _check_string(self, condition: Criteria) -> None:
        name, value = condition.get("FieldName"), condition.get("Value", "")
        if name not in self.fields:
            raise InvalidRequestError(
                f"{self.operation} cannot search by the FieldName {short(name)}; use one of "
                f"{listed(list(self.fields))}."
            )
        has_valid_length = _MIN_CONTAINS <= len(value) <= _MAX_CONTAINS
        if condition.get("ComparisonType") == "CONTAINS" and not has_valid_length:
            raise InvalidRequestError(
                f"CONTAINS needs a Value of {_MIN_CONTAINS} to {_MAX_CONTAINS} characters, and "
                f"{short(value)} has {len(value)}; use STARTS_WITH or EXACT for other lengths."
            )

    def matches(self, resource: R, criteria: Criteria) -> bool:
        """Whether a resource meets all criteria."""
        return all(self._meets(resource, name, condition) for name, condition in criteria.items())

    def _meets(self, resource: R, name: str, condition: Any) -> bool:
        if name == "StringCondition":
            compare = _COMPARISONS[condition.get("ComparisonType", "EXACT")]
            return compare(self.fields[condition["FieldName"]](resource), condition.get("Value", ""))
        if name == "OrConditions":
            return not condition or any(self.matches(resource, nested) for nested in condition)
        if name == "AndConditions":
            return all(self.matches(resource, nested) for nested in condition)
        return self.conditions[name](resource, condition)
