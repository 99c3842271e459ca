"""The outcomes that a test sets with on_dial, and the errors for invalid ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from factories import item_for

from connect_batchmock import Campaign, ConnectMock, Contact, Instance, Outcome, Queue, outcomes
from connect_batchmock.engine.faults import PlanError

PutFor = Callable[..., list[str]]


def reasons(mock: ConnectMock) -> list[str | None]:
    return [contact.disconnect_reason for contact in mock.contacts]


@pytest.fixture(autouse=True)
def agents(connect_queue: Queue) -> None:
    """Add an agent for every customer."""
    connect_queue.add_agents(10)


def test_one_outcome_applies_to_every_contact(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.busy())
    put_for(connect_campaign, 3)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["TELECOM_BUSY"] * 3


def test_after_a_list_every_customer_answers(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    policy = [outcomes.busy(), outcomes.no_answer()]
    connect_mock.on_dial(policy)
    policy.append(outcomes.invalid_number())
    put_for(connect_campaign, 4)
    connect_mock.advance(120)
    assert reasons(connect_mock) == ["TELECOM_BUSY", "TELECOM_UNANSWERED", *["CUSTOMER_DISCONNECT"] * 2]


def test_a_policy_is_called_once_for_each_contact(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    seen = []

    def policy(contact: Contact) -> Outcome:
        seen.append(contact.id)
        return outcomes.busy() if contact.attributes == {"lead": "7"} else outcomes.answered()

    connect_mock.on_dial(policy)
    ids = put_for(connect_campaign, 1, Attributes={"lead": "7"}) + put_for(connect_campaign, 1)
    connect_mock.advance(120)
    assert reasons(connect_mock) == ["TELECOM_BUSY", "CUSTOMER_DISCONNECT"]
    assert seen == ids


def test_another_policy_is_for_contacts_that_are_dialed_later(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.busy())
    put_for(connect_campaign)
    connect_mock.on_dial(outcomes.invalid_number())
    put_for(connect_campaign)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["TELECOM_BUSY", "TELECOM_NUMBER_INVALID"]


def test_reset_forgets_the_policy(connect_mock: ConnectMock) -> None:
    connect_mock.on_dial(outcomes.busy())
    connect_mock.reset()
    instance = connect_mock.add_instance()
    queue = instance.add_queue()
    queue.add_agents(1)
    campaign = instance.add_campaign(queue=queue)
    connect_mock.client().batch_put_contact(
        InstanceId=instance.id,
        ContactDataRequestList=[item_for(queue, campaign)],
    )
    connect_mock.advance(65)
    assert reasons(connect_mock) == ["CUSTOMER_DISCONNECT"]


async def a_coroutine(contact: Contact) -> Outcome:
    return outcomes.busy()


@pytest.mark.parametrize("policy", ["busy", "", None, 7, ["busy"], [outcomes.busy(), None], a_coroutine])
def test_a_policy_is_one_of_three_things(connect_mock: ConnectMock, policy: Any) -> None:
    with pytest.raises(TypeError, match=r"on_dial takes an outcome such as outcomes\.busy\(\), a list"):
        connect_mock.on_dial(policy)


@pytest.mark.connect_mock(strict=False)
def test_a_policy_that_raises_does_not_stop_the_others(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    def policy(contact: Contact) -> Outcome:
        if contact.customer_address.endswith("1"):
            raise KeyError("nothing")
        return outcomes.answered()

    connect_campaign.start()
    connect_campaign.pause()
    put_for(connect_campaign, 3)
    connect_mock.on_dial(policy)
    connect_campaign.resume()

    with pytest.raises(
        PlanError, match=r"on_dial raised KeyError for \+15550000001.* a phone call: 'nothing"
    ):
        connect_mock.advance(1)

    connect_mock.advance(65)
    assert reasons(connect_mock) == ["CUSTOMER_DISCONNECT", "OUTBOUND_ATTEMPT_FAILED", "CUSTOMER_DISCONNECT"]


@pytest.mark.connect_mock(strict=False)
@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            lambda contact: "busy",
            r"must return an outcome such as outcomes\.busy\(\), and returned 'busy' for",
        ),
        (outcomes.preview_discarded(), "cannot be discarded: only a contact in preview mode can"),
    ],
)
def test_an_invalid_policy_result_is_reported(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor, policy: Any, message: str
) -> None:
    connect_mock.on_dial(policy)
    with pytest.raises(PlanError, match=message):
        put_for(connect_campaign)
    assert reasons(connect_mock) == ["OUTBOUND_ATTEMPT_FAILED"]
    with pytest.raises(AssertionError, match=message):
        connect_mock.assert_no_pending_faults()


TIMES = ["ring", "talk", "preview", "after_contact_work", "patience"]


@pytest.mark.parametrize("name", TIMES)
@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), "5", True])
def test_a_time_is_a_number_of_seconds(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name}= takes seconds, a number from 0 to one year"):
        outcomes.answered(**{name: value})


def test_disconnected_by_takes_customer_or_agent() -> None:
    with pytest.raises(ValueError, match="disconnected_by= takes 'customer' or 'agent', not 'nobody'"):
        outcomes.answered(disconnected_by="nobody")


@pytest.mark.parametrize("count", [0, -1, 10_001, 2**63, 1.5, True, "2"])
def test_agents_are_counted_in_whole_numbers(connect_queue: Queue, count: Any) -> None:
    with pytest.raises(ValueError, match="add_agents takes an integer from 1 to 10,000, not "):
        connect_queue.add_agents(count)


def test_agents_have_ids_and_names_of_their_own(connect_instance: Instance, connect_queue: Queue) -> None:
    agents = connect_queue.agents
    assert len({agent.id for agent in agents}) == len({agent.username for agent in agents}) == 10
    assert agents[0].arn == f"{connect_instance.arn}/agent/{agents[0].id}"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"mode": "aggressive"}, "A campaign has no mode 'aggressive'; the modes are progressive,"),
        ({"mode": "preview", "queue": None}, "in preview mode dials for the agents of a queue"),
        ({"bandwidth_allocation": 1.5}, "bandwidth_allocation= takes a number from 0 to 1, not 1.5"),
        ({"bandwidth_allocation": True}, "bandwidth_allocation= takes a number from 0 to 1, not True"),
        ({"source_number": "5550100"}, "source_number= takes a number in E.164 format"),
    ],
)
def test_a_campaign_dials_as_campaigns_can(
    connect_instance: Instance, connect_queue: Queue, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        connect_instance.add_campaign(**{"queue": connect_queue, **options})


def test_a_profile_has_a_number(connect_instance: Instance) -> None:
    with pytest.raises(ValueError, match=r"add_profile takes a number in E\.164 format"):
        connect_instance.add_profile("5550100")


def test_a_policy_decides_and_does_nothing_else(
    connect_mock: ConnectMock, connect_instance: Instance, connect_campaign: Campaign, put_for: PutFor
) -> None:
    tried: list[str] = []

    def refused(call: Callable[[], object]) -> None:
        with pytest.raises(PlanError, match="It chooses the outcome of a contact and can only read"):
            call()
        tried.append("refused")

    def policy(contact: Contact) -> Outcome:
        refused(lambda: put_for(connect_campaign))
        refused(connect_mock.reset)
        refused(lambda: connect_mock.advance(1))
        refused(lambda: connect_instance.add_queue())
        refused(connect_campaign.delete)
        assert connect_mock.contacts[-1] == contact
        return outcomes.busy()

    connect_mock.on_dial(policy)
    put_for(connect_campaign)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["TELECOM_BUSY"]
    assert tried == ["refused"] * 5


@pytest.mark.connect_mock(strict=False)
@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (
            Outcome("TELECOM_BUZY"),
            "'TELECOM_BUZY' is no disconnect reason of a dialed contact; did you mean 'TELECOM_BUSY'",
        ),
        (Outcome(), "detected= takes a status of answering machine detection, not None"),
        (Outcome(detected="HUMAN_ANSWERED", talk=1e12), "talk= takes seconds, a number from 0 to one year"),
    ],
)
def test_an_invalid_outcome_is_refused_from_every_source(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor, outcome: Outcome, message: str
) -> None:
    for policy in (outcome, [outcome]):
        with pytest.raises(ValueError, match=message):
            connect_mock.on_dial(policy)
    connect_mock.on_dial(lambda contact: outcome)
    with pytest.raises(PlanError, match=message):
        put_for(connect_campaign)
    assert reasons(connect_mock) == ["OUTBOUND_ATTEMPT_FAILED"]


@pytest.mark.parametrize(
    ("ended_by", "reason"),
    [
        (None, "CONTACT_FLOW_DISCONNECT"),
        ("customer", "CUSTOMER_DISCONNECT"),
        ("agent", "CONTACT_FLOW_DISCONNECT"),
    ],
)
def test_without_an_agent_the_flow_or_the_customer_ends_the_call(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor, ended_by: str | None, reason: str
) -> None:
    connect_mock.on_dial(outcomes.answered(disconnected_by=ended_by))
    system = {"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    put_for(connect_instance.add_campaign(), QueueId=None, SystemEndpoint=system)
    connect_mock.advance(65)
    assert reasons(connect_mock) == [reason]


# Endings and detection


def test_a_reason_that_no_dialed_contact_ends_with_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'EXPIRED' is no disconnect reason of a dialed contact\. The reas"):
        outcomes.failed("EXPIRED")
    with pytest.raises(ValueError, match=r"'busy' is no .* did you mean 'TELECOM_BUSY'"):
        outcomes.failed("busy")
    with pytest.raises(ValueError, match="did you mean 'TELECOM_PROBLEM'\\? The reasons are TELECOM_BUSY, "):
        outcomes.failed("telecom_problems")


def test_a_status_that_no_detection_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"not 'VOICEMAIL'; did you mean 'VOICEMAIL_BEEP'\? The st"):
        outcomes.answered(detected="VOICEMAIL")
    with pytest.raises(ValueError, match=r"not 'DOG'\. The statuses are .*AMD_UNRESOLVED_SILENCE\."):
        outcomes.voicemail(detected="DOG")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: outcomes.failed("TELECOM_PROBLEM", ring=5), "does not ring, so ring= does not apply"),
        (
            lambda: outcomes.failed("OUTBOUND_PREVIEW_DISCARDED", detected="SIT_TONE_BUSY"),
            "is not dialed, so detected= does not apply",
        ),
        (lambda: outcomes.failed("TELECOM_BUSY", talk=5), "is not answered, so talk= does not apply"),
        (lambda: outcomes.failed("TELECOM_BUSY", patience=5), "so patience= does not apply; leave it out"),
        (
            lambda: outcomes.busy(detected="HUMAN_ANSWERED"),
            "TELECOM_BUSY is not answered, so the detection cannot say HUMAN_ANSWERED; use one of AMD_NOT",
        ),
    ],
)
def test_an_ending_takes_what_applies_to_it(make: Callable[[], Outcome], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        make()


def test_a_customer_taken_for_a_machine_gets_no_agent(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.answered(detected="VOICEMAIL_BEEP", ring=5, talk=20))
    put_for(connect_campaign)

    connect_mock.advance(5)
    assert {agent.activity for agent in connect_queue.agents} == {"AVAILABLE"}
    connect_mock.advance(20)

    contact = connect_mock.contacts.one(answering_machine_detection_status="VOICEMAIL_BEEP")
    assert (contact.disconnect_reason, contact.connected_to_agent_at) == ("CONTACT_FLOW_DISCONNECT", None)


def test_a_machine_taken_for_a_person_gets_an_agent(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.voicemail(detected="HUMAN_ANSWERED", ring=5, talk=20, after_contact_work=9))
    put_for(connect_campaign)

    connect_mock.advance(5)
    assert Counter(agent.activity for agent in connect_queue.agents)["ON_CALL"] == 1
    connect_mock.advance(20)
    assert Counter(agent.activity for agent in connect_queue.agents)["AFTER_CONTACT_WORK"] == 1
    connect_mock.advance(9)

    contact = connect_mock.contacts.one(answering_machine_detection_status="HUMAN_ANSWERED")
    assert contact.disconnect_reason == "AGENT_DISCONNECT"
    assert {agent.activity for agent in connect_queue.agents} == {"AVAILABLE"}


def test_a_machine_can_hang_up_before_the_flow(
    connect_mock: ConnectMock, connect_campaign: Campaign, put_for: PutFor
) -> None:
    connect_mock.on_dial(outcomes.voicemail(disconnected_by="customer"))
    put_for(connect_campaign)
    connect_mock.advance(60)
    assert reasons(connect_mock) == ["CUSTOMER_DISCONNECT"]


# Mixes


def test_a_mix_draws_outcomes_by_their_weights(
    connect_mock: ConnectMock, connect_instance: Instance, put_for: PutFor
) -> None:
    campaign = connect_instance.add_campaign()
    connect_mock.on_dial(
        outcomes.mix({outcomes.invalid_number(): 3, outcomes.busy(): 1, outcomes.no_answer(): 0})
    )
    put_for(
        campaign, 400, QueueId=None, SystemEndpoint={"Type": "TELEPHONE_NUMBER", "Address": "+15555550199"}
    )
    connect_mock.advance(600)

    drawn = Counter(reasons(connect_mock))
    assert 250 < drawn["TELECOM_NUMBER_INVALID"] < 350
    assert drawn["TELECOM_BUSY"] == 400 - drawn["TELECOM_NUMBER_INVALID"]


def drawn_by(policy: Any, snapshot_after: int | None = None) -> list[str | None]:
    """Return how twelve contacts end under a policy, with a snapshot that is restored at once."""
    mock = ConnectMock()
    instance = mock.add_instance()
    queue = instance.add_queue()
    queue.add_agents(1)
    campaign = instance.add_campaign(queue=queue)
    mock.on_dial(policy)
    for number in range(12):
        if number == snapshot_after:
            snapshot = mock.snapshot()
            put_one(mock, queue, campaign, 99)
            mock.restore(snapshot)
        put_one(mock, queue, campaign, number)
    return reasons(mock)


def put_one(mock: ConnectMock, queue: Queue, campaign: Campaign, number: int) -> None:
    item = item_for(queue, campaign, f"+155555501{number:02}")
    mock.client().batch_put_contact(InstanceId=mock.instances[0].id, ContactDataRequestList=[item])
    mock.advance(100)


def test_a_mix_is_the_same_for_the_same_seed() -> None:
    weights = {outcomes.busy(): 1, outcomes.no_answer(): 1, outcomes.failed("TELECOM_PROBLEM"): 1}
    policy = outcomes.mix(weights, seed=7)

    assert drawn_by(policy) == drawn_by(policy) == drawn_by(outcomes.mix(weights, seed=7))
    assert drawn_by(policy, snapshot_after=5) == drawn_by(policy)
    assert drawn_by(policy) != drawn_by(outcomes.mix(weights))


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({outcomes.busy(): -1}, "weights that are numbers from 0 on, not -1"),
        ({outcomes.busy(): float("nan")}, "weights that are numbers from 0 on, not nan"),
        ({outcomes.busy(): float("inf")}, "weights that are numbers from 0 on, not inf"),
        ({outcomes.busy(): True}, "weights that are numbers from 0 on, not True"),
        ({outcomes.busy(): "1"}, "weights that are numbers from 0 on, not '1'"),
        ({outcomes.busy(): 0}, "at least one weight that is greater than 0"),
        ({}, "at least one weight that is greater than 0"),
        ({Outcome("BUSY"): 1}, "'BUSY' is no disconnect reason"),
    ],
)
def test_wrong_weights_of_a_mix_are_refused(weights: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        outcomes.mix(weights)


def test_a_mix_takes_outcomes_their_weights_and_a_seed() -> None:
    with pytest.raises(TypeError, match=r"a dict with the weight of each outcome, not \[\]"):
        outcomes.mix([])  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(TypeError, match=r"whose keys are outcomes such as .* not 'busy'"):
        outcomes.mix({"busy": 1})  # type: ignore[dict-item]  # the mistake under test
    with pytest.raises(TypeError, match=r"call it: outcomes\.busy\(\)"):
        outcomes.mix({outcomes.busy: 1})  # type: ignore[dict-item]  # the mistake under test
    with pytest.raises(ValueError, match=r"seed= takes an integer, not 0\.5"):
        outcomes.mix({outcomes.busy(): 1}, seed=0.5)  # type: ignore[arg-type]  # the mistake under test
