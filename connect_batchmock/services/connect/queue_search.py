"""Which queues a search finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from connect_batchmock import explain
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.errors import Invalid

Condition = Mapping[str, Any]

_LEAST_CONTAINED, _MOST_CONTAINED = 2, 25


def check(criteria: Condition) -> None:
    """See whether criteria can be searched by.

    Raises:
        Invalid: they cannot; the sentence says why.
    """
    if "StringCondition" in criteria:
        _check_string(criteria["StringCondition"])
    for one in (*criteria.get("OrConditions", []), *criteria.get("AndConditions", [])):
        check(one)


def meets(queue: Queue, criteria: Condition) -> bool:
    """Whether a queue meets all of these criteria, the model's ``QueueSearchCriteria``."""
    return all(_CRITERIA[name](queue, given) for name, given in criteria.items())


def _check_string(condition: Condition) -> None:
    field, value = condition.get("FieldName"), condition.get("Value", "")
    if field not in _FIELDS:
        raise Invalid(explain.no_such_search_field(field, list(_FIELDS)))
    fits = _LEAST_CONTAINED <= len(value) <= _MOST_CONTAINED
    if condition.get("ComparisonType") == "CONTAINS" and not fits:
        raise Invalid(explain.cannot_search_for(value, _LEAST_CONTAINED, _MOST_CONTAINED))


def _string_is_met(queue: Queue, condition: Condition) -> bool:
    compare = _COMPARISONS[condition.get("ComparisonType", "EXACT")]
    return compare(_FIELDS[condition["FieldName"]](queue), condition.get("Value", ""))


_FIELDS: Mapping[str, Callable[[Queue], str]] = {
    "name": lambda queue: queue.name,
    "description": lambda queue: queue.description or "",
    "resourceID": lambda queue: queue.id,
}

_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "STARTS_WITH": str.startswith,
    "CONTAINS": str.__contains__,
    "EXACT": str.__eq__,
}

_CRITERIA: Mapping[str, Callable[[Queue, Any], bool]] = {
    "OrConditions": lambda queue, given: not given or any(meets(queue, one) for one in given),
    "AndConditions": lambda queue, given: all(meets(queue, one) for one in given),
    "StringCondition": _string_is_met,
    "QueueTypeCondition": lambda queue, given: given == "STANDARD",
}
