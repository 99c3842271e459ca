"""The contacts of dial requests, which the campaign service creates with BatchPutContact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.instance import Instance
from connect_batchmock.services.campaigns.dial_request_rules import DialRequest
from connect_batchmock.services.campaigns.shared import instance_of
from connect_batchmock.services.connect.batch_put_contact import batch_put_contact
from connect_batchmock.services.connect.contact_rules import REASONS_TO_RETRY, strategy_of
from connect_batchmock.services.context import Context

_RETRY_DELAY = timedelta(seconds=1)
"""The delay before the campaign service retries an item."""


def put_contacts(context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]) -> None:
    """Create a contact for each request.

    An item that fails for a retryable reason is retried until its request expires.

    Args:
        context: the context of the call.
        campaign: the campaign.
        requests: the requests by id.
    """
    if not requests or campaign.has_ended:
        return
    response = _batch_put_contact(context, campaign, requests)
    for created in response["SuccessfulRequestList"]:
        request = requests[created["RequestIdentifier"]]
        dialer = context.region.backend.dialer
        dialer.configure(created["ContactId"], expires_at=request.expires_at, **request.changes)
    retryable = {
        failed["RequestIdentifier"]: requests[failed["RequestIdentifier"]]
        for failed in response["FailedRequestList"]
        if failed["FailureReasonCode"] in REASONS_TO_RETRY
    }
    _schedule_retry(context, campaign, retryable)


def _schedule_retry(context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]) -> None:
    retry_at = context.now + _RETRY_DELAY
    unexpired = {
        request_id: request
        for request_id, request in requests.items()
        if request.expires_at is None or retry_at < request.expires_at
    }
    if unexpired:
        _count_as_waiting(campaign, unexpired, +1)
        retry = partial(_retry, replace(context, now=retry_at), campaign, unexpired)
        context.region.backend.scheduler.schedule(retry_at, retry)


def _retry(context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]) -> None:
    _count_as_waiting(campaign, requests, -1)
    put_contacts(context, campaign, requests)


def _count_as_waiting(campaign: Campaign, requests: Mapping[str, DialRequest], step: int) -> None:
    """Add requests to those of the campaign that wait for a retry, or subtract them with a negative step."""
    campaign.requests_waiting += step * len(requests)
    for request in requests.values():
        campaign.customers[str(request.number)] += step


def _batch_put_contact(
    context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]
) -> dict[str, Any]:
    instance = instance_of(context, campaign)
    parameters = {
        "InstanceId": campaign.instance_id,
        "ClientToken": context.region.backend.secondary_ids.uuid(),
        "ContactDataRequestList": [
            _item(instance, campaign, request_id, request) for request_id, request in requests.items()
        ],
    }
    return context.call("connect", "BatchPutContact", parameters, batch_put_contact)


def _item(instance: Instance, campaign: Campaign, request_id: str, request: DialRequest) -> dict[str, Any]:
    """Return the ContactDataRequest of a dial request, with the queue and source number of its campaign."""
    telephony = campaign.telephony
    assert telephony is not None, "a request for a phone call is accepted only by a campaign with telephony"
    item: dict[str, Any] = {
        "RequestIdentifier": request_id,
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": request.number},
        "Attributes": dict(request.attributes),
        "Campaign": {"CampaignId": campaign.id},
    }
    if telephony.queue is not None:
        item["QueueId"] = telephony.queue.id
    source = request.source_number or telephony.source_number
    if source is None and telephony.queue is None:
        source = instance.calling_number
    if source is not None:
        item["SystemEndpoint"] = {"Type": "TELEPHONE_NUMBER", "Address": source}
    if telephony.preview is not None:
        item["OutboundStrategy"] = strategy_of(telephony.preview)
    return item
