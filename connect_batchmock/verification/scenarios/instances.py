"""Scenarios about an instance, its attributes, and what every instance has from the start."""

from __future__ import annotations

from connect_batchmock.verification.scenario import reads
from connect_batchmock.verification.scenarios.resources import UNKNOWN_ID, entries, pages
from connect_batchmock.verification.story import Story, error_of


@reads("an-instance-is-ready-at-once")
def instance_is_described(story: Story) -> None:
    """DescribeInstance returns the id, an ARN that ends with it, and a service-linked role."""
    instance = story.connect.describe_instance(InstanceId=story.instance_id)["Instance"]
    observed = {
        "Id": instance["Id"],
        "Arn ends with": instance["Arn"].rpartition(":")[2],
        "InstanceStatus": instance["InstanceStatus"],
        "ServiceRole has AWSServiceRoleForAmazonConnect": "/AWSServiceRoleForAmazonConnect"
        in instance.get("ServiceRole", ""),
    }
    expected = {
        "Id": story.instance_id,
        "Arn ends with": f"instance/{story.instance_id}",
        "InstanceStatus": "ACTIVE",
        "ServiceRole has AWSServiceRoleForAmazonConnect": True,
    }
    story.expect("DescribeInstance", expected, observed)


@reads("an-instance-is-ready-at-once")
def instance_is_listed(story: Story) -> None:
    """ListInstances lists the instance once."""
    summaries = entries(story.connect.list_instances, "InstanceSummaryList")
    matches = [summary["InstanceStatus"] for summary in summaries if summary["Id"] == story.instance_id]
    story.expect("ListInstances", {"InstanceStatus": ["ACTIVE"]}, {"InstanceStatus": matches})


@reads("unknown-ids")
def unknown_instance_is_not_found(story: Story) -> None:
    """DescribeInstance fails with ResourceNotFoundException 404 for an id that no instance has."""
    story.expect_error(
        "DescribeInstance",
        "ResourceNotFoundException",
        404,
        story.connect.describe_instance,
        InstanceId=UNKNOWN_ID,
    )


@reads("unknown-ids")
def queues_of_unknown_instance_are_not_found(story: Story) -> None:
    """ListQueues fails with ResourceNotFoundException 404 for an id that no instance has."""
    story.expect_error(
        "ListQueues", "ResourceNotFoundException", 404, story.connect.list_queues, InstanceId=UNKNOWN_ID
    )


@reads("instance-attributes")
def instance_attributes_are_listed(story: Story) -> None:
    """ListInstanceAttributes returns each attribute once, and each value is true or false."""
    attributes = entries(story.connect.list_instance_attributes, "Attributes", InstanceId=story.instance_id)
    names = [attribute["AttributeType"] for attribute in attributes]
    observed = {
        "Each type is listed once": len(names) == len(set(names)),
        "Values other than true and false": sorted(
            {attribute["Value"] for attribute in attributes} - {"true", "false"}
        ),
        "Types that are missing": sorted({"INBOUND_CALLS", "OUTBOUND_CALLS", "EARLY_MEDIA"} - {*names}),
    }
    expected = {
        "Each type is listed once": True,
        "Values other than true and false": [],
        "Types that are missing": [],
    }
    story.expect("ListInstanceAttributes", expected, observed)


@reads("instance-attributes")
def instance_attribute_is_described_as_listed(story: Story) -> None:
    """DescribeInstanceAttribute returns the value that ListInstanceAttributes lists."""
    attributes = entries(story.connect.list_instance_attributes, "Attributes", InstanceId=story.instance_id)
    values = {attribute["AttributeType"]: attribute["Value"] for attribute in attributes}
    response = story.connect.describe_instance_attribute(
        InstanceId=story.instance_id, AttributeType="OUTBOUND_CALLS"
    )
    expected = {"AttributeType": "OUTBOUND_CALLS", "Value": values.get("OUTBOUND_CALLS")}
    story.expect("DescribeInstanceAttribute", expected, response["Attribute"])


@reads("constraint-violations")
def unknown_attribute_type_is_refused(story: Story) -> None:
    """DescribeInstanceAttribute fails with InvalidParameterException 400 for an unknown type."""
    story.expect_error(
        "DescribeInstanceAttribute",
        "InvalidParameterException",
        400,
        story.connect.describe_instance_attribute,
        InstanceId=story.instance_id,
        AttributeType="NO_SUCH_ATTRIBUTE",
    )


@reads("constraint-violations")
def page_size_zero_is_refused(story: Story) -> None:
    """ListQueues fails with InvalidParameterException 400 for MaxResults=0."""
    story.expect_error(
        "ListQueues",
        "InvalidParameterException",
        400,
        story.connect.list_queues,
        InstanceId=story.instance_id,
        MaxResults=0,
    )


@reads("constraint-violations")
def page_size_over_the_maximum_is_refused(story: Story) -> None:
    """ListQueues fails with InvalidParameterException 400 for MaxResults=1001."""
    story.expect_error(
        "ListQueues",
        "InvalidParameterException",
        400,
        story.connect.list_queues,
        InstanceId=story.instance_id,
        MaxResults=1001,
    )


@reads("pages")
def invalid_next_token_is_refused(story: Story) -> None:
    """ListQueues fails with InvalidParameterException 400 for a NextToken that it has not returned."""
    story.expect_error(
        "ListQueues",
        "InvalidParameterException",
        400,
        story.connect.list_queues,
        InstanceId=story.instance_id,
        NextToken="no token",
    )


@reads("the-form-of-an-error")
def error_names_its_code_in_a_header(story: Story) -> None:
    """An error has its code in the header x-amzn-ErrorType, and its message in the body."""
    seen = {}

    def look(http_response: object, parsed: dict[str, object], **_: object) -> None:
        seen["header"] = http_response.headers.get("x-amzn-ErrorType", "")  # type: ignore[attr-defined]  # botocore has no types
        seen["body"] = http_response.content  # type: ignore[attr-defined]  # botocore has no types

    events = story.connect.meta.events
    events.register("after-call.connect.DescribeInstance", look)
    try:
        error_of(story.connect.describe_instance, InstanceId=UNKNOWN_ID)
    finally:
        events.unregister("after-call.connect.DescribeInstance", look)
    observed = {
        "x-amzn-ErrorType": str(seen["header"]).partition(":")[0],
        "The body has a message": b'essage"' in seen["body"],
    }
    expected = {"x-amzn-ErrorType": "ResourceNotFoundException", "The body has a message": True}
    story.expect("DescribeInstance", expected, observed)


@reads("resources-that-have-tags")
def tags_of_an_unknown_resource_are_not_found(story: Story) -> None:
    """ListTagsForResource fails with ResourceNotFoundException 404 for the ARN of no queue."""
    arn = story.connect.describe_instance(InstanceId=story.instance_id)["Instance"]["Arn"]
    story.expect_error(
        "ListTagsForResource",
        "ResourceNotFoundException",
        404,
        story.connect.list_tags_for_resource,
        resourceArn=f"{arn}/queue/{UNKNOWN_ID}",
    )


@reads("what-a-new-instance-has")
def basic_hours_exist(story: Story) -> None:
    """An instance has the hours of operation Basic Hours."""
    summaries = entries(
        story.connect.list_hours_of_operations, "HoursOfOperationSummaryList", InstanceId=story.instance_id
    )
    names = [summary["Name"] for summary in summaries]
    story.expect(
        "ListHoursOfOperations", {"Has Basic Hours": True}, {"Has Basic Hours": "Basic Hours" in names}
    )


@reads("what-a-new-instance-has")
def basic_queue_exists(story: Story) -> None:
    """An instance has the queue BasicQueue."""
    summaries = entries(story.connect.list_queues, "QueueSummaryList", InstanceId=story.instance_id)
    names = [summary.get("Name") for summary in summaries]
    story.expect("ListQueues", {"Has BasicQueue": True}, {"Has BasicQueue": "BasicQueue" in names})


@reads("what-a-new-instance-has")
def default_flows_exist(story: Story) -> None:
    """An instance has the eight default flows."""
    summaries = entries(
        story.connect.list_contact_flows, "ContactFlowSummaryList", InstanceId=story.instance_id
    )
    names = {summary["Name"] for summary in summaries}
    subjects = (
        "agent hold",
        "agent transfer",
        "agent whisper",
        "customer hold",
        "customer queue",
        "customer whisper",
        "outbound",
        "queue transfer",
    )
    missing = [name for subject in subjects if (name := f"Default {subject}") not in names]
    story.expect("ListContactFlows", {"Missing": []}, {"Missing": missing})


@reads("unknown-ids")
def unknown_hours_are_not_found(story: Story) -> None:
    """DescribeHoursOfOperation fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeHoursOfOperation",
        "ResourceNotFoundException",
        404,
        story.connect.describe_hours_of_operation,
        InstanceId=story.instance_id,
        HoursOfOperationId=UNKNOWN_ID,
    )


@reads("pages")
def pages_hold_each_queue_once(story: Story) -> None:
    """ListQueues with MaxResults=1 returns the same queues as one page, one on each page."""
    sizes = []
    listed: list[str] = []
    for page in pages(
        story.connect.list_queues, "QueueSummaryList", InstanceId=story.instance_id, MaxResults=1
    ):
        sizes.append(len(page))
        listed += [summary["Id"] for summary in page]
    whole = entries(story.connect.list_queues, "QueueSummaryList", InstanceId=story.instance_id)
    observed = {
        "Pages with more than one queue": sum(size > 1 for size in sizes),
        "Queues that are listed twice": len(listed) - len(set(listed)),
        "The pages hold the same queues as one page": {*listed} == {summary["Id"] for summary in whole},
    }
    expected = {
        "Pages with more than one queue": 0,
        "Queues that are listed twice": 0,
        "The pages hold the same queues as one page": True,
    }
    story.expect("ListQueues", expected, observed)


@reads("an-arn-as-instanceid")
def arn_is_no_instance_id(story: Story) -> None:
    """ListQueues fails with ResourceNotFoundException 404 for the ARN of the instance as InstanceId."""
    arn = story.connect.describe_instance(InstanceId=story.instance_id)["Instance"]["Arn"]
    story.expect_error(
        "ListQueues", "ResourceNotFoundException", 404, story.connect.list_queues, InstanceId=arn
    )


@reads("the-statuses-of-an-instance")
def available_and_offline_exist(story: Story) -> None:
    """An instance has the agent statuses Available, which is routable, and Offline."""
    summaries = entries(
        story.connect.list_agent_statuses, "AgentStatusSummaryList", InstanceId=story.instance_id
    )
    types = {summary["Name"]: summary["Type"] for summary in summaries}
    story.expect("ListAgentStatuses", {"Available": "ROUTABLE", "Offline": "OFFLINE"}, types)


@reads("routing-profiles")
def basic_routing_profile_exists(story: Story) -> None:
    """An instance has the routing profile Basic Routing Profile."""
    summaries = entries(
        story.connect.list_routing_profiles, "RoutingProfileSummaryList", InstanceId=story.instance_id
    )
    names = [summary["Name"] for summary in summaries]
    observed = {"Has Basic Routing Profile": "Basic Routing Profile" in names}
    story.expect("ListRoutingProfiles", {"Has Basic Routing Profile": True}, observed)


@reads("unknown-ids")
def unknown_user_is_not_found(story: Story) -> None:
    """DescribeUser fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeUser",
        "ResourceNotFoundException",
        404,
        story.connect.describe_user,
        InstanceId=story.instance_id,
        UserId=UNKNOWN_ID,
    )


@reads("searching-users")
def user_search_by_another_field_is_refused(story: Story) -> None:
    """SearchUsers fails with InvalidParameterException 400 for a field that it does not search."""
    condition = {"FieldName": "colour", "Value": "blue", "ComparisonType": "EXACT"}
    story.expect_error(
        "SearchUsers",
        "InvalidParameterException",
        400,
        story.connect.search_users,
        InstanceId=story.instance_id,
        SearchCriteria={"StringCondition": condition},
    )
