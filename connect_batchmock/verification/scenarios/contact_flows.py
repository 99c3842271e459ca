"""Scenarios about contact flows."""

from __future__ import annotations

from connect_batchmock.verification.scenario import reads, writes
from connect_batchmock.verification.scenarios.resources import (
    FLOW_CONTENT,
    UNKNOWN_ID,
    create_flow,
    create_queue,
)
from connect_batchmock.verification.story import Story


@reads("unknown-ids")
def unknown_flow_is_not_found(story: Story) -> None:
    """DescribeContactFlow fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeContactFlow",
        "ResourceNotFoundException",
        404,
        story.connect.describe_contact_flow,
        InstanceId=story.instance_id,
        ContactFlowId=UNKNOWN_ID,
    )


@writes("a-flow-that-is-only-saved")
def published_flow_is_described_as_created(story: Story) -> None:
    """DescribeContactFlow returns the name, the type and the content of a published flow."""
    name = story.new_name()
    flow_id = create_flow(story, Name=name)
    response = story.connect.describe_contact_flow(InstanceId=story.instance_id, ContactFlowId=flow_id)
    expected = {
        "Id": flow_id,
        "Name": name,
        "Type": "CONTACT_FLOW",
        "Content": FLOW_CONTENT,
        "State": "ACTIVE",
    }
    story.expect("DescribeContactFlow", expected, response["ContactFlow"])


@writes("a-flow-that-is-only-saved")
def saved_flow_is_not_published(story: Story) -> None:
    """DescribeContactFlow fails with ContactFlowNotPublishedException 404 for a flow that is only saved."""
    story.expect_error(
        "DescribeContactFlow",
        "ContactFlowNotPublishedException",
        404,
        story.connect.describe_contact_flow,
        InstanceId=story.instance_id,
        ContactFlowId=create_flow(story, Status="SAVED"),
    )


@writes("a-flow-that-is-only-saved")
def saved_flow_is_described_by_its_alias(story: Story) -> None:
    """DescribeContactFlow describes a flow that is only saved by its id with :$SAVED appended."""
    name = story.new_name()
    flow_id = create_flow(story, Name=name, Status="SAVED")
    response = story.connect.describe_contact_flow(
        InstanceId=story.instance_id, ContactFlowId=f"{flow_id}:$SAVED"
    )
    story.expect("DescribeContactFlow", {"Name": name}, response["ContactFlow"])


@writes("the-content-of-a-flow")
def invalid_content_is_not_published(story: Story) -> None:
    """CreateContactFlow fails with InvalidContactFlowException 400 for content that is no JSON."""
    story.expect_error(
        "CreateContactFlow", "InvalidContactFlowException", 400, create_flow, story=story, Content="no flow"
    )


@writes("names-that-are-taken")
def name_of_a_flow_is_taken_once(story: Story) -> None:
    """CreateContactFlow fails with DuplicateResourceException 409 for a name that is taken."""
    name = story.new_name()
    create_flow(story, Name=name)
    story.expect_error(
        "CreateContactFlow", "DuplicateResourceException", 409, create_flow, story=story, Name=name
    )


@writes("changing-names")
def flow_has_its_new_name(story: Story) -> None:
    """UpdateContactFlowName changes the name and keeps the description."""
    parameters = {
        "InstanceId": story.instance_id,
        "ContactFlowId": create_flow(story, Description="Created to be read"),
    }
    name = story.new_name()
    story.connect.update_contact_flow_name(**parameters, Name=name)
    response = story.connect.describe_contact_flow(**parameters)
    expected = {"Name": name, "Description": "Created to be read"}
    story.expect("DescribeContactFlow", expected, response["ContactFlow"])


@writes("unknown-ids")
def deleted_flow_is_not_found(story: Story) -> None:
    """DescribeContactFlow fails with ResourceNotFoundException 404 after the deletion."""
    parameters = {"InstanceId": story.instance_id, "ContactFlowId": create_flow(story)}
    story.connect.delete_contact_flow(**parameters)
    story.expect_error(
        "DescribeContactFlow",
        "ResourceNotFoundException",
        404,
        story.connect.describe_contact_flow,
        **parameters,
    )


@writes("a-flow-in-use")
def flow_of_a_queue_is_not_deleted(story: Story) -> None:
    """DeleteContactFlow fails with InvalidParameterException 400 for the outbound flow of a queue."""
    flow_id = create_flow(story, Type="OUTBOUND_WHISPER")
    create_queue(story, OutboundCallerConfig={"OutboundFlowId": flow_id})
    story.expect_error(
        "DeleteContactFlow",
        "InvalidParameterException",
        400,
        story.connect.delete_contact_flow,
        InstanceId=story.instance_id,
        ContactFlowId=flow_id,
    )
