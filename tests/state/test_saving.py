"""Saving the state of a mock: the file, what a file can say, and files that cannot be written."""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from checkout import EXAMPLE
from hypothesis import given
from hypothesis import strategies as st

from connect_batchmock import Campaign, ConnectMock, Instance, Queue, StateError, outcomes
from connect_batchmock.state.writer import to_json, to_toml

try:
    import tomllib
except ImportError:
    import tomli as tomllib

QUEUE_ID = "b41e7c08-52d9-4f6a-8e13-70c9d2a5f8e6"
PROFILE_ID = "0b1e2d3c4f5a4b6c8d7e9f0a1b2c3d4e"


def saved(connect_mock: ConnectMock, path: Path) -> ConnectMock:
    """Return a mock that begins with the saved state of another."""
    connect_mock.save(path)
    return ConnectMock(state=path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.toml"


# The file


FILE = """\
[[instances]]
alias = "sales"
id = "3f6d1c52-8a0e-4c57-9d43-2b7e5a90c1f4"
region = "us-east-1"

[[instances.phone_numbers]]
number = "+15555550199"
id = "0b1e2d3c-4f5a-4b6c-8d7e-9f0a1b2c3d4e"

[[instances.queues]]
name = "Renewals"
id = "b41e7c08-52d9-4f6a-8e13-70c9d2a5f8e6"
enabled = false

[[instances.agents]]
username = "anna"
id = "e92a5d37-1c64-4b80-a7f5-3d0b86c4e219"
queues = ["Renewals"]
first_name = "Anna"
last_name = "Jones"
status = "Offline"

[[instances.profiles]]
number = "+15555550100"
id = "7c1e2d3c4f5a4b6c8d7e9f0a1b2c3d4e"
attributes = { lead = "7" }
"""


def test_a_file_is_saved_as_it_was_written(path: Path) -> None:
    path.write_text(FILE)

    ConnectMock(state=path).save(path)

    assert path.read_text() == FILE


@pytest.mark.parametrize("name", ["state.toml", "state.json", "state.JSON"])
def test_the_example_is_restored_with_its_ids(tmp_path: Path, name: str) -> None:
    mock = ConnectMock(state=EXAMPLE)

    restored = saved(mock, tmp_path / name)

    assert restored.state() == mock.state()
    assert [queue.id for queue in restored.instances[0].queues] == [
        queue.id for queue in mock.instances[0].queues
    ]


def test_a_mock_without_instances_is_saved(path: Path) -> None:
    assert saved(ConnectMock(), path).instances == []
    assert path.read_text() == "instances = []\n"


@pytest.mark.parametrize("name", ["state", "state.yaml"])
def test_the_suffix_of_a_saved_file_is_checked(tmp_path: Path, name: str) -> None:
    with pytest.raises(StateError, match=r"ends in .toml or .json, which decides its format"):
        ConnectMock().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


documents = st.recursive(
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda values: (
        st.lists(values, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), values, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), documents, max_size=4))
def test_any_document_is_read_as_it_was_written(document: dict[str, Any]) -> None:
    assert tomllib.loads(to_toml(document)) == document
    assert tomllib.loads(to_toml({"tables": [document, document]})) == {"tables": [document, document]}


def test_json_is_readable() -> None:
    assert to_json({"name": "Händler"}) == '{\n  "name": "Händler"\n}\n'


# Files that cannot be written


def test_a_failing_write_leaves_the_former_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(FILE)

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StateError) as caught:
        ConnectMock().save(path)

    assert str(caught.value) == f"{path}: The state file {path} cannot be written: no space left on device."
    assert path.read_text() == FILE
    assert list(path.parent.iterdir()) == [path]


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be written: no such file or directory"):
        ConnectMock().save(tmp_path / "missing" / "state.toml")


@pytest.mark.parametrize("name", ["state.toml", "state.json"])
def test_a_text_without_an_encoding_is_reported(tmp_path: Path, name: str) -> None:
    mock = ConnectMock()
    mock.add_instance("\ud800")

    with pytest.raises(StateError, match=r"the text '\\ud800', which UTF-8 cannot encode"):
        mock.save(tmp_path / name)


def test_a_link_and_its_permissions_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "target.toml", tmp_path / "state.toml"
    target.write_text("")
    target.chmod(0o640)
    link.symlink_to(target)

    ConnectMock().save(link)

    assert link.is_symlink()
    assert target.read_text() == "instances = []\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


# What a file can say


def test_an_agent_on_a_phone_call_has_finished_it(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, path: Path
) -> None:
    (agent,) = connect_queue.add_agents(1)
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": connect_queue.id,
        "Campaign": {"CampaignId": connect_campaign.id},
    }
    connect_mock.on_dial(outcomes.answered(talk=60))
    connect_mock.client().batch_put_contact(
        InstanceId=connect_mock.instances[0].id, ContactDataRequestList=[item]
    )
    connect_mock.advance(10)
    agent.set_status("Offline")
    assert (agent.status, agent.activity) == ("Available", "ON_CALL")

    restored = saved(connect_mock, path)

    (restored_agent,) = restored.instances[0].agents
    assert (restored_agent.id, restored_agent.status) == (agent.id, "Offline")
    assert len(restored.contacts) == 0


def test_a_deleted_queue_is_kept_for_its_campaigns(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, path: Path
) -> None:
    for _ in range(2):
        connect_instance.add_campaign(queue=connect_queue)
    connect_queue.delete()

    (instance,) = saved(connect_mock, path).instances

    assert instance.queues == []
    assert [campaign.queue.id for campaign in instance.campaigns if campaign.queue] == [connect_queue.id] * 2
    assert instance.campaigns[0].queue == instance.campaigns[1].queue


def test_an_agent_may_serve_no_queue(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, path: Path
) -> None:
    connect_queue.add_agents(1)
    connect_queue.delete()

    (agent,) = saved(connect_mock, path).instances[0].agents

    assert agent.queues == []


def test_a_queue_may_have_the_id_of_another_as_its_name(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue, path: Path
) -> None:
    other = connect_instance.add_queue(connect_queue.id)
    connect_instance.add_agent(queues=[other.id])
    connect_instance.add_campaign(queue=other)

    (instance,) = saved(connect_mock, path).instances

    assert instance.campaigns[0].queue is not None
    assert instance.campaigns[0].queue.id == other.id
    assert instance.agents[0].queues[0].id == other.id


def test_a_schedule_that_is_over_is_saved(
    connect_mock: ConnectMock, connect_instance: Instance, path: Path
) -> None:
    path.write_text(SCHEDULED)

    (instance,) = ConnectMock(state=path).instances

    assert [campaign.state for campaign in instance.campaigns] == ["Completed", "Completed", "Stopped"]


SCHEDULED = "[[instances]]\n" + "".join(
    f'[[instances.campaigns]]\nname = "{state}"\nstate = "{state}"\n'
    "configuration.schedule = { startTime = 2020-01-01T09:00:00Z, endTime = '2020-01-01T17:00:00Z' }\n"
    for state in ("Running", "Completed", "Stopped")
)


def test_communication_limits_and_attributes_are_saved(
    connect_mock: ConnectMock, connect_instance: Instance, path: Path
) -> None:
    limit = {"maxCountPerRecipient": 1, "frequency": 1, "unit": "DAY"}
    limits = {"allChannelSubtypes": {"communicationLimitsList": [limit]}}
    connect_mock.client("connectcampaignsv2").put_instance_communication_limits(
        connectInstanceId=connect_instance.id, communicationLimitsConfig=limits
    )
    client = connect_mock.client()
    for name, value in [("EARLY_MEDIA", "false"), ("CONTACTFLOW_LOGS", "true"), ("OUTBOUND_CALLS", "false")]:
        client.update_instance_attribute(InstanceId=connect_instance.id, AttributeType=name, Value=value)

    restored = saved(connect_mock, path)

    assert restored.instances[0].communication_limits == limits
    attributes = restored.client().list_instance_attributes(InstanceId=connect_instance.id)["Attributes"]
    assert attributes == client.list_instance_attributes(InstanceId=connect_instance.id)["Attributes"]


def test_instances_of_other_accounts_are_not_saved(connect_mock: ConnectMock, path: Path) -> None:
    keys = {"aws_access_key_id": "999999999999", "aws_secret_access_key": "x"}
    boto3.client("connect", "us-east-1", **keys).create_instance(
        IdentityManagementType="SAML",
        InstanceAlias="other",
        InboundCallsEnabled=True,
        OutboundCallsEnabled=True,
    )
    connect_mock.add_instance("mine")
    assert [instance.alias for instance in connect_mock.instances] == ["other", "mine"]

    assert [instance.alias for instance in saved(connect_mock, path).instances] == ["mine"]


# Ids that a test chooses


def test_a_number_and_a_profile_have_a_chosen_id() -> None:
    instance = ConnectMock().add_instance()

    assert instance.add_phone_number("+15555550199", id=QUEUE_ID).id == QUEUE_ID
    assert instance.add_profile("+15555550100", id=PROFILE_ID).id == PROFILE_ID
    with pytest.raises(ValueError, match="Another resource already has the id '0b1e2d3c"):
        instance.add_profile("+15555550100", id=PROFILE_ID)
    with pytest.raises(ValueError, match="already has the id"):
        instance.add_phone_number("+15555550198", id=QUEUE_ID)


@pytest.mark.parametrize("id", ["", QUEUE_ID, PROFILE_ID.upper(), 7])
def test_the_id_of_a_profile_is_32_digits(id: Any) -> None:
    instance = ConnectMock().add_instance()

    with pytest.raises(ValueError, match="id= takes 32 hexadecimal digits in lower case, such as '0b1e"):
        instance.add_profile("+15555550100", id=id)


def test_an_agent_does_not_get_an_id_that_was_chosen() -> None:
    id = ConnectMock().add_instance().add_queue().add_agents(1)[0].id
    queue = ConnectMock().add_instance().add_queue()
    instance = ConnectMock().add_instance()
    instance.add_agent(queues=[], id=id)

    ids = [agent.id for agent in instance.add_queue().add_agents(9)]

    assert id not in ids
    assert len(instance.agents) == 10
    assert queue.agents == []


# Resources that an application has made


def test_a_created_instance_is_saved(connect_mock: ConnectMock, path: Path) -> None:
    client = connect_mock.client()
    id = client.create_instance(
        IdentityManagementType="SAML",
        InstanceAlias="created",
        InboundCallsEnabled=False,
        OutboundCallsEnabled=True,
        Tags={"team": "a"},
    )["Id"]
    queues = client.list_queues(InstanceId=id)["QueueSummaryList"]
    client.delete_queue(InstanceId=id, QueueId=queues[0]["Id"])

    restored = saved(connect_mock, path)

    described = restored.client().describe_instance(InstanceId=id)["Instance"]
    assert (described["IdentityManagementType"], described["InboundCallsEnabled"]) == ("SAML", False)
    assert described["Tags"] == {"team": "a"}
    assert restored.client().list_queues(InstanceId=id)["QueueSummaryList"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        restored.client("connectcampaignsv2").get_connect_instance_config(connectInstanceId=id)


def test_a_created_queue_is_saved(connect_mock: ConnectMock, connect_instance: Instance, path: Path) -> None:
    client = connect_mock.client()
    number = connect_instance.add_phone_number("+15555550199")
    hours = client.list_hours_of_operations(InstanceId=connect_instance.id)["HoursOfOperationSummaryList"]
    created = client.create_queue(
        InstanceId=connect_instance.id,
        Name="Created",
        Description="some",
        HoursOfOperationId=hours[0]["Id"],
        MaxContacts=0,
        OutboundCallerConfig={"OutboundCallerIdName": "Sales", "OutboundCallerIdNumberId": number.id},
        Tags={"team": "a"},
    )["QueueId"]

    restored = saved(connect_mock, path).client()

    queue = restored.describe_queue(InstanceId=connect_instance.id, QueueId=created)["Queue"]
    assert (queue["Description"], queue["MaxContacts"], queue["Tags"]) == ("some", 0, {"team": "a"})
    assert queue["OutboundCallerConfig"] == {
        "OutboundCallerIdName": "Sales",
        "OutboundCallerIdNumberId": number.id,
    }


def test_a_changed_basic_queue_is_saved_as_an_added_one(
    connect_mock: ConnectMock, connect_instance: Instance, path: Path
) -> None:
    client = connect_mock.client()
    (queue,) = client.list_queues(InstanceId=connect_instance.id)["QueueSummaryList"]
    client.update_queue_name(InstanceId=connect_instance.id, QueueId=queue["Id"], Name="Renamed")

    restored = saved(connect_mock, path)

    assert [(queue.id, queue.name) for queue in restored.instances[0].queues] == [(queue["Id"], "Renamed")]
    assert len(restored.client().list_queues(InstanceId=connect_instance.id)["QueueSummaryList"]) == 1


TELEPHONY = {
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {"connectContactFlowId": "flow", "connectSourcePhoneNumber": "+15555550199"},
}
SMS = {
    "outboundMode": {"agentless": {}},
    "defaultOutboundConfig": {
        "connectSourcePhoneNumberArn": "arn:aws:connect:us-east-1:123456789012:phone-number/number",
        "wisdomTemplateArn": "arn:aws:wisdom:us-east-1:123456789012:message-template/template",
    },
}


@pytest.mark.parametrize(
    "channels", [{"telephony": TELEPHONY}, {"sms": SMS}, {"telephony": TELEPHONY, "sms": SMS}]
)
def test_a_created_campaign_is_saved(
    connect_mock: ConnectMock, connect_instance: Instance, path: Path, channels: dict[str, Any]
) -> None:
    now = connect_mock.now().replace(microsecond=0)
    client = connect_mock.client("connectcampaignsv2")
    id = client.create_campaign(
        name="Created",
        connectInstanceId=connect_instance.id,
        channelSubtypeConfig=channels,
        schedule={"startTime": now + timedelta(hours=1), "endTime": now + timedelta(hours=2)},
        communicationTimeConfig={"localTimeZoneConfig": {"defaultTimeZone": "Europe/London"}},
        tags={"team": "a"},
    )["id"]
    described = client.describe_campaign(id=id)["campaign"]

    restored = saved(connect_mock, path).client("connectcampaignsv2").describe_campaign(id=id)["campaign"]

    assert restored | {"lastModifiedTime": None} == described | {"lastModifiedTime": None}


def test_tags_of_a_number_and_an_agent_are_saved(
    connect_mock: ConnectMock, connect_instance: Instance, path: Path
) -> None:
    client = connect_mock.client()
    number, agent = connect_instance.add_phone_number("+15555550199"), connect_instance.add_agent(queues=[])
    for resource in (number, agent):
        client.tag_resource(resourceArn=resource.arn, tags={"team": "a"})

    (instance,) = saved(connect_mock, path).instances

    assert instance.phone_numbers[0].tags == {"team": "a"}
    restored = saved(connect_mock, path).client()
    user = restored.describe_user(InstanceId=instance.id, UserId=agent.id)["User"]
    assert user["Tags"] == {"team": "a"}
