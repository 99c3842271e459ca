"""Dial requests: the operations that ask a campaign to reach customers."""

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
    from_profile,
    from_version_1,
    from_version_2,
    refusal_of,
)
from connect_batchmock.services.campaigns.shared import find_campaign, instance_of
from connect_batchmock.services.context import Context, Item, Refusal


def put_dial_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Accept dial requests one by one, and create a contact for each accepted request.

    A token of the last seven days returns the id of the request that it was used for.

    Ours: Invalid dial requests; Requests to a campaign that does not run; The token of a dial request; A dial
    request becomes a contact at once; Too many dial requests.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_PutDialRequestBatch.html.
    """
    batch = _RequestBatch(context, parameters, from_version_1, "RequestThrottled")
    return batch.accept(parameters["dialRequests"])


def put_outbound_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Accept outbound requests one by one, and create a contact for each accepted telephony request.

    A token of the last seven days returns the id of the request that it was used for.

    Ours: Invalid dial requests; Requests to a campaign that does not run; The token of a dial request; A dial
    request becomes a contact at once; Too many dial requests; Requests for messages.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutOutboundRequestBatch.html.
    """
    batch = _RequestBatch(context, parameters, from_version_2, "BufferLimitExceeded")
    return batch.accept(parameters["outboundRequests"])


def put_profile_outbound_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Accept requests for customer profiles one by one, and create a contact for each accepted request.

    Ours: Customer profiles; Requests to a campaign that does not run; The token of a dial request; A dial
    request becomes a contact at once; Too many dial requests.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutProfileOutboundRequestBatch.html.
    """
    batch = _RequestBatch(context, parameters, from_profile, "RequestThrottled")
    return batch.accept(parameters["profileOutboundRequests"])


class _RequestRefusedError(DomainError):
    """A request of a batch fails."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass
class _RequestBatch:
    """A batch of requests to a campaign; each request is accepted or fails.

    Args:
        context: the context of the call.
        parameters: the parameters of the call.
        read: returns the dial request of an item.
        too_many: the failure code for more waiting requests than the setting ``pending_requests`` allows.
        accepted: the accepted requests, by id.
        tokens: the tokens of the accepted requests.
    """

    context: Context
    parameters: Mapping[str, Any]
    read: Callable[[Instance, Item], DialRequest]
    too_many: str
    accepted: dict[str, DialRequest] = field(default_factory=dict)
    tokens: list[str] = field(default_factory=list)

    def accept(self, items: Sequence[Item]) -> dict[str, Any]:
        """Accept the valid requests, and create a contact for each accepted phone call."""
        campaign = _running(self.context, self.parameters["id"])
        try:
            results = [self._result(campaign, item) for item in items]
            phone_calls = {id: request for id, request in self.accepted.items() if request.is_phone_call}
            put_contacts(self.context, campaign, phone_calls)
        except BaseException:
            # The plan of a test raised before any contact was created: the tokens can be used again.
            for token in self.tokens:
                self.context.region.once.forget(_key(campaign, token))
            raise
        pairs = list(zip(items, results, strict=True))
        failed = [(item, result) for item, result in pairs if isinstance(result, Refusal)]
        for item, refusal in failed:
            # An empty token is no token.
            self.context.note_failed(item, item["clientToken"] or None, refusal)
        return {
            "successfulRequests": [
                {"clientToken": item["clientToken"], "id": result}
                for item, result in pairs
                if not isinstance(result, Refusal)
            ],
            "failedRequests": [
                {"clientToken": item["clientToken"], "failureCode": refusal.reason}
                for item, refusal in failed
            ],
        }

    def _result(self, campaign: Campaign, item: Item) -> str | Refusal:
        """Return the id of an accepted request, or the failure of the request."""
        token = item["clientToken"]
        try:
            return _idempotent(self.context, campaign, token, partial(self._accept, campaign, item))
        except _RequestRefusedError as error:
            return error.refusal

    def _accept(self, campaign: Campaign, item: Item) -> str:
        request = self.read(instance_of(self.context, campaign), item)
        refusal = refusal_of(self.context, campaign, request, self.accepted.values())
        refusal = refusal or self._over_limit(campaign) or self.context.rejection_of(item)
        if refusal is not None:
            raise _RequestRefusedError(refusal)
        request_id = self.context.region.backend.secondary_ids.uuid()
        self.accepted[request_id] = request
        self.tokens.append(item["clientToken"])
        return request_id

    def _over_limit(self, campaign: Campaign) -> Refusal | None:
        settings, rate = self.context.settings, self.context.region.backend.request_rate
        limit, waiting = settings.pending_requests, campaign.contacts_waiting + campaign.requests_waiting
        if limit and waiting + len(self.accepted) >= limit:
            return Refusal(
                self.too_many,
                f"The campaign has as many waiting requests as the setting pending_requests={limit} allows; "
                f"send the request again later.",
            )
        if rate is not None and not rate.try_acquire((campaign.id,), self.context.now):
            return Refusal(
                "RequestThrottled",
                f"The campaign received more requests than the setting "
                f"requests_per_second={settings.requests_per_second} allows; send the request again later.",
            )
        return None


def _running(context: Context, campaign_id: str) -> Campaign:
    campaign = find_campaign(context, campaign_id)
    if campaign.state != "Running":
        raise CampaignStateError("take dial requests", campaign.state, ("Running",))
    return campaign


def _idempotent(context: Context, campaign: Campaign, token: str, accept: Callable[[], str]) -> str:
    if not token:
        # An empty token is no token.
        return accept()
    # A repeated token returns the id of its request, even with other parameters.
    request_id: str = context.region.once.get_or_compute(_key(campaign, token), {}, context.now, accept)
    return request_id


def _key(campaign: Campaign, token: str) -> tuple[str, ...]:
    return ("DialRequest", campaign.id, token)
