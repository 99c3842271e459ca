"""From a dial request to a contact: the campaign service calls BatchPutContact for itself."""

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

_WAIT = timedelta(seconds=1)
"""How long the campaign service waits before it puts an item again."""


def put_contacts(context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]) -> None:
    """Create a contact for each of the requests, by their ids.

    An item that fails for a reason that may pass is put again, until the request expires.
    """
    if not requests or campaign.has_ended:
        return
    answer = _batch_put_contact(context, campaign, requests)
    for created in answer["SuccessfulRequestList"]:
        request = requests[created["RequestIdentifier"]]
        dialer = context.region.backend.dialer
        dialer.configure(created["ContactId"], expires_at=request.expires_at, **request.changes)
    again = {
        failed["RequestIdentifier"]: requests[failed["RequestIdentifier"]]
        for failed in answer["FailedRequestList"]
        if failed["FailureReasonCode"] in REASONS_TO_RETRY
    }
    _put_again_later(context, campaign, again)


def _put_again_later(context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]) -> None:
    at = context.now + _WAIT
    in_time = {name: one for name, one in requests.items() if one.expires_at is None or at < one.expires_at}
    if in_time:
        _count(campaign, in_time, +1)
        context.region.backend.scheduler.schedule(
            at, partial(_put_again, replace(context, now=at), campaign, in_time)
        )


def _put_again(context: Context, campaign: Campaign, requests: Mapping[str, DialRequest]) -> None:
    _count(campaign, requests, -1)
    put_contacts(context, campaign, requests)


def _count(campaign: Campaign, requests: Mapping[str, DialRequest], step: int) -> None:
    """Count the requests that are to be put again as waiting, and their customers as being called."""
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
        "ContactDataRequestList": [_item(instance, campaign, name, one) for name, one in requests.items()],
    }
    return context.call("connect", "BatchPutContact", parameters, batch_put_contact)


def _item(instance: Instance, campaign: Campaign, request_id: str, request: DialRequest) -> dict[str, Any]:
    """Return the ContactDataRequest of a request: the campaign's queue, and the number to call from."""
    telephony = campaign.telephony
    assert telephony is not None, "a request for a call is taken by campaigns that call"
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
