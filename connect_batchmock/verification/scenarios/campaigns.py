"""Scenarios about outbound campaigns of both versions; no scenario starts a campaign."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from connect_batchmock.verification.scenario import reads, writes
from connect_batchmock.verification.scenarios.resources import (
    UNKNOWN_ID,
    campaign_parameters,
    campaign_v1_parameters,
    check_onboarded,
    create_campaign,
    create_campaign_v1,
    dial_request,
    entries,
)
from connect_batchmock.verification.story import Story


@reads("the-role-of-an-onboarded-instance")
def configuration_names_the_instance(story: Story) -> None:
    """GetConnectInstanceConfig returns the id of the instance and its encryption."""
    check_onboarded(story, story.clients.campaigns_v2)
    response = story.clients.campaigns_v2.get_connect_instance_config(connectInstanceId=story.instance_id)
    configuration = response["connectInstanceConfig"]
    observed = {
        "connectInstanceId": configuration["connectInstanceId"],
        "Has encryptionConfig": "encryptionConfig" in configuration,
        "Has serviceLinkedRoleArn": "serviceLinkedRoleArn" in configuration,
    }
    expected = {
        "connectInstanceId": story.instance_id,
        "Has encryptionConfig": True,
        "Has serviceLinkedRoleArn": True,
    }
    story.expect("GetConnectInstanceConfig", expected, observed)


@reads("an-instance-that-is-not-onboarded")
def configuration_of_unknown_instance_is_not_found(story: Story) -> None:
    """GetConnectInstanceConfig fails with ResourceNotFoundException 404 for an unknown instance."""
    story.expect_error(
        "GetConnectInstanceConfig",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v2.get_connect_instance_config,
        connectInstanceId=UNKNOWN_ID,
    )


@reads("unknown-ids")
def unknown_campaign_is_not_found(story: Story) -> None:
    """DescribeCampaign of version 2 fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeCampaign",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v2.describe_campaign,
        id=UNKNOWN_ID,
    )


@reads("unknown-ids")
def unknown_campaign_of_version_1_is_not_found(story: Story) -> None:
    """DescribeCampaign of version 1 fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeCampaign",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.describe_campaign,
        id=UNKNOWN_ID,
    )


@reads("unknown-ids")
def state_of_unknown_campaign_fails_alone(story: Story) -> None:
    """GetCampaignStateBatch succeeds, and names an unknown campaign among the failed requests."""
    response = story.clients.campaigns_v2.get_campaign_state_batch(campaignIds=[UNKNOWN_ID])
    expected = {
        "successfulRequests": [],
        "failedRequests": [{"campaignId": UNKNOWN_ID, "failureCode": "ResourceNotFound"}],
    }
    story.expect("GetCampaignStateBatch", expected, response)


@reads("constraint-violations")
def campaign_page_size_zero_is_refused(story: Story) -> None:
    """ListCampaigns fails with ValidationException 400 for maxResults=0."""
    story.expect_error(
        "ListCampaigns", "ValidationException", 400, story.clients.campaigns_v2.list_campaigns, maxResults=0
    )


@writes("the-states-of-a-campaign")
def campaign_is_described_as_created(story: Story) -> None:
    """DescribeCampaign returns the name, the instance and the channels of CreateCampaign."""
    name, parameters = story.new_name(), campaign_parameters(story)
    campaign_id = create_campaign(story, name=name, **parameters)
    response = story.clients.campaigns_v2.describe_campaign(id=campaign_id)
    expected = {"id": campaign_id, "name": name, "connectInstanceId": story.instance_id, **parameters}
    story.expect("DescribeCampaign", expected, response["campaign"])


@writes("the-states-of-a-campaign")
def new_campaign_is_initialized(story: Story) -> None:
    """GetCampaignState returns Initialized for a campaign that nobody has started."""
    response = story.clients.campaigns_v2.get_campaign_state(id=create_campaign(story))
    story.expect("GetCampaignState", {"state": "Initialized"}, response)


@writes("the-states-of-a-campaign")
def initialized_campaign_is_not_paused(story: Story) -> None:
    """PauseCampaign fails with InvalidCampaignStateException 409 for a campaign that nobody has started."""
    story.expect_error(
        "PauseCampaign",
        "InvalidCampaignStateException",
        409,
        story.clients.campaigns_v2.pause_campaign,
        id=create_campaign(story),
    )


@writes("creating-a-campaign-twice")
def same_campaign_is_created_once(story: Story) -> None:
    """CreateCampaign with the same name and parameters returns the id of the existing campaign."""
    name, parameters = story.new_name(), campaign_parameters(story)
    first = create_campaign(story, name=name, **parameters)
    second = create_campaign(story, name=name, **parameters)
    story.expect("CreateCampaign", {"The ids are equal": True}, {"The ids are equal": first == second})


@writes("creating-a-campaign-twice")
def name_of_a_campaign_is_taken_once(story: Story) -> None:
    """CreateCampaign fails with ConflictException 409 for a name that another campaign has."""
    name, parameters = story.new_name(), campaign_parameters(story)
    create_campaign(story, name=name, **parameters)
    telephony = parameters["channelSubtypeConfig"]["telephony"]
    other = {**telephony, "outboundMode": {"progressive": {"bandwidthAllocation": 0.5}}}
    story.expect_error(
        "CreateCampaign",
        "ConflictException",
        409,
        create_campaign,
        story=story,
        name=name,
        channelSubtypeConfig={"telephony": other},
    )


@writes("resources-that-a-campaign-refers-to")
def campaign_with_an_unknown_queue_is_not_created(story: Story) -> None:
    """CreateCampaign fails with ResourceNotFoundException 404 for an unknown queue."""
    telephony = campaign_parameters(story)["channelSubtypeConfig"]["telephony"]
    story.expect_error(
        "CreateCampaign",
        "ResourceNotFoundException",
        404,
        create_campaign,
        story=story,
        channelSubtypeConfig={"telephony": {**telephony, "connectQueueId": UNKNOWN_ID}},
    )


@writes("a-schedule")
def schedule_that_ends_first_is_refused(story: Story) -> None:
    """CreateCampaign fails with ValidationException 400 for a schedule that ends before it starts."""
    now = datetime.now(timezone.utc)
    story.expect_error(
        "CreateCampaign",
        "ValidationException",
        400,
        create_campaign,
        story=story,
        schedule={"startTime": now + timedelta(days=2), "endTime": now + timedelta(days=1)},
        **campaign_parameters(story),
    )


@writes("when-a-campaign-may-be-changed")
def initialized_campaign_gets_a_schedule(story: Story) -> None:
    """UpdateCampaignSchedule sets the schedule of a campaign that nobody has started."""
    client, campaign_id = story.clients.campaigns_v2, create_campaign(story)
    start = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=1)
    schedule = {"startTime": start, "endTime": start + timedelta(days=1)}
    client.update_campaign_schedule(id=campaign_id, schedule=schedule)
    campaign = client.describe_campaign(id=campaign_id)["campaign"]
    observed = _times_of(campaign.get("schedule", {}))
    story.expect("DescribeCampaign", {"From the requested start": [0, 86400]}, _since(observed, start))


def _times_of(schedule: dict[str, Any]) -> list[datetime]:
    return [schedule[name] for name in ("startTime", "endTime") if name in schedule]


def _since(times: list[datetime], start: datetime) -> dict[str, list[int]]:
    return {"From the requested start": [round((time - start).total_seconds()) for time in times]}


@writes("when-a-campaign-may-be-changed")
def campaign_has_its_new_name(story: Story) -> None:
    """UpdateCampaignName changes the name."""
    client, campaign_id, name = story.clients.campaigns_v2, create_campaign(story), story.new_name()
    client.update_campaign_name(id=campaign_id, name=name)
    campaign = client.describe_campaign(id=campaign_id)["campaign"]
    story.expect("DescribeCampaign", {"name": name}, campaign)


@writes("deleting-an-absent-setting")
def absent_communication_time_is_deleted(story: Story) -> None:
    """DeleteCampaignCommunicationTime succeeds for a campaign without a communication time."""
    client, campaign_id = story.clients.campaigns_v2, create_campaign(story)
    client.delete_campaign_communication_time(id=campaign_id, config="TELEPHONY")
    observed = {
        "Has communicationTimeConfig": "communicationTimeConfig" in client.describe_campaign(id=campaign_id)
    }
    story.expect("DescribeCampaign", {"Has communicationTimeConfig": False}, observed)


@writes("the-channels-of-a-campaign")
def last_channel_is_not_deleted(story: Story) -> None:
    """DeleteCampaignChannelSubtypeConfig fails with ConflictException 409 for the only channel."""
    story.expect_error(
        "DeleteCampaignChannelSubtypeConfig",
        "ConflictException",
        409,
        story.clients.campaigns_v2.delete_campaign_channel_subtype_config,
        id=create_campaign(story),
        channelSubtype="TELEPHONY",
    )


@writes("resources-that-have-tags")
def tags_of_a_campaign_are_listed(story: Story) -> None:
    """ListTagsForResource returns the tags of CreateCampaign."""
    client, campaign_id = story.clients.campaigns_v2, create_campaign(story, tags={"team": "sales"})
    arn = client.describe_campaign(id=campaign_id)["campaign"]["arn"]
    story.expect("ListTagsForResource", {"tags": {"team": "sales"}}, client.list_tags_for_resource(arn=arn))


@writes("unknown-ids")
def deleted_campaign_is_not_found(story: Story) -> None:
    """DescribeCampaign fails with ResourceNotFoundException 404 after the deletion."""
    client, campaign_id = story.clients.campaigns_v2, create_campaign(story)
    client.delete_campaign(id=campaign_id)
    story.expect_error(
        "DescribeCampaign", "ResourceNotFoundException", 404, client.describe_campaign, id=campaign_id
    )


@writes("campaigns-of-both-versions")
def campaign_of_version_1_is_one_of_version_2(story: Story) -> None:
    """DescribeCampaign of version 2 describes a campaign that version 1 created."""
    name = story.new_name()
    campaign_id = create_campaign_v1(story, name=name)
    campaign = story.clients.campaigns_v2.describe_campaign(id=campaign_id)["campaign"]
    story.expect("DescribeCampaign", {"id": campaign_id, "name": name}, campaign)


@writes("campaigns-of-both-versions")
def campaign_of_version_1_is_described_as_created(story: Story) -> None:
    """DescribeCampaign of version 1 returns the dialer and the call configuration of CreateCampaign."""
    name, parameters = story.new_name(), campaign_v1_parameters(story)
    campaign_id = create_campaign_v1(story, name=name, **parameters)
    campaign = story.clients.campaigns_v1.describe_campaign(id=campaign_id)["campaign"]
    story.expect("DescribeCampaign", {"id": campaign_id, "name": name, **parameters}, campaign)


@writes("when-a-campaign-may-be-changed")
def campaign_of_version_1_stays_one_with_agents(story: Story) -> None:
    """UpdateCampaignDialerConfig of version 1 fails with ConflictException 409 for an agentless dialer."""
    story.expect_error(
        "UpdateCampaignDialerConfig",
        "ConflictException",
        409,
        story.clients.campaigns_v1.update_campaign_dialer_config,
        id=create_campaign_v1(story),
        dialerConfig={"agentlessDialerConfig": {}},
    )


@writes("constraint-violations")
def bandwidth_over_1_is_refused(story: Story) -> None:
    """CreateCampaign of version 1 fails with ValidationException 400 for a bandwidth allocation of 2."""
    parameters = campaign_v1_parameters(story)
    parameters["dialerConfig"] = {"progressiveDialerConfig": {"bandwidthAllocation": 2.0}}
    story.expect_error(
        "CreateCampaign", "ValidationException", 400, create_campaign_v1, story=story, **parameters
    )


@writes("unknown-ids")
def requests_for_an_unknown_campaign_are_refused(story: Story) -> None:
    """PutDialRequestBatch fails with ResourceNotFoundException 404 for an unknown campaign."""
    expires_at = datetime.now(timezone.utc) + timedelta(minutes=5)
    story.expect_error(
        "PutDialRequestBatch",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.put_dial_request_batch,
        id=UNKNOWN_ID,
        dialRequests=[dial_request("+12065550100", expires_at)],
    )


@writes("requests-to-a-campaign-that-does-not-run")
def requests_for_an_initialized_campaign_are_refused(story: Story) -> None:
    """PutDialRequestBatch fails with InvalidCampaignStateException 409 before the start."""
    # The request is invalid, so that nobody is called even where the state is not checked.
    expires_at = datetime.now(timezone.utc) + timedelta(days=2)
    story.expect_error(
        "PutDialRequestBatch",
        "InvalidCampaignStateException",
        409,
        story.clients.campaigns_v1.put_dial_request_batch,
        id=create_campaign_v1(story),
        dialRequests=[dial_request("+12065550100", expires_at)],
    )


@writes("constraint-violations")
def empty_batch_of_requests_is_refused(story: Story) -> None:
    """PutDialRequestBatch fails with ValidationException 400 for an empty batch."""
    story.expect_error(
        "PutDialRequestBatch",
        "ValidationException",
        400,
        story.clients.campaigns_v1.put_dial_request_batch,
        id=create_campaign_v1(story),
        dialRequests=[],
    )


@writes("constraint-violations")
def request_with_a_number_of_letters_is_refused(story: Story) -> None:
    """PutDialRequestBatch fails with ValidationException 400 for a phone number of letters."""
    expires_at = datetime.now(timezone.utc) + timedelta(minutes=5)
    story.expect_error(
        "PutDialRequestBatch",
        "ValidationException",
        400,
        story.clients.campaigns_v1.put_dial_request_batch,
        id=create_campaign_v1(story),
        dialRequests=[dial_request("nobody", expires_at)],
    )


@writes("requests-to-a-campaign-that-does-not-run")
def outbound_requests_for_an_initialized_campaign_are_refused(story: Story) -> None:
    """PutOutboundRequestBatch fails with InvalidCampaignStateException 409 before the start."""
    expires_at = datetime.now(timezone.utc) + timedelta(days=2)
    request = {
        "clientToken": "a-token",
        "expirationTime": expires_at,
        "channelSubtypeParameters": {
            "telephony": {"destinationPhoneNumber": "+12065550100", "attributes": {}}
        },
    }
    story.expect_error(
        "PutOutboundRequestBatch",
        "InvalidCampaignStateException",
        409,
        story.clients.campaigns_v2.put_outbound_request_batch,
        id=create_campaign(story),
        outboundRequests=[request],
    )


@writes("the-states-of-a-campaign")
def new_campaign_is_listed(story: Story) -> None:
    """ListCampaigns lists a new campaign once, among those of its instance."""
    campaign_id = create_campaign(story)
    instance_filter = {"instanceIdFilter": {"value": story.instance_id, "operator": "Eq"}}
    summaries = entries(
        story.clients.campaigns_v2.list_campaigns, "campaignSummaryList", filters=instance_filter
    )
    ids = [summary["id"] for summary in summaries]
    story.expect("ListCampaigns", {"Times": 1}, {"Times": ids.count(campaign_id)})


@writes("required-members-of-a-campaign")
def campaign_with_agents_needs_a_queue(story: Story) -> None:
    """CreateCampaign fails with ValidationException 400 for a progressive campaign without a queue."""
    telephony = campaign_parameters(story)["channelSubtypeConfig"]["telephony"]
    del telephony["connectQueueId"]
    story.expect_error(
        "CreateCampaign",
        "ValidationException",
        400,
        create_campaign,
        story=story,
        channelSubtypeConfig={"telephony": telephony},
    )


@writes("a-queue-in-use")
def queue_of_a_campaign_is_not_deleted(story: Story) -> None:
    """DeleteQueue fails with ResourceInUseException 409 while a campaign uses the queue."""
    parameters = campaign_parameters(story)
    create_campaign(story, **parameters)
    story.expect_error(
        "DeleteQueue",
        "ResourceInUseException",
        409,
        story.connect.delete_queue,
        InstanceId=story.instance_id,
        QueueId=parameters["channelSubtypeConfig"]["telephony"]["connectQueueId"],
    )


@reads("an-instance-that-is-not-onboarded")
def configuration_of_unknown_instance_is_not_found_by_version_1(story: Story) -> None:
    """GetConnectInstanceConfig of version 1 fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "GetConnectInstanceConfig",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.get_connect_instance_config,
        connectInstanceId=UNKNOWN_ID,
    )


@reads("constraint-violations")
def campaign_page_size_over_the_maximum_is_refused(story: Story) -> None:
    """ListCampaigns of version 1 fails with ValidationException 400 for maxResults=51."""
    story.expect_error(
        "ListCampaigns", "ValidationException", 400, story.clients.campaigns_v1.list_campaigns, maxResults=51
    )


@reads("unknown-ids")
def state_of_unknown_campaign_is_not_found(story: Story) -> None:
    """GetCampaignState of version 1 fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "GetCampaignState",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.get_campaign_state,
        id=UNKNOWN_ID,
    )


@writes("unknown-ids")
def unknown_campaign_is_not_stopped(story: Story) -> None:
    """StopCampaign of version 1 fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "StopCampaign",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.stop_campaign,
        id=UNKNOWN_ID,
    )


@writes("unknown-ids")
def unknown_campaign_is_not_deleted(story: Story) -> None:
    """DeleteCampaign of version 1 fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DeleteCampaign",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.delete_campaign,
        id=UNKNOWN_ID,
    )


@reads("resources-that-have-tags")
def tags_of_an_unknown_campaign_are_not_found(story: Story) -> None:
    """ListTagsForResource of version 1 fails with ResourceNotFoundException 404 for an unknown campaign."""
    instance_arn = story.connect.describe_instance(InstanceId=story.instance_id)["Instance"]["Arn"]
    arn = f"{instance_arn.partition(':instance/')[0]}:campaign/{UNKNOWN_ID}"
    story.expect_error(
        "ListTagsForResource",
        "ResourceNotFoundException",
        404,
        story.clients.campaigns_v1.list_tags_for_resource,
        arn=arn.replace(":connect:", ":connect-campaigns:"),
    )
