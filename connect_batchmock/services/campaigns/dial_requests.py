"""Dial requests: what a campaign is asked to do, and how contacts come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.errors import CampaignStateError, DomainError
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.campaigns.contact_creation import put_contacts
from connect_batchmock.services.campaigns.dial_request_rules import (
    DialRequest,
    of_profile,
    of_version_1,
    of_version_2,
    refusal_of,
)
from connect_batchmock.services.campaigns.shared import find_campaign, instance_of
from connect_batchmock.services.context import Context, Refusal

Item = Mapping[str, Any]


def put_dial_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take requests to dial, each on its own, and create a contact for each that is taken.

    A token that was used in the last seven days is answered with the id of the request that it was used for.

    Ours: Invalid dial requests; The token of a dial request; A dial request becomes a contact at once; Too
    many dial requests.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_PutDialRequestBatch.html.
    """
    batch = _RequestBatch(context, parameters, of_version_1, "RequestThrottled")
    return batch.take(parameters["dialRequests"])


def put_outbound_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take requests to reach customers, and create a contact for each of telephony that is taken.

    A token that was used in the last seven days is answered with the id of the request that it was used for.

    Ours: Invalid dial requests; The token of a dial request; A dial request becomes a contact at once; Too
    many dial requests; Requests for messages.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutOutboundRequestBatch.html.
    """
    batch = _RequestBatch(context, parameters, of_version_2, "BufferLimitExceeded")
    return batch.take(parameters["outboundRequests"])


def put_profile_outbound_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take requests to call customers by their profiles, and create a contact for each that is taken.

    Ours: Customer profiles; The token of a dial request; A dial request becomes a contact at once; Too many
    dial requests.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutProfileOutboundRequestBatch.html.
    """
    batch = _RequestBatch(context, parameters, of_profile, "RequestThrottled")
    return batch.take(parameters["profileOutboundRequests"])


class _RequestRefusedError(DomainError):
    """A request of a batch is not taken."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass
class _RequestBatch:
    """A batch of requests to a campaign, each of which is taken or comes back failed.

    Args:
        context: what surrounds the call.
        parameters: the parameters of the call.
        read: reads a request.
        too_many: the failure code of a request for which there is no room.
    """

    context: Context
    parameters: Mapping[str, Any]
    read: Callable[[Instance, Item], DialRequest]
    too_many: str
    taken: dict[str, DialRequest] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    def take(self, items: Sequence[Item]) -> dict[str, Any]:
        """Take the requests, and create a contact for each one that is for a call."""
        campaign = _running(self.context, self.parameters["id"])
        try:
            outcomes = [self._outcome(campaign, item) for item in items]
            calls = {name: one for name, one in self.taken.items() if one.is_for_a_call}
            put_contacts(self.context, campaign, calls)
        except BaseException:
            # What a test planned has raised, and nothing was put: the requests can be made again.
            for token in self.tokens:
                self.context.region.once.forget(_key(campaign, token))
            raise
        refused = [(item, one) for item, one in zip(items, outcomes, strict=True) if isinstance(one, Refusal)]
        for item, refusal in refused:
            # An empty token is no token.
            self.context.note_failed(item, item["clientToken"] or None, refusal)
        return {
            "successfulRequests": [
                {"clientToken": item["clientToken"], "id": one}
                for item, one in zip(items, outcomes, strict=True)
                if not isinstance(one, Refusal)
            ],
            "failedRequests": [
                {"clientToken": item["clientToken"], "failureCode": one.reason} for item, one in refused
            ],
        }

    def _outcome(self, campaign: Campaign, item: Item) -> str | Refusal:
        """Return the id of a request, or why it is not taken."""
        token = item["clientToken"]
        try:
            return _idempotent(self.context, campaign, token, partial(self._take, campaign, item))
        except _RequestRefusedError as not_taken:
            return not_taken.refusal

    def _take(self, campaign: Campaign, item: Item) -> str:
        request = self.read(instance_of(self.context, campaign), item)
        refusal = refusal_of(self.context, campaign, request, self.taken.values())
        refusal = refusal or self._no_room(campaign) or self.context.rejection_of(item)
        if refusal is not None:
            raise _RequestRefusedError(refusal)
        request_id = self.context.region.backend.secondary_ids.uuid()
        self.taken[request_id] = request
        self.tokens.append(item["clientToken"])
        return request_id

    def _no_room(self, campaign: Campaign) -> Refusal | None:
        settings, rate = self.context.settings, self.context.region.backend.request_rate
        most, waiting = settings.pending_requests, campaign.contacts_waiting + campaign.requests_waiting
        if most and waiting + len(self.taken) >= most:
            return Refusal(
                self.too_many,
                f"As many requests wait to be dialed as the setting pending_requests={most} allows.",
            )
        if rate is not None and not rate.try_acquire((campaign.id,), self.context.now):
            message = (
                f"Requests come faster than the setting "
                f"requests_per_second={settings.requests_per_second} allows."
            )
            return Refusal("RequestThrottled", message)
        return None


def _running(context: Context, campaign_id: str) -> Campaign:
    campaign = find_campaign(context, campaign_id)
    if campaign.state != "Running":
        raise CampaignStateError("take dial requests", campaign.state, ("Running",))
    return campaign


def _idempotent(context: Context, campaign: Campaign, token: str, take: Callable[[], str]) -> str:
    if not token:
        # An empty token is no token.
        return take()
    # Whatever else it says now, a token stands for the request that it was first used for.
    answer: str = context.region.once.get_or_compute(_key(campaign, token), {}, context.now, take)
    return answer


def _key(campaign: Campaign, token: str) -> tuple[str, ...]:
    return ("DialRequest", campaign.id, token)
