"""State files: the resources that they seed, and the errors of an invalid file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from checkout import EXAMPLE
from hypothesis import given
from hypothesis import strategies as st

from connect_batchmock import ConnectMock, Instance, StateError, mock_connect

ID = "3f6d1c52-8a0e-4c57-9d43-2b7e5a90c1f4"
OTHER_ID = "b41e7c08-52d9-4f6a-8e13-70c9d2a5f8e6"
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file into a folder of the test's own, and return its path."""

    def write(content: str | bytes, name: str = "state.toml") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refusal_of(path: Path | str) -> StateError:
    """The error that a mock gives which is to begin with the file."""
    with pytest.raises(StateError) as caught:
        ConnectMock(state=path)
    return caught.value


def seeded_in(mock: ConnectMock) -> list[Any]:
    """All that a file can say, and the ids."""
    return [_seeded_in(instance, mock) for instance in mock.instances]


def _seeded_in(instance: Instance, mock: ConnectMock) -> list[Any]:
    client = mock.client("connectcampaigns", region_name=instance.region)
    described = [client.describe_campaign(id=campaign.id)["campaign"] for campaign in instance.campaigns]
    return [
        (instance.alias, instance.id, instance.region),
        [number.number for number in instance.phone_numbers],
        [(queue.name, queue.id, queue.enabled, len(queue.agents)) for queue in instance.queues],
        [
            (agent.username, agent.id, agent.status, [queue.name for queue in agent.queues])
            for agent in instance.agents
        ],
        [
            (campaign.name, campaign.id, campaign.queue and campaign.queue.name, campaign.state)
            for campaign in instance.campaigns
        ],
        [(one["dialerConfig"], one["outboundCallConfig"]) for one in described],
    ]


# Seeded resources


def test_the_example_is_seeded() -> None:
    sales, support = ConnectMock(state=EXAMPLE).instances

    assert (sales.alias, sales.id, sales.region) == ("sales", ID, "us-east-1")
    assert [number.number for number in sales.phone_numbers] == ["+15555550199", "+15555550198"]
    assert [(queue.name, queue.enabled, len(queue.agents)) for queue in sales.queues] == [
        ("Outbound sales", True, 3),
        ("Renewals", False, 1),
    ]
    assert [(agent.username, agent.status) for agent in sales.agents] == [
        ("agent-1", "Available"),
        ("agent-2", "Available"),
        ("anna", "Offline"),
    ]
    assert sales.queues[0].id == OTHER_ID
    spring, reminders = sales.campaigns
    assert spring.id == "e92a5d37-1c64-4b80-a7f5-3d0b86c4e219"
    assert (spring.name, spring.state) == ("Spring", "Running")
    assert spring.queue is not None
    assert spring.queue.id == OTHER_ID
    assert (reminders.name, reminders.state, reminders.queue) == ("Reminders", "Initialized", None)
    assert (support.alias, support.region) == ("support", "eu-west-2")
    assert [(campaign.name, campaign.state) for campaign in support.campaigns] == [("Callbacks", "Paused")]


def test_how_campaigns_dial_is_seeded() -> None:
    mock = ConnectMock(state=EXAMPLE)

    def described(index: int, region: str) -> list[Any]:
        client = mock.client("connectcampaigns", region_name=region)
        campaigns = mock.instances[index].campaigns
        return [client.describe_campaign(id=campaign.id)["campaign"] for campaign in campaigns]

    (spring, reminders), (callbacks,) = described(0, "us-east-1"), described(1, "eu-west-2")
    assert spring["dialerConfig"]["progressiveDialerConfig"]["bandwidthAllocation"] == 1.0
    assert spring["outboundCallConfig"]["connectSourcePhoneNumber"] == "+15555550199"
    assert list(reminders["dialerConfig"]) == ["agentlessDialerConfig"]
    detection = reminders["outboundCallConfig"]["answerMachineDetectionConfig"]
    assert detection["enableAnswerMachineDetection"] is False
    assert callbacks["dialerConfig"]["predictiveDialerConfig"]["bandwidthAllocation"] == 0.5


def test_a_customer_can_be_called_by_their_profile(write: Write) -> None:
    path = write('[[instances]]\nprofiles = [{ number = "+15555550100", attributes = { lead = "7" } }]\n')
    same = ConnectMock().add_instance().add_profile("+15555550100", attributes={"lead": "7"})
    mock = ConnectMock(state=path)
    campaign = mock.instances[0].add_campaign()
    client = mock.client("connectcampaignsv2")
    client.start_campaign(id=campaign.id)

    client.put_profile_outbound_request_batch(
        id=campaign.id, profileOutboundRequests=[{"clientToken": "token", "profileId": same.id}]
    )

    assert mock.contacts.one(customer_address="+15555550100").attributes == {"lead": "7"}


@pytest.mark.parametrize("state", ["Initialized", "Running", "Paused", "Stopped", "Failed"])
def test_a_campaign_begins_in_a_state(write: Write, state: str) -> None:
    path = write(f'[[instances]]\n[[instances.campaigns]]\nname = "Spring"\nstate = "{state}"\n')

    assert ConnectMock(state=path).instances[0].campaigns[0].state == state


def test_contacts_are_dialed_for_the_agents_of_a_file() -> None:
    mock = ConnectMock(state=EXAMPLE)
    item = {
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+15555550100"},
        "QueueId": OTHER_ID,
        "Campaign": {"CampaignId": "e92a5d37-1c64-4b80-a7f5-3d0b86c4e219"},
    }

    mock.client().batch_put_contact(InstanceId=ID, ContactDataRequestList=[item])
    mock.advance(10)

    agent = mock.contacts.one(state="CONNECTED_TO_AGENT").agent
    assert agent is not None
    assert agent.username == "agent-1"


JSON = """
{
  "instances": [
    {
      "alias": "sales", "id": "%s", "phone_numbers": ["+15555550199"],
      "queues": [{"name": "Outbound sales", "agents": 2}],
      "campaigns": [
        {"name": "Spring", "queue": "Outbound sales", "bandwidth_allocation": 1, "state": "Running"}
      ]
    },
    {}
  ]
}
"""
THE_SAME_IN_TOML = """
instances = [{ alias = "sales", id = '%s', phone_numbers = [
    "+15555550199", # the first
], queues = [{ name = "Outbound sales", agents = 2 }], campaigns = [
    { name = "Spring", queue = "Outbound sales", bandwidth_allocation = 1, state = "Running" }
] }, {}]
"""
AND_IN_TABLES = """
[[instances]]
alias = "sales"
id = "%s"
phone_numbers = ["+15555550199"]

[[instances.queues]]
name = "Outbound sales"
agents = 2

[[instances.campaigns]]
name = "Spring"
queue = "Outbound sales"
state = "Running"

[[instances]]
"""


def test_json_and_toml_say_the_same(write: Write) -> None:
    paths = [
        write(JSON % ID, "state.json"),
        write(THE_SAME_IN_TOML % ID, "inline.toml"),
        write(AND_IN_TABLES % ID, "tables.TOML"),
    ]

    in_json, inline, in_tables = [seeded_in(ConnectMock(state=path)) for path in paths]

    assert in_json == inline == in_tables
    assert in_json[0][0] == ("sales", ID, "us-east-1")
    assert [one[0][0] for one in in_json] == ["sales", "instance-2"]


@pytest.mark.parametrize(
    ("content", "name"), [("", "state.toml"), ("{}", "state.json"), ('{"instances": []}', "state.json")]
)
def test_a_file_may_say_nothing(write: Write, content: str, name: str) -> None:
    assert ConnectMock(state=write(content, name)).instances == []


def test_a_file_may_begin_with_the_mark_of_its_encoding(write: Write) -> None:
    path = write(b"\xef\xbb\xbf" + '[[instances]]\r\nalias = "sälés"\r\n'.encode())

    assert ConnectMock(state=path).instances[0].alias == "sälés"


def test_a_test_adds_to_the_seeded_state(write: Write) -> None:
    mock = ConnectMock(state=write(AND_IN_TABLES % ID))

    assert mock.add_instance().alias == "instance-3"
    assert mock.instances[0].add_queue().name == "Queue 2"


# Ids


def test_ids_that_are_not_given_come_out_the_same_every_time() -> None:
    first, second = (seeded_in(ConnectMock(state=EXAMPLE)) for _ in range(2))
    other = seeded_in(ConnectMock(state=EXAMPLE, seed=1))

    assert first == second
    assert first[0][0] == other[0][0]
    assert first[1][0] != other[1][0]


def test_an_id_is_given_in_a_test_as_well() -> None:
    mock = ConnectMock()
    instance = mock.add_instance(id=ID)
    queue = instance.add_queue(id=OTHER_ID)
    campaign = instance.add_campaign(id="e92a5d37-1c64-4b80-a7f5-3d0b86c4e219", queue=queue)

    client = mock.client()
    client.describe_queue(InstanceId=ID, QueueId=OTHER_ID)
    campaigns = mock.client("connectcampaigns")
    described = campaigns.describe_campaign(id="e92a5d37-1c64-4b80-a7f5-3d0b86c4e219")["campaign"]
    assert described["connectInstanceId"] == ID
    assert campaign.arn.endswith("campaign/e92a5d37-1c64-4b80-a7f5-3d0b86c4e219")


@pytest.mark.parametrize("id", ["", "sales", ID.upper(), ID.replace("-", ""), f"{ID}\n", 7])
def test_an_id_is_a_uuid_in_lower_case(id: Any) -> None:
    mock = ConnectMock()
    instance = mock.add_instance()

    for add in (mock.add_instance, instance.add_queue, instance.add_campaign):
        with pytest.raises(ValueError, match="id= takes a UUID in lower case, such as '0b1e2d3c"):
            add(id=id)
    assert [len(mock.instances), instance.queues, instance.campaigns] == [1, [], []]


def test_an_id_is_given_once() -> None:
    mock = ConnectMock()
    made_up = mock.add_instance()
    instance = mock.add_instance(id=ID)

    for taken in (ID, made_up.id):
        for add in (mock.add_instance, instance.add_queue, instance.add_campaign):
            with pytest.raises(ValueError, match=f"Another resource already has the id '{taken}'"):
                add(id=taken)


def test_an_id_that_was_seen_in_another_run_is_not_made_up_again() -> None:
    seen = ConnectMock().add_instance().id
    mock = ConnectMock()

    ids = [mock.add_instance(id=seen).id, mock.add_instance().id, mock.add_instance().id]

    assert len(set(ids)) == 3


# The setting


@pytest.mark.parametrize("make", [str, Path])
def test_a_relative_path_is_relative_to_the_current_directory(
    write: Write, monkeypatch: pytest.MonkeyPatch, make: Callable[[str], Any]
) -> None:
    monkeypatch.chdir(write(AND_IN_TABLES % ID).parent)

    assert len(ConnectMock(state=make("state.toml")).instances) == 2


def test_each_activation_reads_the_file(write: Write) -> None:
    mock = mock_connect(state=str(write(AND_IN_TABLES % ID)))
    with mock as connect_mock:
        assert [instance.alias for instance in connect_mock.instances] == ["sales", "instance-2"]
    write("")
    with mock as connect_mock:
        assert connect_mock.instances == []


def test_a_file_that_is_wrong_activates_nothing(write: Write) -> None:
    with pytest.raises(StateError), mock_connect(state=write("[[instance]]")):
        pass

    with mock_connect(state=write("[[instances]]")) as mock:
        assert len(mock.instances) == 1


@time_machine.travel(0, tick=False)
def test_reset_begins_again_with_what_the_file_said(write: Write) -> None:
    path = write(AND_IN_TABLES % ID)
    mock = ConnectMock(state=path)
    before = seeded_in(mock)
    mock.instances[0].campaigns[0].delete()
    mock.add_instance()
    path.unlink()

    mock.reset()

    assert seeded_in(mock) == before


@pytest.mark.parametrize("value", [7, True, b"state.toml", ["state.toml"], {}])
def test_the_setting_takes_a_path(value: Any) -> None:
    message = (
        f"setting state takes the path of a .toml or .json file, as a string or a path object, not {value!r}"
    )
    with pytest.raises(TypeError, match=re.escape(message)):
        mock_connect(state=value)


TESTS = """
import pytest

@pytest.mark.connect_mock(state="state/marker.toml")
def test_marker(connect_mock):
    assert [one.alias for one in connect_mock.instances] == ["marker"]

def test_settings(connect_mock, connect_instance):
    assert [one.alias for one in connect_mock.instances] == ["project", "instance-2"]

@pytest.mark.connect_mock(state=None)
def test_without(connect_mock):
    assert connect_mock.instances == []
"""
CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def connect_mock_settings():
    return {"state": "state/project.toml"}
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with state files in ``state/``, and tests in ``tests/`` that name them from its root."""
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    for folder in ("state", "tests"):
        pytester.mkdir(folder)
    for alias in ("marker", "project"):
        (pytester.path / "state" / f"{alias}.toml").write_text(f'[[instances]]\nalias = "{alias}"\n')
    (pytester.path / "tests" / "test_it.py").write_text(TESTS)
    (pytester.path / "tests" / "conftest.py").write_text(CONFTEST)
    return pytester


@pytest.mark.parametrize("directory", [".", "tests"])
def test_under_pytest_a_path_is_relative_to_the_root_directory(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, directory: str
) -> None:
    monkeypatch.chdir(project.path / directory)
    result = project.runpytest_inprocess(
        f"--rootdir={project.path}",
        str(project.path / "tests"),
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    )
    result.assert_outcomes(passed=3)


def test_a_missing_path_is_relative_to_the_current_directory(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.path / "state").rename(project.path / "tests" / "state")
    monkeypatch.chdir(project.path / "tests")
    result = project.runpytest_inprocess(
        f"--rootdir={project.path}", "-p", "no:randomly", "-p", "no:cacheprovider"
    )
    result.assert_outcomes(passed=3)


def test_under_pytest_a_wrong_file_is_an_error_of_the_test(project: pytest.Pytester) -> None:
    (project.path / "state" / "marker.toml").write_text('[[instances]]\naliass = "marker"\n')
    result = project.runpytest_inprocess("-k", "marker", "-p", "no:randomly", "-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*marker.toml, line 2, instances?0?.aliass: *did you mean 'alias'?*"])


# Files that cannot be read


def test_a_missing_file_is_named_with_its_folders(tmp_path: Path) -> None:
    error = refusal_of(tmp_path / "connect.toml")

    assert str(error) == (
        f"{tmp_path / 'connect.toml'}: The state file {tmp_path / 'connect.toml'} cannot be read: no such "
        f"file or directory. A relative path is relative to the current directory; pytest tries its root "
        f"directory first."
    )
    assert (error.file, error.line, error.key) == (tmp_path / "connect.toml", None, None)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.toml").mkdir()

    assert "cannot be read: is a directory" in str(refusal_of(tmp_path / "state.toml"))


@pytest.mark.parametrize("name", ["state", "state.yaml", ".toml", ""])
def test_the_suffix_decides_the_format(name: str) -> None:
    assert "The name of a state file ends in .toml or .json, which decides its format." in str(
        refusal_of(name)
    )


@pytest.mark.parametrize("name", ["state.toml", "state.json"])
def test_a_file_is_utf_8(write: Write, name: str) -> None:
    error = refusal_of(write('# one\n# two\nalias = "Händler"\n'.encode("latin-1"), name))

    assert "The state file is not UTF-8: it has a byte 0xe4." in str(error)
    assert error.line == 3


SYNTAX = [
    ('[[instances]]\nalias = "sales"\nqueues = [\n"a" "b"]\n', "state.toml", 4, "This is not TOML: "),
    ('[[instances]]\nalias = "sales', "state.toml", 2, "This is not TOML: "),
    ("[[instances]]\nalias =", "state.toml", 2, "This is not TOML: "),
    ('[[instances]]\nalias = "a"\n\nalias = "b"\n', "state.toml", 4, "This is not TOML: "),
    (f"agents = {'9' * 5000}", "state.toml", None, "Exceeds the limit"),
    (f"deep = {'[' * 50_000}", "state.toml", None, "nested too deep"),
    ('{"instances": [\n  {"alias": "sales",}\n]}', "state.json", 2, "This is not JSON: "),
    ('{"instances": [', "state.json", 1, "This is not JSON: "),
    ("", "state.json", 1, "This is not JSON: Expecting value."),
    (f'{{"agents": {"9" * 5000}}}', "state.json", None, "Exceeds the limit"),
    ("[" * 500_000, "state.json", None, "nested too deep"),
    ('{"instances": [{\n "alias": "a",\n "alias": "b"}]}', "state.json", 3, "This key is repeated"),
]


@pytest.mark.parametrize(("content", "name", "line", "message"), SYNTAX)
def test_an_error_of_syntax_names_its_line(
    write: Write, content: str, name: str, line: int | None, message: str
) -> None:
    error = refusal_of(write(content, name))

    assert message in str(error)
    assert error.line == line
    assert "at line" not in str(error)
    assert "end of document" not in str(error)


def test_a_key_that_stands_twice_is_named(write: Write) -> None:
    error = refusal_of(
        write('{"instances": [{}, {"queues": [], "alias": "a",\n"queues": []}]}', "state.json")
    )

    assert (error.key, error.line) == ("instances[1].queues", 2)


# Invalid files; the line that the error must name ends with the mark

HERE = "#here"
WRONG = [
    (
        f"[[instance]]{HERE}",
        "instance",
        "no key 'instance'; did you mean 'instances'? The keys are instances.",
    ),
    (f'[instances]{HERE}\nalias = "sales"', "instances", "takes a list of tables, such as [[instances]]"),
    (f"instances = 7{HERE}", "instances", "in JSON, not 7."),
    (f"instances = [\n\n7{HERE}\n]", "instances[0]", "takes a list of tables"),
    (
        f'[[instances]]\nregoin = "x"{HERE}',
        "instances[0].regoin",
        "An instance has no key 'regoin'; did you mean",
    ),
    (f"[[instances]]\nalias = 7{HERE}", "instances[0].alias", "This takes a string, not 7."),
    (f"[[instances]]\nalias = 2026-03-01{HERE}", "instances[0].alias", "takes a string, not 2026-03-01."),
    (f'[[instances]]\nid = "sales"{HERE}', "instances[0].id", "This takes a UUID in lower case, such as"),
    (
        f'[[instances]]\nid = "{ID}"\n[[instances]]\nid = "{ID}"{HERE}',
        "instances[1].id",
        f"Another resource already has the id '{ID}'",
    ),
    (
        f'[[instances]]\nalias = "a"\n[[instances]]\nalias = "b"\n[[instances]]\nalias = "a"{HERE}',
        "instances[2].alias",
        "us-east-1 already has an instance with the alias 'a'",
    ),
    (
        f'[[instances]]\nphone_numbers = "+15555550199"{HERE}',
        "instances[0].phone_numbers",
        'takes a list of numbers, each a string or a table, not "+15555550199".',
    ),
    (
        f'[[instances]]\nphone_numbers = [\n"+15555550199",\n\n"5550198",{HERE}\n]',
        "instances[0].phone_numbers[1]",
        'takes a number in E.164 format, such as +15555550100, not "5550198".',
    ),
    (
        f'[[instances]]\nphone_numbers = ["+15555550199",\n"+15555550199"{HERE}\n]',
        "instances[0].phone_numbers[1]",
        "The phone number '+15555550199' cannot be claimed",
    ),
    (
        f"[[instances]]\nphone_numbers = [[], 7]{HERE}",
        "instances[0].phone_numbers[0]",
        "This takes a string, not [].",
    ),
    (
        f'[[instances]]\n[[instances.queues]]\nname = "a"\n[[instances.queues]]\nname = "a"{HERE}',
        "instances[0].queues[1].name",
        "already has a queue named 'a'",
    ),
    (
        f"[[instances]]\n[[instances.queues]]\nagents = true{HERE}",
        "instances[0].queues[0].agents",
        "This takes an integer, not true.",
    ),
    (
        f"[[instances]]\n[[instances.queues]]\nagents = -1{HERE}",
        "instances[0].queues[0].agents",
        "takes an integer from 0 to 10,000, not -1",
    ),
    (
        f'[[instances]]\n[[instances.queues]]\n[[instances.agents]]{HERE}\nusername = "anna"',
        "instances[0].agents[0]",
        "An agent needs the key 'queues', which is missing here.",
    ),
    (
        f'[[instances]]\n[[instances.queues]]\nname = "Sales"\n[[instances.agents]]\nqueues = ["Sale"]{HERE}',
        "instances[0].agents[0].queues",
        "no queue with the id or name 'Sale'; did you mean 'Sales'? It has 'Sales' (",
    ),
    (
        f'[[instances]]\n[[instances.queues]]\nname = "Sales"\n[[instances.agents]]\nqueues = ["Sales"]\n'
        f'status = ""{HERE}',
        "instances[0].agents[0].status",
        'This takes a string of 1 to 127 characters, not "".',
    ),
    (
        f'[[instances]]\n[[instances.queues]]\nenabled = "no"{HERE}',
        "instances[0].queues[0].enabled",
        'This takes true or false, not "no".',
    ),
    (
        f'[[instances]]\n[[instances.queues]]\nname = "Sales"\n[[instances.campaigns]]\nqueue = "Sale"{HERE}',
        "instances[0].campaigns[0].queue",
        "no queue with the id or name 'Sale'; did you mean 'Sales'? It has 'Sales' (",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nqueue = "Sales"{HERE}',
        "instances[0].campaigns[0].queue",
        "has no queue with the id or name 'Sales'. It has no queue; add one",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nname = "a"\n[[instances.campaigns]]\nname = "a"{HERE}',
        "instances[0].campaigns[1].name",
        "already has a campaign named 'a'",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nmode = "Predictive"{HERE}',
        "instances[0].campaigns[0].mode",
        "no mode 'Predictive'; did you mean 'predictive'? The modes are progressive, ",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nmode = "predictive"{HERE}',
        "instances[0].campaigns[0].mode",
        "dials for the agents of a queue; pass one with queue=",
    ),
    (
        f"[[instances]]\n[[instances.campaigns]]\nbandwidth_allocation = 2{HERE}",
        "instances[0].campaigns[0].bandwidth_allocation",
        "takes a number from 0 to 1, not 2",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nbandwidth_allocation = "all"{HERE}',
        "instances[0].campaigns[0].bandwidth_allocation",
        'This takes a number, not "all".',
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nsource_number = "0199"{HERE}',
        "instances[0].campaigns[0].source_number",
        "takes a number in E.164 format",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nstate = "running"{HERE}',
        "instances[0].campaigns[0].state",
        "A campaign has no state 'running'; did you mean 'Running'? The states are Initialized, ",
    ),
    (
        f"[[instances]]\n[[instances.profiles]]{HERE}\nattributes = {{}}",
        "instances[0].profiles[0]",
        "A profile needs the key 'number', which is missing here.",
    ),
    (
        f'[[instances]]\n[[instances.profiles]]\nnumber = "0100"{HERE}',
        "instances[0].profiles[0].number",
        "takes a number in E.164 format",
    ),
    (
        f'[[instances]]\n[[instances.profiles]]\nnumber = "+15555550100"\nattributes.lead = 7{HERE}',
        "instances[0].profiles[0].attributes.lead",
        "This takes a string, not 7.",
    ),
    (
        f'[[instances]]\n[[instances.profiles]]\n[instances.profiles.attributes]\n"a b" = []{HERE}',
        "instances[0].profiles[0].attributes.a b",
        "This takes a string, not [].",
    ),
    (
        f'[[instances]]\n[[instances.phone_numbers]]{HERE}\ndescription = "a"',
        "instances[0].phone_numbers[0]",
        "A phone number needs the key 'number', which is missing here.",
    ),
    (
        f'[[instances]]\nidentity_management_type = "LDAP"{HERE}',
        "instances[0].identity_management_type",
        "An instance has no identity management type 'LDAP'. The identity management types are SAML, ",
    ),
    (
        f"[[instances]]\nattributes = {{ EARLY_MEDIA = 1 }}{HERE}",
        "instances[0].attributes.EARLY_MEDIA",
        "This takes true or false, not 1.",
    ),
    (
        f"[[instances]]\nattributes = {{ EARLY_MEDIAS = true }}{HERE}",
        "instances[0].attributes.EARLY_MEDIAS",
        "no key 'EARLY_MEDIAS'; did you mean 'EARLY_MEDIA'?",
    ),
    (
        f'[[instances]]\n[[instances.profiles]]\nnumber = "+15555550100"\nid = "{ID}"{HERE}',
        "instances[0].profiles[0].id",
        "This takes 32 hexadecimal digits in lower case, such as",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nmode = "agentless"{HERE}\n'
        f"configuration = {{ channelSubtypeConfig = {{}} }}",
        "instances[0].campaigns[0].mode",
        "takes 'mode' or the channelSubtypeConfig of its configuration, not both.",
    ),
    (
        f"[[instances]]\n[[instances.campaigns]]\nconfiguration.communicationTimeConfig = {{ }}{HERE}",
        "instances[0].campaigns[0].configuration.communicationTimeConfig",
        "communicationTimeConfig.localTimeZoneConfig: is required.",
    ),
    (
        f'[[instances]]\n[[instances.campaigns]]\nconfiguration.source = {{ arn = "a" }}{HERE}',
        "instances[0].campaigns[0].configuration.source",
        "source.arn: there is no such member",
    ),
    (
        f"[[instances]]\n[[instances.campaigns]]\nconfiguration.schedule = 7{HERE}",
        "instances[0].campaigns[0].configuration.schedule",
        "schedule: 7 is not an object.",
    ),
    *(
        (
            f"[[instances]]\n[[instances.campaigns]]\n[instances.campaigns.configuration.schedule]\n"
            f"startTime = {time}{HERE}\nendTime = 2026-03-02T17:00:00Z",
            "instances[0].campaigns[0].configuration.schedule.startTime",
            f"such as 2026-03-02T09:00:00+00:00, not {shown}.",
        )
        for time, shown in (
            ('"9 o\'clock"', '"9 o\'clock"'),
            ('"2026-13-02T09:00:00Z"', '"2026-13-02T09:00:00Z"'),
            ('"2026-02-30T09:00:00Z"', '"2026-02-30T09:00:00Z"'),
            ('"2026-03-02T09:00:00"', '"2026-03-02T09:00:00"'),
            ("2026-03-02T09:00:00", "2026-03-02 09:00:00"),
            ("9", "9"),
        )
    ),
    (
        f"[[instances]]\n[[instances.campaigns]]\n[instances.campaigns.configuration.schedule]\n"
        f'startTime = "2026-03-02T17:00:00Z"\nendTime = 2026-03-02T17:00:00Z{HERE}',
        "instances[0].campaigns[0].configuration.schedule.endTime",
        "The endTime 2026-03-02T17:00:00+00:00 must be after the startTime 2026-03-02T17:00:00+00:00.",
    ),
    (
        f"[[instances]]\n[[instances.campaigns]]\n"
        f"[instances.campaigns.configuration.channelSubtypeConfig.telephony]\n"
        f'connectQueueId = "{OTHER_ID}"{HERE}\noutboundMode.progressive.bandwidthAllocation = 1\n'
        f'defaultOutboundConfig.connectContactFlowId = "flow"',
        "instances[0].campaigns[0].configuration.channelSubtypeConfig.telephony.connectQueueId",
        f"has no queue with the id '{OTHER_ID}'; add it, or name it as the deleted_queue of the campaign.",
    ),
    (
        f"[[instances]]\n[[instances.campaigns]]\n"
        f"[instances.campaigns.configuration.channelSubtypeConfig.telephony]{HERE}\n"
        f"outboundMode.progressive.bandwidthAllocation = 1\n"
        f'defaultOutboundConfig.connectContactFlowId = "flow"',
        "instances[0].campaigns[0].configuration.channelSubtypeConfig.telephony",
        "A campaign in progressive mode dials for the agents of a queue; give its connectQueueId.",
    ),
]


@pytest.mark.parametrize(("content", "key", "message"), WRONG)
def test_an_error_names_file_line_and_key(write: Write, content: str, key: str, message: str) -> None:
    path = write(content)
    error = refusal_of(path)

    assert message in str(error)
    line = 1 + [HERE in line for line in content.split("\n")].index(True)
    assert (error.file, error.line, error.key) == (path, line, key)
    assert str(error).startswith(f"{path}, line {line}, {key}: ")


def test_a_json_text_that_is_no_object_has_no_key(write: Write) -> None:
    error = refusal_of(write("[]", "state.json"))

    assert "This takes a table, not []." in str(error)
    assert (error.line, error.key) == (None, None)


def test_an_error_in_a_deep_document_has_no_line(write: Write) -> None:
    deep = "[" * 700 + "]" * 700
    error = refusal_of(write(f'{{"other": {deep}}}', "state.json"))

    assert "A state file has no key 'other'" in str(error)
    assert (error.line, error.key) == (None, "other")


# Lines, whatever stands around

SPELLINGS = [
    (
        ["# instances = 7", "[[ instances ]]", ' alias\t= \'a\' # """', "[[instances.queues]]", "WRONG = 1"],
        "instances[0].queues[0].WRONG",
    ),
    (
        [
            "instances = [",
            '{ alias = """',
            '[[instances]]\n"" ""\\""""", queues = [',
            '{ "WRONG" = 1 } ] } ]',
        ],
        "instances[0].queues[0].WRONG",
    ),
    (
        ["instances = [ { alias = '''", "# ' '' [", "''''', region = 'us-east-1'}, { 'WRONG' = 1 } ]"],
        "instances[1].WRONG",
    ),
    (
        ["[[instances]]\r", "[[instances]]\r", *["[[instances.queues]]\r"] * 2, "WRONG.a.b = 07:32:00"],
        "instances[1].queues[1].WRONG",
    ),
    (
        ['[["instances"]]', 'alias="]]"', "[[\"instances\" . 'queues']]", "[instances.queues.WRONG]"],
        "instances[0].queues[0].WRONG",
    ),
    (
        ["[[instances]]", "phone_numbers = [ # ]", "'+15', # '", "]", "WRONG = 1979-05-27 07:32:00.5"],
        "instances[0].WRONG",
    ),
    (
        ["[[instances]]", '"alias" = "= [{"', 'region = "\\"\\\\"', "WRONG = {a.b = [1, 2.5e-3], c = +inf}"],
        "instances[0].WRONG",
    ),
    (
        [*["[[instances]]", "[[instances.campaigns]]"] * 2, 'name = "W"', '"W\\u0052ONG" = "WRONG"'],
        "instances[1].campaigns[0].WRONG",
    ),
    (["instances = [{}, [], {}] # WRONG"], "instances[1]"),
]


@pytest.mark.parametrize(("lines", "key"), SPELLINGS, ids=[str(number) for number in range(len(SPELLINGS))])
def test_the_line_is_right_in_any_spelling_of_toml(write: Write, lines: list[str], key: str) -> None:
    content = "\n".join(lines)
    error = refusal_of(write(content))

    assert (error.key, error.line) == (key, content[: content.index("WRONG")].count("\n") + 1)


WRONG_VALUE = 7777777
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x7f7"), max_size=8)
KINDS = ("queues", "campaigns", "profiles")
LENGTHS = st.lists(st.tuples(*[st.integers(0, 2)] * len(KINDS)), min_size=1, max_size=3)


@st.composite
def instances_of_which_one_is_wrong(draw: st.DrawFn) -> tuple[list[dict[str, Any]], str]:
    """Instances with tables of each kind, one of which has a wrong value, and the key of that."""
    instances: list[dict[str, Any]] = [
        {"alias": f"{draw(TEXTS)}{number}"}
        | {kind: [right(kind, entry, draw(TEXTS)) for entry in range(length)] for kind, length in counted}
        for number, counted in enumerate(zip(KINDS, lengths, strict=True) for lengths in draw(LENGTHS))
    ]
    tables = {f"instances[{number}].alias": one for number, one in enumerate(instances)} | {
        f"instances[{number}].{kind}[{entry}].{'number' if kind == 'profiles' else 'name'}": table
        for number, one in enumerate(instances)
        for kind in KINDS
        for entry, table in enumerate(one[kind])
    }
    key = draw(st.sampled_from(sorted(tables)))
    tables[key][key.rpartition(".")[2]] = WRONG_VALUE
    return instances, key


def right(kind: str, entry: int, text: str) -> dict[str, Any]:
    if kind == "profiles":
        return {"number": "+15555550100", "attributes": {text: text, f"{text}x": text}}
    return {"name": f"{text}{entry}"}


def is_blamed(content: str, name: str, key: str, folders: pytest.TempPathFactory) -> bool:
    path = folders.mktemp("state") / name
    path.write_bytes(content.encode())
    error = refusal_of(path)
    line = 1 + [str(WRONG_VALUE) in line for line in content.split("\n")].index(True)
    return (error.key, error.line) == (key, line)


@given(instances_of_which_one_is_wrong(), st.sampled_from([None, 0, 3]), st.booleans())
def test_the_line_is_right_in_any_json(
    tmp_path_factory: pytest.TempPathFactory, wrong: Any, indent: int | None, ascii: bool
) -> None:
    content = json.dumps({"instances": wrong[0]}, indent=indent, ensure_ascii=ascii)

    assert is_blamed(content, "state.json", wrong[1], tmp_path_factory)


@given(instances_of_which_one_is_wrong(), st.booleans())
def test_the_line_is_right_in_any_toml(
    tmp_path_factory: pytest.TempPathFactory, wrong: Any, inline: bool
) -> None:
    written = inline_in_toml({"instances": wrong[0]}) if inline else "\n".join(in_tables(wrong[0]))

    assert is_blamed(written, "state.toml", wrong[1], tmp_path_factory)


def in_tables(instances: list[dict[str, Any]]) -> Iterator[str]:
    for instance in instances:
        yield f'[[instances]] # """\nalias = {value_in_toml(instance["alias"])}'
        for kind in KINDS:
            for table in instance[kind]:
                yield f"\n[[ instances . '{kind}' ]]"
                yield inline_in_toml(table)


def inline_in_toml(table: dict[str, Any], between: str = "\n") -> str:
    return between.join(
        f"{json.dumps(key, ensure_ascii=False)} = {value_in_toml(value)}" for key, value in table.items()
    )


def value_in_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + inline_in_toml(value, between=", ") + " }"
    if isinstance(value, list):
        return "[\n" + "".join(f"{value_in_toml(one)}, # ]\n" for one in value) + "]"
    if isinstance(value, int):
        return str(value)
    # On several lines, of which the first does not count.
    return f'"""\n{json.dumps(value, ensure_ascii=False)[1:]}""'


def test_a_file_describes_the_queue_that_every_instance_has(write: Write) -> None:
    file = write(f'[[instances]]\n[[instances.queues]]\nname = "BasicQueue"\nid = "{OTHER_ID}"\nagents = 2\n')

    (queue,) = ConnectMock(state=file).instances[0].queues

    assert (queue.name, queue.id, len(queue.agents)) == ("BasicQueue", OTHER_ID, 2)
