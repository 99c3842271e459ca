"""The audit of calling limits: customers who were called more often than allowed within some days."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import index
from typing import Any, SupportsIndex

from connect_batchmock.records.handles import Campaign, Contact


@dataclass(frozen=True)
class CallLimit:
    """A maximum number of phone calls per customer.

    Args:
        count: the maximum.
        days: the number of days in which the phone calls are counted, of 24 hours each.
        source: what sets the limit, as messages name it.
    """

    count: int
    days: int
    source: str

    @property
    def period(self) -> timedelta:
        """The time in which the phone calls are counted."""
        return timedelta(days=min(self.days, timedelta.max.days))


@dataclass(frozen=True)
class FrequentCustomer:
    """A customer who was called more often than a limit allows.

    Args:
        address: the phone number of the customer.
        limit: the limit.
        count: the greatest number of phone calls within the days of the limit.
        attempts: the phone calls of every such period, in the order of dialing.
    """

    address: str
    limit: CallLimit
    count: int
    attempts: Sequence[Contact]


@dataclass(frozen=True)
class UnlimitedCalls:
    """Phone calls for which no limit is known.

    Args:
        campaign: their campaign; None for phone calls without one.
        count: their number.
    """

    campaign: Campaign | None
    count: int


def limit_of_test(limit: SupportsIndex | None, days: SupportsIndex | None) -> CallLimit | None:
    """Return the limit that a test passes, or None without one.

    Raises:
        TypeError: only one of the numbers is passed, or one is not an integer.
        ValueError: a number is less than 1.
    """
    if limit is None and days is None:
        return None
    if limit is None or days is None:
        passed, missing = ("days=", "limit=") if limit is None else ("limit=", "days=")
        raise TypeError(f"{passed} needs {missing}: pass both, or neither for the limits of the campaigns.")
    return CallLimit(_positive("limit=", limit), _positive("days=", days), "limit=")


def _positive(parameter: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, SupportsIndex):
        raise TypeError(f"{parameter} takes an integer from 1 on, not {value!r}.")
    if index(value) < 1:
        raise ValueError(f"{parameter} takes an integer from 1 on, not {value!r}.")
    return index(value)


def customers_called_too_often(contacts: Sequence[Contact], limit: CallLimit) -> list[FrequentCustomer]:
    """Return the customers who were called more often than a limit, over all campaigns."""
    groups = _grouped(_attempts(contacts), lambda contact: contact.customer_address)
    return [customer for group in groups.values() for customer in _excess(group, limit)]


def customers_beyond_limits(
    contacts: Sequence[Contact],
) -> tuple[list[FrequentCustomer], list[UnlimitedCalls]]:
    """Return the customers who were called more often than the limits of their campaigns and instances.

    An attempt of a campaign that has opted out of the limits of its instance counts there, but does not
    exceed them.

    Returns:
        The customers, and the phone calls for which no limit is known.
    """
    attempts = _attempts(contacts)
    limits = _Limits()
    customers = [
        customer
        for group in _grouped(
            attempts, lambda contact: (contact.campaign_id, contact.customer_address)
        ).values()
        for limit in limits.of_campaign(group[0].campaign)
        for customer in _excess(group, limit)
    ]
    of_campaigns = [contact for contact in attempts if contact.campaign is not None]
    by_instance = _grouped(of_campaigns, lambda contact: (contact.instance_id, contact.customer_address))
    customers += [
        customer
        for group in by_instance.values()
        for limit in limits.of_instance(group[0])
        for customer in _excess(group, limit, limits.is_subject_to_instance)
    ]
    unlimited = [
        UnlimitedCalls(group[0].campaign, len(group))
        for group in _grouped(attempts, lambda contact: contact.campaign_id).values()
        if not limits.has_limits(group[0])
    ]
    return customers, unlimited


def _attempts(contacts: Sequence[Contact]) -> list[Contact]:
    """Return the contacts that were dialed, in the order of dialing."""
    dialed = [(contact.dialed_at, contact) for contact in contacts if contact.dialed_at is not None]
    return [contact for _, contact in sorted(dialed, key=lambda attempt: attempt[0])]


def _grouped(
    contacts: Sequence[Contact], key: Callable[[Contact], Hashable]
) -> Mapping[Hashable, list[Contact]]:
    groups: dict[Hashable, list[Contact]] = {}
    for contact in contacts:
        groups.setdefault(key(contact), []).append(contact)
    return groups


def _excess(
    attempts: Sequence[Contact],
    limit: CallLimit,
    is_subject: Callable[[Contact], bool] = lambda contact: True,
) -> Iterator[FrequentCustomer]:
    """Yield the customer of some attempts if an attempt that is subject to the limit exceeds it."""
    times = [contact.dialed_at for contact in attempts if contact.dialed_at is not None]
    first = shown = most = 0
    exceeding: list[Contact] = []
    for last, contact in enumerate(attempts):
        while times[last] - times[first] >= limit.period:
            first += 1
        count = last - first + 1
        if count > limit.count and is_subject(contact):
            most = max(most, count)
            exceeding += attempts[max(first, shown) : last + 1]
            shown = last + 1
    if exceeding:
        yield FrequentCustomer(attempts[0].customer_address, limit, most, exceeding)


class _Limits:
    """The limits of campaigns and instances, each of them read once."""

    def __init__(self) -> None:
        self._configs: dict[str, Mapping[str, Any]] = {}

    def of_campaign(self, campaign: Campaign | None) -> list[CallLimit]:
        if campaign is None:
            return []
        return _limits_in(self._config(campaign), f"campaign {campaign.name!r}")

    def of_instance(self, contact: Contact) -> list[CallLimit]:
        instance = contact.instance
        if instance.id not in self._configs:
            self._configs[instance.id] = instance.communication_limits
        return _limits_in(self._configs[instance.id], f"instance {instance.alias!r}")

    def is_subject_to_instance(self, contact: Contact) -> bool:
        assert contact.campaign is not None, "the limits of an instance are those of its campaigns"
        return self._config(contact.campaign).get("instanceLimitsHandling") != "OPT_OUT"

    def has_limits(self, contact: Contact) -> bool:
        if contact.campaign is None:
            return False
        of_instance = self.of_instance(contact) if self.is_subject_to_instance(contact) else []
        return bool(of_instance or self.of_campaign(contact.campaign))

    def _config(self, campaign: Campaign) -> Mapping[str, Any]:
        if campaign.id not in self._configs:
            self._configs[campaign.id] = campaign.communication_limits
        return self._configs[campaign.id]


def _limits_in(config: Mapping[str, Any], source: str) -> list[CallLimit]:
    limits = config.get("allChannelSubtypes", {}).get("communicationLimitsList", ())
    return [CallLimit(limit["maxCountPerRecipient"], limit["frequency"], source) for limit in limits]
