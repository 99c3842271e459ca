"""assert_no_customer_called_too_often: customers who were called more often than allowed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from factories import AnItem, Put

from connect_batchmock import Campaign, ConnectMock, Instance, outcomes

START = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
SMITH, JONES = "+12125550100", "+12125550101"

Dial = Callable[..., list[str]]


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveler:
        yield traveler


@pytest.fixture
def spring(connect_instance: Instance) -> Campaign:
    return connect_instance.add_campaign("Spring", mode="agentless")


@pytest.fixture
def summer(connect_instance: Instance) -> Campaign:
    return connect_instance.add_campaign("Summer", mode="agentless")


@pytest.fixture
def dial(connect_mock: ConnectMock, spring: Campaign, put: Put, an_item: AnItem, clock: Any) -> Dial:
    """Dial a number at some times, in days since the start, and return the ids of the contacts."""
    connect_mock.on_dial(outcomes.busy())

    def dial(*days: float, number: str = SMITH, campaign: Campaign = spring) -> list[str]:
        ids = []
        for day in days:
            clock.move_to(START + timedelta(days=day))
            endpoint = {"Type": "TELEPHONE_NUMBER", "Address": number}
            put(an_item(CustomerEndpoint=endpoint, Campaign={"CampaignId": campaign.id}))
            ids.append(connect_mock.contacts[-1].id)
        return ids

    return dial


def limits(*pairs: tuple[int, int], **handling: str) -> dict[str, Any]:
    listed = [{"maxCountPerRecipient": count, "frequency": days, "unit": "DAY"} for count, days in pairs]
    return {"allChannelSubtypes": {"communicationLimitsList": listed}, **handling}


def story(assertion: Callable[..., None], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **kwargs)
    return str(caught.value)


# The limit of the test


def test_the_message_names_the_customer_and_the_attempts(connect_mock: ConnectMock, dial: Dial) -> None:
    dial(0)
    first, second, third = dial(7, 8, 13.5)
    dial(14, number=JONES)
    assert story(connect_mock.assert_no_customer_called_too_often, 2, days=7) == (
        "1 customer was called more often than allowed:\n"
        "\n"
        "  1. +12125550100, campaign 'Spring'\n"
        "       3 phone calls within 7 days, where limit= allows 2:\n"
        f"       2026-01-12 09:00:00 UTC: {first}\n"
        f"       2026-01-13 09:00:00 UTC: {second}\n"
        f"       2026-01-18 21:00:00 UTC: {third}\n"
        "\n"
        "Every phone call counts, answered or not, and a day has 24 hours. Count the phone calls of\n"
        "a customer before you send another request: the mock dials what it gets."
    )


def test_a_day_ends_after_24_hours(connect_mock: ConnectMock, dial: Dial) -> None:
    dial(0, 1)
    connect_mock.assert_no_customer_called_too_often(1, 1)
    dial(2 - 1 / 86400)
    assert "2 phone calls within 1 day, where limit= allows 1" in story(
        connect_mock.assert_no_customer_called_too_often, 1, 1
    )
    connect_mock.assert_no_customer_called_too_often(3, 2)
    connect_mock.assert_no_customer_called_too_often(3, 10**12)


@pytest.mark.parametrize("outcome", [outcomes.answered(), outcomes.no_answer(), outcomes.invalid_number()])
def test_any_attempt_counts(connect_mock: ConnectMock, dial: Dial, outcome: Any) -> None:
    connect_mock.on_dial(outcome)
    dial(0, 0.5)
    assert "2 phone calls within 1 day" in story(connect_mock.assert_no_customer_called_too_often, 1, 1)


def test_a_contact_that_is_not_dialed_does_not_count(
    connect_mock: ConnectMock, dial: Dial, connect_instance: Instance
) -> None:
    dial(0)
    paused = connect_instance.add_campaign("Paused", mode="agentless")
    paused.start()
    paused.pause()
    dial(0.1, 0.2, campaign=paused)
    connect_mock.assert_no_customer_called_too_often(1, 1)


def test_calls_count_over_campaigns_or_in_one(
    connect_mock: ConnectMock, dial: Dial, spring: Campaign, summer: Campaign
) -> None:
    dial(0)
    dial(0.5, campaign=summer)
    message = story(connect_mock.assert_no_customer_called_too_often, 1, 1)
    assert "campaign 'Spring'" in message
    assert "campaign 'Summer'" in message
    connect_mock.assert_no_customer_called_too_often(1, 1, campaign=spring)
    connect_mock.assert_no_customer_called_too_often(1, 1, campaign=summer.id)


def test_a_long_list_of_attempts_is_cut(connect_mock: ConnectMock, dial: Dial) -> None:
    contacts = dial(*(number / 100 for number in range(12)))
    dial(0, 0.1, number=JONES)
    message = story(connect_mock.assert_no_customer_called_too_often, 1, 1)
    assert message.startswith("2 customers were called more often than allowed:")
    assert contacts[7] in message
    assert "… 3 more phone calls …" in message
    assert not any(contact in message for contact in contacts[8:11])
    assert contacts[11] in message


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"limit": 3},
            TypeError,
            "limit= needs days=: pass both, or neither for the limits of the campaigns",
        ),
        ({"days": 3}, TypeError, "days= needs limit=: pass both"),
        ({"limit": "3", "days": 7}, TypeError, "limit= takes an integer from 1 on, not '3'"),
        ({"limit": True, "days": 7}, TypeError, "limit= takes an integer from 1 on, not True"),
        ({"limit": 0, "days": 7}, ValueError, "limit= takes an integer from 1 on, not 0"),
        ({"limit": 3, "days": -1}, ValueError, "days= takes an integer from 1 on, not -1"),
        ({"limit": 3, "days": 1.5}, TypeError, "days= takes an integer from 1 on, not 1.5"),
        ({"limit": 3, "days": 1, "campain": "x"}, TypeError, "no criterion 'campain'"),
    ],
)
def test_invalid_limits_are_refused(
    connect_mock: ConnectMock, arguments: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        connect_mock.assert_no_customer_called_too_often(**arguments)


# The limits of campaigns and instances


def test_the_campaign_s_own_limits_hold(
    connect_mock: ConnectMock, dial: Dial, spring: Campaign, summer: Campaign, connectcampaignsv2_client: Any
) -> None:
    for campaign, config in ((spring, limits((1, 1), (3, 7))), (summer, limits((5, 1)))):
        connectcampaignsv2_client.update_campaign_communication_limits(
            id=campaign.id, communicationLimitsOverride=config
        )
    dial(0, 1, 2)
    dial(2.1, 2.2, campaign=summer)
    connect_mock.assert_no_customer_called_too_often()
    dial(3)
    message = story(connect_mock.assert_no_customer_called_too_often)
    assert "4 phone calls within 7 days, where campaign 'Spring' allows 3:" in message
    assert "Summer" not in message
    dial(3.5)
    message = story(connect_mock.assert_no_customer_called_too_often)
    assert "2 phone calls within 1 day, where campaign 'Spring' allows 1" in message


def test_the_instance_s_limits_hold_over_its_campaigns(
    connect_mock: ConnectMock,
    dial: Dial,
    connect_instance: Instance,
    summer: Campaign,
    connectcampaignsv2_client: Any,
) -> None:
    connectcampaignsv2_client.put_instance_communication_limits(
        connectInstanceId=connect_instance.id, communicationLimitsConfig=limits((2, 7))
    )
    dial(0)
    dial(1, campaign=summer)
    connect_mock.assert_no_customer_called_too_often()
    dial(2, campaign=summer)
    message = story(connect_mock.assert_no_customer_called_too_often)
    assert f"3 phone calls within 7 days, where instance {connect_instance.alias!r} allows 2" in message
    connect_mock.assert_no_customer_called_too_often(campaign=summer)


def test_a_campaign_can_opt_out_of_the_instance_s_limits(
    connect_mock: ConnectMock,
    dial: Dial,
    connect_instance: Instance,
    summer: Campaign,
    connectcampaignsv2_client: Any,
) -> None:
    connectcampaignsv2_client.put_instance_communication_limits(
        connectInstanceId=connect_instance.id, communicationLimitsConfig=limits((2, 7))
    )
    connectcampaignsv2_client.update_campaign_communication_limits(
        id=summer.id,
        communicationLimitsOverride=limits((5, 1), instanceLimitsHandling="OPT_OUT"),
    )
    dial(0, 1)
    dial(2, 2.1, 2.2, campaign=summer)
    connect_mock.assert_no_customer_called_too_often()
    dial(3)
    message = story(connect_mock.assert_no_customer_called_too_often)
    assert "6 phone calls within 7 days" in message
    assert message.count("campaign 'Summer'") == 3


def test_a_campaign_without_limits_fails_with_the_remedy(
    connect_mock: ConnectMock, dial: Dial, spring: Campaign, connectcampaignsv2_client: Any
) -> None:
    dial(0, 30)
    remedy = (
        "No limit is known for 2 phone calls of campaign 'Spring': pass limit= and days=, or configure one "
        "with UpdateCampaignCommunicationLimits or PutInstanceCommunicationLimits."
    )
    assert " ".join(story(connect_mock.assert_no_customer_called_too_often).split()) == remedy
    connectcampaignsv2_client.update_campaign_communication_limits(
        id=spring.id, communicationLimitsOverride={"instanceLimitsHandling": "OPT_OUT"}
    )
    assert " ".join(story(connect_mock.assert_no_customer_called_too_often).split()) == remedy


def test_a_call_without_a_campaign_needs_the_test_s_limit(
    connect_mock: ConnectMock, connect_client: Any, connect_instance: Instance
) -> None:
    for _ in range(2):
        connect_client.start_outbound_voice_contact(
            InstanceId=connect_instance.id,
            DestinationPhoneNumber=SMITH,
            ContactFlowId="any",
            SourcePhoneNumber="+18005550199",
        )
    assert connect_mock.contacts[1].dialed_at is not None
    remedy = "No limit is known for 2 phone calls without a campaign: pass limit= and days=."
    assert " ".join(story(connect_mock.assert_no_customer_called_too_often).split()) == remedy
    assert "2 phone calls within 1 day" in story(connect_mock.assert_no_customer_called_too_often, 1, 1)


def test_a_customer_over_two_limits_is_listed_for_each(
    connect_mock: ConnectMock, dial: Dial, spring: Campaign, summer: Campaign, connectcampaignsv2_client: Any
) -> None:
    connectcampaignsv2_client.update_campaign_communication_limits(
        id=spring.id, communicationLimitsOverride=limits((1, 1), (2, 30))
    )
    dial(0, 0.5, 29)
    dial(29, campaign=summer)
    message = story(connect_mock.assert_no_customer_called_too_often)
    said = " ".join(message.split())
    number = "+12125550100, campaign 'Spring'"
    assert f"1. {number} 2 phone calls within 1 day, where campaign 'Spring' allows 1:" in said
    assert f"2. {number} 3 phone calls within 30 days, where campaign 'Spring' allows 2:" in said
    assert "No limit is known for 1 phone call of campaign 'Summer'" in message


# The settings themselves


def test_a_test_reads_copies_of_the_settings(
    connect_instance: Instance, spring: Campaign, connectcampaignsv2_client: Any
) -> None:
    time = {"localTimeZoneConfig": {"defaultTimeZone": "UTC"}}
    assert spring.communication_time == spring.communication_limits == {}
    assert connect_instance.communication_limits == {}
    connectcampaignsv2_client.update_campaign_communication_time(id=spring.id, communicationTimeConfig=time)
    connectcampaignsv2_client.update_campaign_communication_limits(
        id=spring.id, communicationLimitsOverride=limits((1, 1))
    )
    connectcampaignsv2_client.put_instance_communication_limits(
        connectInstanceId=connect_instance.id, communicationLimitsConfig=limits((2, 7))
    )
    for _ in range(2):
        assert spring.communication_time == time
        assert spring.communication_limits == limits((1, 1))
        assert connect_instance.communication_limits == limits((2, 7))
        spring.communication_time["localTimeZoneConfig"].clear()
        spring.communication_limits["allChannelSubtypes"].clear()
        connect_instance.communication_limits["allChannelSubtypes"].clear()
