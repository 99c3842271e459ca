"""Scenarios about queues and hours of operation."""

from __future__ import annotations

from connect_batchmock.verification.scenario import reads, writes
from connect_batchmock.verification.scenarios.resources import (
    UNKNOWN_ID,
    create_hours,
    create_queue,
    first_hours,
)
from connect_batchmock.verification.story import Story


@reads("unknown-ids")
def unknown_queue_is_not_found(story: Story) -> None:
    """DescribeQueue fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeQueue",
        "ResourceNotFoundException",
        404,
        story.connect.describe_queue,
        InstanceId=story.instance_id,
        QueueId=UNKNOWN_ID,
    )


@reads("searching-queues")
def queue_search_by_another_field_is_refused(story: Story) -> None:
    """SearchQueues fails with InvalidParameterException 400 for a field that it does not search."""
    condition = {"FieldName": "colour", "Value": "blue", "ComparisonType": "EXACT"}
    story.expect_error(
        "SearchQueues",
        "InvalidParameterException",
        400,
        story.connect.search_queues,
        InstanceId=story.instance_id,
        SearchCriteria={"StringCondition": condition},
    )


@writes("hours-of-operation")
def hours_are_described_as_created(story: Story) -> None:
    """DescribeHoursOfOperation returns the name, the time zone and the hours of CreateHoursOfOperation."""
    name = story.new_name()
    day = {
        "Day": "MONDAY",
        "StartTime": {"Hours": 8, "Minutes": 0},
        "EndTime": {"Hours": 17, "Minutes": 30},
    }
    hours_id = create_hours(story, Name=name, TimeZone="America/New_York", Config=[day])
    response = story.connect.describe_hours_of_operation(
        InstanceId=story.instance_id, HoursOfOperationId=hours_id
    )
    expected = {
        "HoursOfOperationId": hours_id,
        "Name": name,
        "TimeZone": "America/New_York",
        "Config": [day],
    }
    story.expect("DescribeHoursOfOperation", expected, response["HoursOfOperation"])


@writes("names-that-are-taken")
def name_of_hours_is_taken_once(story: Story) -> None:
    """CreateHoursOfOperation fails with DuplicateResourceException 409 for a name that is taken."""
    name = story.new_name()
    create_hours(story, Name=name)
    story.expect_error(
        "CreateHoursOfOperation", "DuplicateResourceException", 409, create_hours, story=story, Name=name
    )


@writes("hours-of-operation")
def hours_are_changed_in_part(story: Story) -> None:
    """UpdateHoursOfOperation changes the members that it is given, and keeps the others."""
    name = story.new_name()
    hours_id = create_hours(story, Name=name, TimeZone="UTC")
    story.connect.update_hours_of_operation(
        InstanceId=story.instance_id, HoursOfOperationId=hours_id, TimeZone="Europe/Paris"
    )
    response = story.connect.describe_hours_of_operation(
        InstanceId=story.instance_id, HoursOfOperationId=hours_id
    )
    expected = {"Name": name, "TimeZone": "Europe/Paris", "Config": []}
    story.expect("DescribeHoursOfOperation", expected, response["HoursOfOperation"])


@writes("hours-in-use")
def hours_in_use_are_not_deleted(story: Story) -> None:
    """DeleteHoursOfOperation fails with InvalidParameterException 400 while a queue uses the hours."""
    hours_id = create_hours(story)
    create_queue(story, HoursOfOperationId=hours_id)
    story.expect_error(
        "DeleteHoursOfOperation",
        "InvalidParameterException",
        400,
        story.connect.delete_hours_of_operation,
        InstanceId=story.instance_id,
        HoursOfOperationId=hours_id,
    )


@writes("unknown-ids")
def deleted_hours_are_not_found(story: Story) -> None:
    """DescribeHoursOfOperation fails with ResourceNotFoundException 404 after the deletion."""
    parameters = {"InstanceId": story.instance_id, "HoursOfOperationId": create_hours(story)}
    story.connect.delete_hours_of_operation(**parameters)
    story.expect_error(
        "DescribeHoursOfOperation",
        "ResourceNotFoundException",
        404,
        story.connect.describe_hours_of_operation,
        **parameters,
    )


@writes("the-status-of-a-queue")
def queue_is_described_as_created(story: Story) -> None:
    """DescribeQueue returns the name, the hours and the description; the queue is enabled."""
    name, hours_id = story.new_name(), first_hours(story)
    queue_id = create_queue(story, Name=name, HoursOfOperationId=hours_id, Description="Created to be read")
    response = story.connect.describe_queue(InstanceId=story.instance_id, QueueId=queue_id)
    expected = {
        "QueueId": queue_id,
        "Name": name,
        "Description": "Created to be read",
        "HoursOfOperationId": hours_id,
        "Status": "ENABLED",
    }
    story.expect("DescribeQueue", expected, response["Queue"])


@writes("the-size-of-a-queue")
def queue_has_no_limit_from_the_start(story: Story) -> None:
    """DescribeQueue returns no MaxContacts for a queue that was created without it."""
    response = story.connect.describe_queue(InstanceId=story.instance_id, QueueId=create_queue(story))
    observed = {"Has MaxContacts": "MaxContacts" in response["Queue"]}
    story.expect("DescribeQueue", {"Has MaxContacts": False}, observed)


@writes("the-size-of-a-queue")
def limit_of_a_queue_is_removed(story: Story) -> None:
    """UpdateQueueMaxContacts without MaxContacts removes the limit."""
    parameters = {"InstanceId": story.instance_id, "QueueId": create_queue(story, MaxContacts=5)}
    before = story.connect.describe_queue(**parameters)["Queue"].get("MaxContacts")
    story.connect.update_queue_max_contacts(**parameters)
    after = story.connect.describe_queue(**parameters)["Queue"].get("MaxContacts")
    story.expect("DescribeQueue", {"Before": 5, "After": None}, {"Before": before, "After": after})


@writes("names-that-are-taken")
def name_of_a_queue_is_taken_once(story: Story) -> None:
    """CreateQueue fails with DuplicateResourceException 409 for a name that is taken."""
    name = story.new_name()
    create_queue(story, Name=name)
    story.expect_error("CreateQueue", "DuplicateResourceException", 409, create_queue, story=story, Name=name)


@writes("unknown-ids")
def queue_with_unknown_hours_is_not_created(story: Story) -> None:
    """CreateQueue fails with ResourceNotFoundException 404 for unknown hours of operation."""
    story.expect_error(
        "CreateQueue",
        "ResourceNotFoundException",
        404,
        create_queue,
        story=story,
        HoursOfOperationId=UNKNOWN_ID,
    )


@writes("the-status-of-a-queue")
def disabled_queue_is_described_as_disabled(story: Story) -> None:
    """UpdateQueueStatus disables a queue, and DescribeQueue says so."""
    parameters = {"InstanceId": story.instance_id, "QueueId": create_queue(story)}
    story.connect.update_queue_status(**parameters, Status="DISABLED")
    story.expect("DescribeQueue", {"Status": "DISABLED"}, story.connect.describe_queue(**parameters)["Queue"])


@writes("constraint-violations")
def unknown_status_of_a_queue_is_refused(story: Story) -> None:
    """UpdateQueueStatus fails with InvalidParameterException 400 for an unknown status."""
    story.expect_error(
        "UpdateQueueStatus",
        "InvalidParameterException",
        400,
        story.connect.update_queue_status,
        InstanceId=story.instance_id,
        QueueId=create_queue(story),
        Status="ASLEEP",
    )


@writes("empty-ids")
def empty_number_of_a_queue_is_refused(story: Story) -> None:
    """CreateQueue fails with InvalidParameterException 400 for an empty OutboundCallerIdNumberId."""
    story.expect_error(
        "CreateQueue",
        "InvalidParameterException",
        400,
        create_queue,
        story=story,
        OutboundCallerConfig={"OutboundCallerIdNumberId": ""},
    )


@writes("resources-that-have-tags")
def tags_of_a_queue_are_listed(story: Story) -> None:
    """ListTagsForResource returns the tags of CreateQueue and TagResource, without those of UntagResource."""
    queue_id = create_queue(story, Tags={"team": "sales", "stage": "test"})
    queue = story.connect.describe_queue(InstanceId=story.instance_id, QueueId=queue_id)["Queue"]
    arn = queue["QueueArn"]
    story.connect.tag_resource(resourceArn=arn, tags={"color": "blue", "team": "support"})
    story.connect.untag_resource(resourceArn=arn, tagKeys=["stage", "absent"])
    response = story.connect.list_tags_for_resource(resourceArn=arn)
    story.expect("ListTagsForResource", {"tags": {"team": "support", "color": "blue"}}, response)


@writes("resources-that-have-tags")
def queue_without_tags_has_an_empty_map(story: Story) -> None:
    """ListTagsForResource returns an empty map for a queue without tags."""
    queue_id = create_queue(story)
    queue = story.connect.describe_queue(InstanceId=story.instance_id, QueueId=queue_id)["Queue"]
    response = story.connect.list_tags_for_resource(resourceArn=queue["QueueArn"])
    story.expect("ListTagsForResource", {"tags": {}}, {"tags": response.get("tags")})


@writes("unknown-ids")
def deleted_queue_is_not_found(story: Story) -> None:
    """DescribeQueue fails with ResourceNotFoundException 404 after the deletion."""
    parameters = {"InstanceId": story.instance_id, "QueueId": create_queue(story)}
    story.connect.delete_queue(**parameters)
    story.expect_error(
        "DescribeQueue", "ResourceNotFoundException", 404, story.connect.describe_queue, **parameters
    )


@writes("outbound-callers")
def queue_with_an_unknown_number_is_not_created(story: Story) -> None:
    """CreateQueue fails with ResourceNotFoundException 404 for an unknown OutboundCallerIdNumberId."""
    story.expect_error(
        "CreateQueue",
        "ResourceNotFoundException",
        404,
        create_queue,
        story=story,
        OutboundCallerConfig={"OutboundCallerIdNumberId": UNKNOWN_ID},
    )


@writes("numbers-and-times")
def number_of_33_bits_is_refused(story: Story) -> None:
    """CreateQueue fails with InvalidParameterException 400 for a MaxContacts of more than 32 bits."""
    story.expect_error(
        "CreateQueue", "InvalidParameterException", 400, create_queue, story=story, MaxContacts=2**32
    )
