"""Scenarios about contacts, metrics and phone numbers, which create nothing."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from connect_batchmock.verification.scenario import reads, writes
from connect_batchmock.verification.scenarios.resources import UNKNOWN_ID
from connect_batchmock.verification.story import Story


@reads("unknown-ids")
def unknown_contact_is_not_found(story: Story) -> None:
    """DescribeContact fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribeContact",
        "ResourceNotFoundException",
        404,
        story.connect.describe_contact,
        InstanceId=story.instance_id,
        ContactId=UNKNOWN_ID,
    )


@reads("unknown-ids")
def attributes_of_unknown_contact_are_not_found(story: Story) -> None:
    """GetContactAttributes fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "GetContactAttributes",
        "ResourceNotFoundException",
        404,
        story.connect.get_contact_attributes,
        InstanceId=story.instance_id,
        InitialContactId=UNKNOWN_ID,
    )


@reads("time-ranges")
def search_of_an_inverted_time_range_is_refused(story: Story) -> None:
    """SearchContacts fails with InvalidParameterException 400 for a range that ends before it starts."""
    now = datetime.now(timezone.utc)
    story.expect_error(
        "SearchContacts",
        "InvalidParameterException",
        400,
        story.connect.search_contacts,
        InstanceId=story.instance_id,
        TimeRange={
            "Type": "INITIATION_TIMESTAMP",
            "StartTime": now,
            "EndTime": now - timedelta(days=1),
        },
    )


@reads("unknown-ids")
def unknown_phone_number_is_not_found(story: Story) -> None:
    """DescribePhoneNumber fails with ResourceNotFoundException 404 for an unknown id."""
    story.expect_error(
        "DescribePhoneNumber",
        "ResourceNotFoundException",
        404,
        story.connect.describe_phone_number,
        PhoneNumberId=UNKNOWN_ID,
    )


@reads("numbers-on-offer")
def prefix_without_a_plus_sign_is_refused(story: Story) -> None:
    """SearchAvailablePhoneNumbers fails with InvalidParameterException 400 for a prefix without a plus."""
    arn = story.connect.describe_instance(InstanceId=story.instance_id)["Instance"]["Arn"]
    story.expect_error(
        "SearchAvailablePhoneNumbers",
        "InvalidParameterException",
        400,
        story.connect.search_available_phone_numbers,
        TargetArn=arn,
        PhoneNumberCountryCode="US",
        PhoneNumberType="DID",
        PhoneNumberPrefix="1206",
    )


@reads("the-scope-of-metrics")
def metrics_of_an_unknown_queue_are_empty(story: Story) -> None:
    """GetCurrentMetricData returns an empty list for a queue of which nothing is known."""
    response = story.connect.get_current_metric_data(
        InstanceId=story.instance_id,
        Filters={"Queues": [UNKNOWN_ID], "Channels": ["VOICE"]},
        CurrentMetrics=[{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}],
    )
    story.expect("GetCurrentMetricData", {"MetricResults": []}, response)


@reads("the-order-of-search-results")
def latest_contacts_are_found_first(story: Story) -> None:
    """SearchContacts without Sort returns the contacts that were initiated last first."""
    now = datetime.now(timezone.utc)
    response = story.connect.search_contacts(
        InstanceId=story.instance_id,
        TimeRange={"Type": "INITIATION_TIMESTAMP", "StartTime": now - timedelta(days=7), "EndTime": now},
    )
    times = [contact["InitiationTimestamp"] for contact in response["Contacts"]]
    observed = {"In order": times == sorted(times, reverse=True)}
    story.expect("SearchContacts", {"In order": True}, observed)


@writes("stopping-a-contact-twice")
def unknown_contact_is_gone(story: Story) -> None:
    """StopContact fails with ContactNotFoundException 410 for an unknown id."""
    story.expect_error(
        "StopContact",
        "ContactNotFoundException",
        410,
        story.connect.stop_contact,
        InstanceId=story.instance_id,
        ContactId=UNKNOWN_ID,
    )
