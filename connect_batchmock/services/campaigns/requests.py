"""Dial requests: what a campaign is asked to do, and how contacts come of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from connect_batchmock.domain.campaign import Campaign
from connect_batchmock.domain.facts import Fact, WrongCampaignState
from connect_batchmock.services.campaigns.dial_request import (
    DialRequest,
    of_profile,
    of_version_1,
    of_version_2,
    refusal_of,
)
from connect_batchmock.services.campaigns.finding import find_campaign
from connect_batchmock.services.campaigns.pipeline import put_contacts
from connect_batchmock.services.context import Context

Item = Mapping[str, Any]


def put_dial_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take requests to dial, each on its own, and create a contact for each that is taken.

    A token that was used in the last seven days is answered with the id of the request that it was used for.

    Ours: What makes a dial request invalid; The token of a dial request; A dial request becomes a contact at
    once; Too many dial requests.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns_PutDialRequestBatch.html.
    """
    return _take(context, parameters, "dialRequests", of_version_1, too_many="RequestThrottled")


def put_outbound_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take requests to reach customers, and create a contact for each of telephony that is taken.

    A token that was used in the last seven days is answered with the id of the request that it was used for.

    Ours: What makes a dial request invalid; The token of a dial request; A dial request becomes a contact at
    once; Too many dial requests; Messages.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutOutboundRequestBatch.html.
    """
    return _take(context, parameters, "outboundRequests", of_version_2, too_many="BufferLimitExceeded")


def put_profile_outbound_request_batch(context: Context, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Take requests to call customers by their profiles, and create a contact for each that is taken.

    Ours: Customer profiles; The token of a dial request; A dial request becomes a contact at once; Too many
    dial requests.

    Follows https://docs.aws.amazon.com/connect/latest/APIReference/API_connect-outbound-campaigns-v2_PutProfileOutboundRequestBatch.html.
    """
    return _take(context, parameters, "profileOutboundRequests", of_profile, too_many="RequestThrottled")


class _NotTaken(Fact):
    """A request of a batch is refused, with this failure code."""


def _take(
    context: Context,
    parameters: Mapping[str, Any],
    member: str,
    read: Callable[[Campaign, Item], DialRequest],
    *,
    too_many: str,
) -> dict[str, Any]:
    campaign = _running(context, parameters["id"])
    taken: dict[str, DialRequest] = {}
    tokens: list[str] = []
    successful: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []

    def take(token: str, request: DialRequest) -> str:
        code = refusal_of(context, campaign, request, taken.values())
        code = code or _no_room(context, campaign, len(taken), too_many)
        if code is not None:
            raise _NotTaken(code)
        request_id = context.region.world.side_identities.uuid()
        taken[request_id] = request
        tokens.append(token)
        return request_id

    for item in parameters[member]:
        token = item["clientToken"]
        try:
            request_id = _once(context, campaign, token, partial(take, token, read(campaign, item)))
        except _NotTaken as refusal:
            failed.append({"clientToken": token, "failureCode": str(refusal)})
        else:
            successful.append({"clientToken": token, "id": request_id})
    try:
        put_contacts(context, campaign, {name: one for name, one in taken.items() if one.is_for_a_call})
    except BaseException:
        # What a test planned has raised, and nothing was put: the requests can be made again.
        for token in tokens:
            context.region.once.forget(_key(campaign, token))
        raise
    return {"successfulRequests": successful, "failedRequests": failed}


def _running(context: Context, campaign_id: str) -> Campaign:
    campaign = find_campaign(context, campaign_id)
    if campaign.state != "Running":
        raise WrongCampaignState("take dial requests", campaign.state, ("Running",))
    return campaign


def _once(context: Context, campaign: Campaign, token: str, take: Callable[[], str]) -> str:
    if not token:
        # An empty token is no token.
        return take()
    # Whatever else it says now, a token stands for the request that it was first used for.
    answer: str = context.region.once.answer(_key(campaign, token), {}, context.now, take)
    return answer


def _key(campaign: Campaign, token: str) -> tuple[str, ...]:
    return ("DialRequest", campaign.id, token)


def _no_room(context: Context, campaign: Campaign, taken: int, too_many: str) -> str | None:
    most, rate = context.settings.pending_requests, context.region.world.request_rate
    if most and campaign.contacts_waiting + campaign.requests_waiting + taken >= most:
        return too_many
    if rate is not None and not rate.admits((campaign.id,), context.now):
        return "RequestThrottled"
    return None
