"""GetMetricDataV2: counts the phone calls of outbound campaigns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from connect_batchmock._text import listed
from connect_batchmock.domain.contact import Contact
from connect_batchmock.domain.errors import InstanceNotFoundError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.context import Context
from connect_batchmock.services.errors import InvalidRequestError
from connect_batchmock.services.pagination import page

_MAX_RESULTS = 100
_MAX_RANGE = timedelta(days=35)
_MAX_THRESHOLD = 604_800


@dataclass(frozen=True)
class _Dials:
    """The dialed contacts of one result.

    Args:
        contacts: the contacts.
        now: the time until which customers have waited who still wait.
        threshold: the threshold of the metric, in seconds; 0 without one.
    """

    contacts: Sequence[Contact]
    now: datetime
    threshold: float

    @property
    def answered(self) -> list[Contact]:
        """The contacts that were connected to a person."""
        return [
            contact
            for contact in self.contacts
            if contact.answering_machine_detection_status == "HUMAN_ANSWERED"
        ]

    @property
    def abandoned(self) -> list[Contact]:
        """The contacts with a person who was not connected to an agent within the threshold."""
        return [
            contact
            for contact in self.answered
            if contact.enqueued_at is not None and _wait(contact, self.now) > self.threshold
        ]

    @property
    def waits(self) -> list[float]:
        """The seconds for which the customers waited for an agent, without those who still wait."""
        return [
            _wait(contact, self.now)
            for contact in self.contacts
            if contact.connected_to_system_at is not None
            and contact.enqueued_at is not None
            and _end_of_wait(contact) is not None
        ]


def _wait(contact: Contact, now: datetime) -> float:
    assert contact.connected_to_system_at is not None, "a customer waits who has answered"
    return ((_end_of_wait(contact) or now) - contact.connected_to_system_at).total_seconds()


def _end_of_wait(contact: Contact) -> datetime | None:
    return contact.connected_to_agent_at or contact.disconnected_at


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


_FILTERS: Mapping[str, Callable[[Contact], Sequence[str]]] = {
    "CAMPAIGN": lambda contact: [_campaign_arn(contact)],
    "QUEUE": lambda contact: [] if contact.queue is None else [contact.queue.id, contact.queue.arn],
}
"""The values by which a filter finds a contact, by the key of the filter."""

_METRIC_FILTERS: Mapping[str, Callable[[Contact], str | None]] = {
    "ANSWERING_MACHINE_DETECTION_STATUS": lambda contact: contact.answering_machine_detection_status,
    "DISCONNECT_REASON": lambda contact: contact.disconnect_reason,
}
"""The value of a contact that a filter of a metric compares, by the key of the filter."""


@dataclass(frozen=True)
class _Metric:
    """A metric of campaigns.

    Args:
        value: returns the value; None stands for no value.
        filters: the keys of the filters that the metric takes, of those that the mock has.
        metric_filters: the keys of the filters of its own.
        has_threshold: whether the metric has a threshold.
    """

    value: Callable[[_Dials], float | None]
    filters: Collection[str] = ("CAMPAIGN",)
    metric_filters: Collection[str] = ()
    has_threshold: bool = False


_METRICS: Mapping[str, _Metric] = {
    "DELIVERY_ATTEMPTS": _Metric(
        lambda dials: len(dials.contacts), filters=_FILTERS, metric_filters=_METRIC_FILTERS
    ),
    "HUMAN_ANSWERED_CALLS": _Metric(lambda dials: len(dials.answered)),
    "CAMPAIGN_CONTACTS_ABANDONED_AFTER_X": _Metric(lambda dials: len(dials.abandoned), has_threshold=True),
    "CAMPAIGN_CONTACTS_ABANDONED_AFTER_X_RATE": _Metric(
        lambda dials: _share(100 * len(dials.abandoned), len(dials.answered)), has_threshold=True
    ),
    "AVG_WAIT_TIME_AFTER_CUSTOMER_CONNECTION": _Metric(
        lambda dials: _share(sum(dials.waits), len(dials.waits))
    ),
}
"""The metrics that the mock computes, by their names."""


def get_metric_data_v2(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Count the phone calls of campaigns, and measure how long their customers wait for an agent.

    Ours: The metrics of campaigns; The phone calls behind the metrics; The scope of the metrics of campaigns.
    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_GetMetricDataV2.html.
    """
    instance = _instance(context, parameters["ResourceArn"])
    _check_range(context, parameters["StartTime"], parameters["EndTime"])
    _check_scope(parameters)
    for metric in parameters["Metrics"]:
        _check_metric(metric, parameters["Filters"])
    groups = _by_campaign(_dialed_contacts(context, instance, parameters), parameters.get("Groupings", []))
    groups_on_page, next_token = page(groups, parameters, default_size=_MAX_RESULTS)
    return {
        "MetricResults": [
            {
                **dimensions,
                "MetricInterval": {
                    "Interval": "TOTAL",
                    "StartTime": parameters["StartTime"],
                    "EndTime": parameters["EndTime"],
                },
                "Collections": [_metric(context, contacts, metric) for metric in parameters["Metrics"]],
            }
            for dimensions, contacts in groups_on_page
        ],
        **next_token,
    }


def _instance(context: Context, arn: str) -> Instance:
    by_arn = {instance.arn: instance for instance in context.region.instances.values()}
    if arn not in by_arn:
        raise InstanceNotFoundError(arn)
    return by_arn[arn]


def _check_range(context: Context, start: datetime, end: datetime) -> None:
    if start >= end:
        raise InvalidRequestError(
            f"The EndTime {end.isoformat()} is not later than the StartTime {start.isoformat()}."
        )
    if end > context.now:
        raise InvalidRequestError(
            f"The EndTime {end.isoformat()} is later than the current time, {context.now.isoformat()}."
        )
    if end - start >= _MAX_RANGE:
        raise InvalidRequestError(
            f"The range from {start.isoformat()} to {end.isoformat()} has {_MAX_RANGE.days} days or more; "
            f"split it."
        )


def _check_scope(parameters: Mapping[str, Any]) -> None:
    filters, groupings = parameters["Filters"], parameters.get("Groupings", [])
    period = parameters.get("Interval", {}).get("IntervalPeriod", "TOTAL")
    unsupported = [
        *(f"filtered by {key}" for key in _keys(filters) if key not in _FILTERS),
        *("filtered with a StringCondition" for entry in filters if "StringCondition" in entry),
        *(f"grouped by {key}" for key in groupings if key != "CAMPAIGN"),
        *([f"by the interval {period}"] if period != "TOTAL" else []),
    ]
    if unsupported:
        raise InvalidRequestError(
            f"The mock has no metrics {listed(unsupported)}; filter by {listed(tuple(_FILTERS))}, group by "
            f"CAMPAIGN or not at all, and use the interval TOTAL."
        )


def _keys(filters: Sequence[Mapping[str, Any]], name: str = "FilterKey") -> list[str]:
    return [entry.get(name, "") for entry in filters]


def _check_metric(metric: Mapping[str, Any], filters: Sequence[Mapping[str, Any]]) -> None:
    name = metric.get("Name", "")
    if name not in _METRICS:
        raise InvalidRequestError(
            f"The metric {name or metric.get('MetricId')!r} is not faked; the mock has "
            f"{listed(tuple(_METRICS))}."
        )
    definition = _METRICS[name]
    invalid = [key for key in _keys(filters) if key not in definition.filters]
    metric_filters = _keys(metric.get("MetricFilters", []), "MetricFilterKey")
    invalid += [key for key in metric_filters if key not in definition.metric_filters]
    if invalid:
        raise InvalidRequestError(
            f"The metric {name} has no filter {listed(invalid)}; it can be filtered by "
            f"{listed([*definition.filters, *definition.metric_filters])}."
        )
    _check_threshold(name, metric.get("Threshold", []), definition)


def _check_threshold(name: str, thresholds: Sequence[Mapping[str, Any]], definition: _Metric) -> None:
    if not definition.has_threshold:
        if thresholds:
            raise InvalidRequestError(f"The metric {name} has no Threshold; leave it out.")
        return
    value = _threshold_of(thresholds)
    is_valid = 1 <= value <= _MAX_THRESHOLD and value.is_integer()
    if not is_valid or thresholds[0].get("Comparison") != "GT":
        raise InvalidRequestError(
            f"The metric {name} needs a Threshold with the Comparison GT and a ThresholdValue in whole "
            f"seconds from 1 to {_MAX_THRESHOLD}."
        )


def _threshold_of(thresholds: Sequence[Mapping[str, Any]]) -> float:
    return float(thresholds[0].get("ThresholdValue", 0)) if thresholds else 0.0


def _dialed_contacts(context: Context, instance: Instance, parameters: Mapping[str, Any]) -> list[Contact]:
    """Return the contacts of campaigns that were dialed in the range and match all filters."""
    return [
        contact
        for contact in context.region.backend.contacts.having("instance", instance.id)
        if contact.campaign is not None
        and contact.dialed_at is not None
        # Clients send whole seconds: without the rounding, the last second would be outside.
        and parameters["StartTime"] <= contact.dialed_at.replace(microsecond=0) <= parameters["EndTime"]
        and all(_matches(contact, entry) for entry in parameters["Filters"])
    ]


def _matches(contact: Contact, entry: Mapping[str, Any]) -> bool:
    values = _FILTERS[entry["FilterKey"]](contact)
    return any(value in entry.get("FilterValues", ()) for value in values)


def _campaign_arn(contact: Contact) -> str:
    assert contact.campaign is not None, "only contacts of campaigns are counted"
    return contact.campaign.arn


_Group = tuple[dict[str, Any], Sequence[Contact]]
"""The dimensions of a result, as its member, and its contacts."""


def _by_campaign(contacts: Sequence[Contact], groupings: Sequence[str]) -> list[_Group]:
    """Return the contacts of each result; without contacts, there are no results."""
    if not groupings:
        return [({}, contacts)] if contacts else []
    groups: dict[str, list[Contact]] = {}
    for contact in contacts:
        groups.setdefault(_campaign_arn(contact), []).append(contact)
    return [({"Dimensions": {"CAMPAIGN": arn}}, group) for arn, group in groups.items()]


def _metric(context: Context, contacts: Sequence[Contact], metric: Mapping[str, Any]) -> dict[str, Any]:
    for entry in metric.get("MetricFilters", []):
        contacts = [contact for contact in contacts if _passes(contact, entry)]
    dials = _Dials(contacts, context.now, _threshold_of(metric.get("Threshold", [])))
    value = _METRICS[metric["Name"]].value(dials)
    return {"Metric": metric} if value is None else {"Metric": metric, "Value": value}


def _passes(contact: Contact, entry: Mapping[str, Any]) -> bool:
    is_listed = _METRIC_FILTERS[entry["MetricFilterKey"]](contact) in entry.get("MetricFilterValues", ())
    return is_listed is not entry.get("Negate", False)
