"""Empty ids: the 400 that the operation models, and not a resource that was not found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from factories import AnItem, Put

from connect_batchmock import Campaign, Instance, Queue


def refused(call: Callable[..., Any], **parameters: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    response: Any = caught.value.response
    error = response["Error"]
    return error["Code"], response["ResponseMetadata"]["HTTPStatusCode"], error["Message"]


@pytest.mark.parametrize("has_flows", [False, True])
@pytest.mark.parametrize(
    ("member", "kind"),
    [("OutboundCallerIdNumberId", "phone number"), ("OutboundFlowId", "contact flow")],
)
def test_an_outbound_caller_needs_ids(
    connect_client: Any,
    connect_instance: Instance,
    connect_queue: Queue,
    member: str,
    kind: str,
    has_flows: bool,
) -> None:
    if has_flows:
        connect_client.create_contact_flow(
            InstanceId=connect_instance.id, Name="a flow", Type="CONTACT_FLOW", Content="{}"
        )
    assert refused(
        connect_client.update_queue_outbound_caller_config,
        InstanceId=connect_instance.id,
        QueueId=connect_queue.id,
        OutboundCallerConfig={member: ""},
    ) == (
        "InvalidParameterException",
        400,
        f"An empty string identifies no {kind}; pass its id, or leave an optional member out.",
    )


@pytest.mark.parametrize("member", ["ContactFlowId", "QueueId"])
def test_a_phone_call_needs_ids(
    connect_client: Any, connect_instance: Instance, connect_queue: Queue, member: str
) -> None:
    parameters = {
        "InstanceId": connect_instance.id,
        "DestinationPhoneNumber": "+15555550100",
        "ContactFlowId": "f",
        "QueueId": connect_queue.id,
        member: "",
    }
    code, status, _ = refused(connect_client.start_outbound_voice_contact, **parameters)
    assert (code, status) == ("InvalidParameterException", 400)


def test_campaigns_have_their_own_error(
    connectcampaigns_client: Any, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    config = {
        "connectContactFlowId": "",
        "connectQueueId": connect_campaign.queue.id if connect_campaign.queue else "",
    }
    assert refused(
        connectcampaigns_client.create_campaign,
        name="Autumn",
        connectInstanceId=connect_instance.id,
        dialerConfig={"progressiveDialerConfig": {"bandwidthAllocation": 1}},
        outboundCallConfig=config,
    )[:2] == ("ValidationException", 400)


def test_an_item_keeps_its_reason(put: Put, an_item: AnItem) -> None:
    (failed,) = put(an_item(QueueId=""))["FailedRequestList"]
    assert failed["FailureReasonCode"] == "INVALID_QUEUE"
