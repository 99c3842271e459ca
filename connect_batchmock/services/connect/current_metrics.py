"""Metrics of the moment: the agents of queues, and the contacts that wait for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.instance import Instance
from connect_batchmock.domain.queue import Queue
from connect_batchmock.services.connect.contact_members import CHANNEL
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page

_MAX_RESULTS = 100
_KNOWN = ("Queues", "Channels", "QUEUE", "CHANNEL")
"""The filters and the groupings about which there is something to tell."""
_BY_DEFAULT = {"SortByMetric": "AGENTS_ONLINE", "SortOrder": "DESCENDING"}


@dataclass(frozen=True)
class _Group:
    """What one result is about.

    Args:
        dimensions: what the contacts and agents that are counted have in common.
        agents: how many agents there are, by their activity.
        contacts: how many contacts wait for an agent.
        age: for how many seconds the first of them has waited.
    """

    dimensions: Mapping[str, Any]
    agents: Counter[str]
    contacts: int
    age: float


def _on_call(group: _Group) -> int:
    return group.agents["ON_CALL"]


def _available(group: _Group) -> int:
    return group.agents["AVAILABLE"]


def _online(group: _Group) -> int:
    return group.agents.total()


def _none(group: _Group) -> int:
    return 0


def _oldest(group: _Group) -> float:
    # Without groupings, Amazon Connect gives milliseconds and calls them seconds.
    return group.age if group.dimensions else group.age * 1000


_METRICS: Mapping[str, tuple[str, Callable[[_Group], float | None]]] = {
    "AGENTS_ONLINE": ("COUNT", _online),
    "AGENTS_STAFFED": ("COUNT", _online),
    "AGENTS_AVAILABLE": ("COUNT", _available),
    "AGENTS_ON_CALL": ("COUNT", _on_call),
    "AGENTS_ON_CONTACT": ("COUNT", _on_call),
    "AGENTS_AFTER_CONTACT_WORK": ("COUNT", lambda group: group.agents["AFTER_CONTACT_WORK"]),
    "AGENTS_NON_PRODUCTIVE": ("COUNT", _none),
    "AGENTS_ERROR": ("COUNT", _none),
    "CONTACTS_IN_QUEUE": ("COUNT", lambda group: group.contacts),
    "CONTACTS_SCHEDULED": ("COUNT", _none),
    "OLDEST_CONTACT_AGE": ("SECONDS", _oldest),
    "SLOTS_ACTIVE": ("COUNT", _on_call),
    "SLOTS_AVAILABLE": ("COUNT", _available),
    # Nobody can tell how long calls are going to last.
    "ESTIMATED_WAIT_TIME": ("SECONDS", lambda group: None),
}
"""The unit of each metric, and its value where it has one."""

_SORTABLE = tuple(name for name in _METRICS if name not in ("SLOTS_ACTIVE", "SLOTS_AVAILABLE"))


def get_current_metric_data(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Count the agents of queues, and the contacts that wait for them.

    Ours: The scope of metrics; The values of metrics.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_GetCurrentMetricData.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    filters, groupings = parameters["Filters"], parameters.get("Groupings", [])
    sort = {**_BY_DEFAULT, **next(iter(parameters.get("SortCriteria", [])), {})}
    refusal = _refusal(filters, groupings, parameters["CurrentMetrics"], sort["SortByMetric"])
    if refusal is not None:
        raise InvalidRequestError(refusal)
    groups = _groups(context, _queues(instance, filters["Queues"]), groupings, filters.get("Channels"))
    _, value = _METRICS[sort["SortByMetric"]]
    groups.sort(key=lambda group: value(group) or 0, reverse=sort["SortOrder"] == "DESCENDING")
    shown, following = page(groups, parameters, most=_MAX_RESULTS)
    return {
        "MetricResults": [_result(group, parameters["CurrentMetrics"]) for group in shown],
        "DataSnapshotTime": context.now,
        "ApproximateTotalCount": len(groups),
        **following,
    }


def _refusal(
    filters: Mapping[str, Any], groupings: Sequence[str], metrics: Sequence[Mapping[str, str]], sort_by: str
) -> str | None:
    """Return what is asked for that this service has no data about, or None."""
    unknown = [name for name in (*filters, *groupings) if name not in _KNOWN]
    if unknown:
        return (
            f"There is nothing to tell by {listed(unknown)}; there are the filters and groupings "
            f"{listed(_KNOWN)}."
        )
    if "Queues" not in filters:
        return "Filters has no Queues; name at least one queue by its id or ARN."
    if sort_by not in _SORTABLE:
        return f"SortCriteria cannot sort by {sort_by}; it can sort by {listed(_SORTABLE)}."
    return next(filter(None, map(_unusable_metric, metrics)), None)


def _unusable_metric(metric: Mapping[str, str]) -> str | None:
    name = metric.get("Name", "")
    if name not in _METRICS:
        return f"There is no metric with the Name {name!r}; there are {listed(tuple(_METRICS))}."
    unit, _ = _METRICS[name]
    is_right = metric.get("Unit", unit) == unit
    return None if is_right else f"The metric {name} has the unit {unit}, not {metric['Unit']}."


def _queues(instance: Instance, given: Sequence[str]) -> list[Queue]:
    """Return queues that are given by their ids or ARNs, each once."""
    ids = dict.fromkeys(one.removeprefix(f"{instance.arn}/queue/") for one in given)
    return [instance.queue(queue_id) for queue_id in ids]


def _groups(
    context: Context, queues: Sequence[Queue], groupings: Sequence[str], channels: Sequence[str] | None
) -> list[_Group]:
    if channels and CHANNEL not in channels:
        return []
    channel = {"Channel": CHANNEL} if "CHANNEL" in groupings else {}
    if "QUEUE" not in groupings:
        return [_group(context, queues, channel)]
    return [
        _group(context, [queue], {"Queue": {"Id": queue.id, "Arn": queue.arn}, **channel}) for queue in queues
    ]


def _group(context: Context, queues: Sequence[Queue], dimensions: Mapping[str, Any]) -> _Group:
    waiting = [context.region.backend.dialer.waiting_for_agents(queue) for queue in queues]
    since = min((one.since for one in waiting if one.since is not None), default=context.now)
    return _Group(
        dimensions,
        agents=Counter(agent.activity for queue in queues for agent in queue.agents),
        contacts=sum(one.contacts for one in waiting),
        age=(context.now - since).total_seconds(),
    )


def _result(group: _Group, metrics: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    dimensions = {"Dimensions": group.dimensions} if group.dimensions else {}
    return {**dimensions, "Collections": [_metric(group, metric["Name"]) for metric in metrics]}


def _metric(group: _Group, name: str) -> dict[str, Any]:
    unit, read = _METRICS[name]
    value = read(group)
    metric = {"Metric": {"Name": name, "Unit": unit}}
    return metric if value is None else {**metric, "Value": value}
