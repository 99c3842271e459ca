"""GetCurrentMetricData: counts the agents of queues and the contacts that wait for an agent."""

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
_SUPPORTED = ("Queues", "Channels", "QUEUE", "CHANNEL")
"""The filters and groupings that the mock has data for."""
_DEFAULT_SORT = {"SortByMetric": "AGENTS_ONLINE", "SortOrder": "DESCENDING"}


@dataclass(frozen=True)
class _MetricGroup:
    """The counted agents and contacts of one result.

    Args:
        dimensions: the dimensions of the result; empty without groupings.
        agents: the number of agents, by their activity.
        contacts: the number of contacts that wait for an agent.
        age: the seconds that the oldest of these contacts has waited.
    """

    dimensions: Mapping[str, Any]
    agents: Counter[str]
    contacts: int
    age: float


def _on_call(group: _MetricGroup) -> int:
    return group.agents["ON_CALL"]


def _available(group: _MetricGroup) -> int:
    return group.agents["AVAILABLE"]


def _staffed(group: _MetricGroup) -> int:
    return _online(group) - group.agents["NON_PRODUCTIVE"]


def _online(group: _MetricGroup) -> int:
    return group.agents.total() - group.agents["OFFLINE"]


def _none(group: _MetricGroup) -> int:
    return 0


def _oldest(group: _MetricGroup) -> float:
    # Without groupings, Amazon Connect gives milliseconds and calls them seconds.
    return group.age if group.dimensions else group.age * 1000


_METRICS: Mapping[str, tuple[str, Callable[[_MetricGroup], float | None]]] = {
    "AGENTS_ONLINE": ("COUNT", _online),
    "AGENTS_STAFFED": ("COUNT", _staffed),
    "AGENTS_AVAILABLE": ("COUNT", _available),
    "AGENTS_ON_CALL": ("COUNT", _on_call),
    "AGENTS_ON_CONTACT": ("COUNT", _on_call),
    "AGENTS_AFTER_CONTACT_WORK": ("COUNT", lambda group: group.agents["AFTER_CONTACT_WORK"]),
    "AGENTS_NON_PRODUCTIVE": ("COUNT", lambda group: group.agents["NON_PRODUCTIVE"]),
    "AGENTS_ERROR": ("COUNT", _none),
    "CONTACTS_IN_QUEUE": ("COUNT", lambda group: group.contacts),
    "CONTACTS_SCHEDULED": ("COUNT", _none),
    "OLDEST_CONTACT_AGE": ("SECONDS", _oldest),
    "SLOTS_ACTIVE": ("COUNT", lambda group: _on_call(group) + group.agents["AFTER_CONTACT_WORK"]),
    "SLOTS_AVAILABLE": ("COUNT", _available),
    # The mock cannot predict how long phone calls last.
    "ESTIMATED_WAIT_TIME": ("SECONDS", lambda group: None),
}
"""The unit of each metric, and the function that returns its value; None stands for no value."""

_SORTABLE = tuple(name for name in _METRICS if name not in ("SLOTS_ACTIVE", "SLOTS_AVAILABLE"))


def get_current_metric_data(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Count the agents of queues and the contacts that wait for an agent.

    Ours: The scope of metrics; The values of metrics.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_GetCurrentMetricData.html.
    """
    instance = context.region.instance(parameters["InstanceId"])
    filters, groupings = parameters["Filters"], parameters.get("Groupings", [])
    sort = {**_DEFAULT_SORT, **next(iter(parameters.get("SortCriteria", [])), {})}
    _check_filters(filters, groupings)
    if sort["SortByMetric"] not in _SORTABLE:
        raise InvalidRequestError(
            f"SortCriteria cannot sort by {sort['SortByMetric']}; it can sort by {listed(_SORTABLE)}."
        )
    for metric in parameters["CurrentMetrics"]:
        _check_metric(metric)
    groups = _groups(
        context, _known_queues(context, instance, filters["Queues"]), groupings, filters.get("Channels")
    )
    _, value = _METRICS[sort["SortByMetric"]]
    groups.sort(key=lambda group: value(group) or 0, reverse=sort["SortOrder"] == "DESCENDING")
    groups_on_page, next_token = page(groups, parameters, default_size=_MAX_RESULTS)
    return {
        "MetricResults": [_result(group, parameters["CurrentMetrics"]) for group in groups_on_page],
        "DataSnapshotTime": context.now,
        "ApproximateTotalCount": len(groups),
        **next_token,
    }


def _check_filters(filters: Mapping[str, Any], groupings: Sequence[str]) -> None:
    unsupported = [name for name in (*filters, *groupings) if name not in _SUPPORTED]
    if unsupported:
        raise InvalidRequestError(
            f"The mock has no metrics by {listed(unsupported)}; use the filters and groupings "
            f"{listed(_SUPPORTED)}."
        )
    if "Queues" not in filters:
        raise InvalidRequestError("Filters has no Queues; give the id or ARN of at least one queue.")


def _check_metric(metric: Mapping[str, str]) -> None:
    name = metric.get("Name", "")
    if name not in _METRICS:
        raise InvalidRequestError(
            f"GetCurrentMetricData has no metric {name!r}; use one of {listed(tuple(_METRICS))}."
        )
    unit, _ = _METRICS[name]
    if metric.get("Unit", unit) != unit:
        raise InvalidRequestError(f"The metric {name} has the unit {unit}, not {metric['Unit']}.")


def _known_queues(context: Context, instance: Instance, ids_or_arns: Sequence[str]) -> list[Queue]:
    """Return the queues that have these ids or ARNs, each queue once, without those that have no data."""
    ids = dict.fromkeys(id_or_arn.removeprefix(f"{instance.arn}/queue/") for id_or_arn in ids_or_arns)
    queues = [instance.queues[queue_id] for queue_id in ids if queue_id in instance.queues]
    dialer = context.region.backend.dialer
    return [queue for queue in queues if queue.staff.agents or dialer.waiting_for_agents(queue).contacts]


def _groups(
    context: Context, queues: Sequence[Queue], groupings: Sequence[str], channels: Sequence[str] | None
) -> list[_MetricGroup]:
    if not queues or (channels and CHANNEL not in channels):
        return []
    channel = {"Channel": CHANNEL} if "CHANNEL" in groupings else {}
    if "QUEUE" not in groupings:
        return [_group(context, queues, channel)]
    return [
        _group(context, [queue], {"Queue": {"Id": queue.id, "Arn": queue.arn}, **channel}) for queue in queues
    ]


def _group(context: Context, queues: Sequence[Queue], dimensions: Mapping[str, Any]) -> _MetricGroup:
    waiting_contacts = [context.region.backend.dialer.waiting_for_agents(queue) for queue in queues]
    starts = [waiting.since for waiting in waiting_contacts if waiting.since is not None]
    since = min(starts, default=context.now)
    # An agent can serve several of the queues.
    agents = (agent for queue in queues for agent in queue.staff.agents)
    return _MetricGroup(
        dimensions,
        agents=Counter(agent.activity for agent in dict.fromkeys(agents)),
        contacts=sum(waiting.contacts for waiting in waiting_contacts),
        age=(context.now - since).total_seconds(),
    )


def _result(group: _MetricGroup, metrics: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    dimensions = {"Dimensions": group.dimensions} if group.dimensions else {}
    return {**dimensions, "Collections": [_metric(group, metric["Name"]) for metric in metrics]}


def _metric(group: _MetricGroup, name: str) -> dict[str, Any]:
    unit, read = _METRICS[name]
    value = read(group)
    metric = {"Metric": {"Name": name, "Unit": unit}}
    return metric if value is None else {**metric, "Value": value}
