"""What the dialer promises, checked against a mocked Amazon Connect."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import dialer
import pytest
from botocore.exceptions import EndpointConnectionError

if TYPE_CHECKING:
    from connect_batchmock import Campaign, ConnectMock, Instance, Queue

LEADS = Path(__file__).with_name("leads.csv")
USABLE, DUPLICATES, UNUSABLE = 968, 22, 10

UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def target(connect_instance: Instance, connect_queue: Queue, connect_campaign: Campaign) -> dialer.Target:
    return dialer.Target(connect_instance.id, connect_queue.id, connect_campaign.id)


def write_leads(folder: Path, *rows: tuple[str, str, str], encoding: str = "utf-8") -> Path:
    path = folder / "leads.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([("id", "name", "phone"), *rows])
    return path


# The whole file


def test_every_usable_lead_is_dialed_exactly_once(connect_mock: ConnectMock, target: dialer.Target) -> None:
    report = dialer.dial_file(LEADS, target)

    connect_mock.assert_contact_count(USABLE)
    assert len({contact.customer_address for contact in connect_mock.contacts}) == USABLE
    assert {contact.request_identifier for contact in connect_mock.contacts} == set(report.created)
    assert not report.failed


def test_every_lead_of_the_file_is_accounted_for(connect_mock: ConnectMock, target: dialer.Target) -> None:
    report = dialer.dial_file(LEADS, target)

    counts = len(report.created), len(report.duplicates), len(report.unusable)
    assert counts == (USABLE, DUPLICATES, UNUSABLE)
    assert {*report.created, *report.duplicates, *report.unusable} == {
        f"lead-{number:04d}" for number in range(1, 1001)
    }


def test_the_report_names_the_contact_that_was_made(connect_mock: ConnectMock, target: dialer.Target) -> None:
    report = dialer.dial_file(LEADS, target)

    assert report.created == {contact.request_identifier: contact.id for contact in connect_mock.contacts}


def test_contacts_are_put_into_the_given_queue_and_campaign(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign, target: dialer.Target
) -> None:
    dialer.dial_file(LEADS, target)

    connect_mock.assert_contact_count(USABLE, queue=connect_queue, campaign=connect_campaign)


# Batches


def test_no_batch_has_more_than_25_leads(connect_mock: ConnectMock, target: dialer.Target) -> None:
    dialer.dial_file(LEADS, target)

    calls = connect_mock.calls.where(operation="BatchPutContact")
    sizes = [len(call.parameters["ContactDataRequestList"]) for call in calls]
    assert max(sizes) <= 25
    assert sum(sizes) == USABLE


def test_every_batch_has_its_own_token(connect_mock: ConnectMock, target: dialer.Target) -> None:
    dialer.dial_file(LEADS, target)

    calls = connect_mock.calls.where(operation="BatchPutContact")
    assert len({call.parameters["ClientToken"] for call in calls}) == len(calls)


def test_a_batch_sent_twice_dials_no_customer_twice(connect_mock: ConnectMock, target: dialer.Target) -> None:
    batch = dialer.Batch([dialer.Lead("a", "+15555550142"), dialer.Lead("b", "+15555550100")])

    first, second = dialer.put(batch, target), dialer.put(batch, target)

    assert dialer.contact_ids(first) == dialer.contact_ids(second)
    connect_mock.assert_contact_count(2)


def test_a_file_without_leads_makes_no_call(
    connect_mock: ConnectMock, target: dialer.Target, tmp_path: Path
) -> None:
    assert dialer.dial_file(write_leads(tmp_path), target) == dialer.Report()

    assert len(connect_mock.calls) == 0


# Numbers


def test_national_numbers_arrive_as_e164(
    connect_mock: ConnectMock, target: dialer.Target, tmp_path: Path
) -> None:
    leads = write_leads(
        tmp_path,
        ("a", "Ada", "(555) 555-0142"),
        ("b", "Ben", "555.555.0100"),
        ("c", "Carla", "1-555-555-0101"),
        ("d", "Dmitri", "+44 20 7946 0958"),
    )

    dialer.dial_file(leads, target)

    assert {contact.request_identifier: contact.customer_address for contact in connect_mock.contacts} == {
        "a": "+15555550142",
        "b": "+15555550100",
        "c": "+15555550101",
        "d": "+442079460958",
    }


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "n/a",
        "555-0142",
        "(555) 555-014",
        "0000000000",
        "+1 112 555 0134",
        "555.555.0100 ext. 12",
        "+",
        "\uff15" * 10,
    ],
)
def test_an_invalid_number_is_refused(phone: str) -> None:
    assert dialer.e164(phone) is None


def test_unusable_leads_are_reported_and_not_sent(
    connect_mock: ConnectMock, target: dialer.Target, tmp_path: Path
) -> None:
    leads = write_leads(tmp_path, ("a", "Ada", "call reception"), ("b", "Ben", "555.555.0100"))

    report = dialer.dial_file(leads, target)

    assert report.unusable == {"a": "call reception"}
    assert connect_mock.contacts.one().request_identifier == "b"
    assert not connect_mock.failed_requests


def test_a_repeated_number_is_dialed_for_the_first_lead(
    connect_mock: ConnectMock, target: dialer.Target, tmp_path: Path
) -> None:
    leads = write_leads(
        tmp_path,
        ("a", "Ada", "(555) 555-0142"),
        ("b", "Ben", "+15555550142"),
        ("c", "Carla", "(555) 555-0142"),
    )

    report = dialer.dial_file(leads, target)

    assert report.duplicates == {"b": "a", "c": "a"}
    connect_mock.assert_contact_created(request_identifier="a", customer_address="+15555550142")
    connect_mock.assert_contact_count(1)


# Attributes


def test_non_ascii_attributes_arrive_intact(connect_mock: ConnectMock, target: dialer.Target) -> None:
    dialer.dial_file(LEADS, target)

    contact = connect_mock.contacts.one(request_identifier="lead-0005")
    assert contact.attributes == {"name": "José Núñez", "language": "Español", "interest": "café terrace"}


def test_a_quoted_comma_stays_in_the_name(connect_mock: ConnectMock, target: dialer.Target) -> None:
    dialer.dial_file(LEADS, target)

    connect_mock.assert_contact_created(request_identifier="lead-0007", attributes={"name": "Okafor, Ada"})


def test_an_empty_name_is_no_attribute(connect_mock: ConnectMock, target: dialer.Target) -> None:
    dialer.dial_file(LEADS, target)

    assert "name" not in connect_mock.contacts.one(request_identifier="lead-0006").attributes


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    leads = write_leads(tmp_path, ("a", "Zoë", "555.555.0100"), encoding="utf-8-sig")

    assert dialer.read_leads(leads) == [dialer.Lead("a", "555.555.0100", {"name": "Zoë"})]


def test_two_leads_with_one_id_are_refused(tmp_path: Path) -> None:
    leads = write_leads(tmp_path, ("a", "Ada", "555.555.0100"), ("a", "Ben", "555.555.0101"))

    with pytest.raises(ValueError, match="two leads have the id 'a'"):
        dialer.read_leads(leads)


# Refused items


def test_a_disabled_queue_fails_every_lead(
    connect_mock: ConnectMock, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    closed = connect_instance.add_queue(enabled=False)

    report = dialer.dial_file(LEADS, dialer.Target(connect_instance.id, closed.id, connect_campaign.id))

    assert len(report.failed) == USABLE
    assert set(report.failed.values()) == {"INVALID_QUEUE"}
    assert not report.created
    assert len(connect_mock.contacts) == 0


def test_a_failure_that_is_not_retryable_is_sent_once(
    connect_mock: ConnectMock, connect_instance: Instance, connect_campaign: Campaign
) -> None:
    closed = connect_instance.add_queue(enabled=False)

    report = dialer.dial_file(LEADS, dialer.Target(connect_instance.id, closed.id, connect_campaign.id))

    refused = {failed.request_identifier: failed.reason for failed in connect_mock.failed_requests}
    assert refused == report.failed
    assert len(connect_mock.failed_requests) == USABLE


def test_an_unknown_campaign_fails_every_lead(
    connect_mock: ConnectMock, connect_instance: Instance, connect_queue: Queue
) -> None:
    report = dialer.dial_file(LEADS, dialer.Target(connect_instance.id, connect_queue.id, UNKNOWN_ID))

    assert len(report.failed) == USABLE
    assert set(report.failed.values()) == {"MISSING_CAMPAIGN"}


def test_a_column_that_is_no_attribute_fails_its_leads(
    connect_mock: ConnectMock, target: dialer.Target
) -> None:
    filled = dialer.Lead("a", "+15555550142", {"last contact": "2025-11-03"})

    report = dialer.dial([filled, dialer.Lead("b", "+15555550100")], target)

    assert report.failed == {"a": "INVALID_ATTRIBUTE_KEY"}
    connect_mock.assert_contact_created(request_identifier="b")
    connect_mock.assert_contact_count(1)


def test_a_number_that_only_the_service_refuses_is_reported(
    connect_mock: ConnectMock, target: dialer.Target
) -> None:
    refused = {"Address": "+9995550142"}  # E.164, and the calling code of no country
    connect_mock.reject_contacts("INVALID_CUSTOMER_ENDPOINT", when={"CustomerEndpoint": refused})

    report = dialer.dial([dialer.Lead("a", "+999 555 0142"), dialer.Lead("b", "+15555550100")], target)

    assert report.failed == {"a": "INVALID_CUSTOMER_ENDPOINT"}
    assert set(report.created) == {"b"}


def test_a_second_lead_with_the_same_id_is_not_dialed(
    connect_mock: ConnectMock, target: dialer.Target
) -> None:
    report = dialer.dial([dialer.Lead("a", "+15555550142"), dialer.Lead("a", "+15555550100")], target)

    assert report.failed == {"a": "IDEMPOTENCY_EXCEPTION"}
    assert connect_mock.contacts.one().customer_address == "+15555550142"


# The dialer breaks none of the rules that AWS documents for these reasons, but AWS may add rules. An older
# botocore has fewer reasons.
UNEXPECTED = {
    "INVALID_OUTBOUND_STRATEGY",
    "INVALID_SYSTEM_ENDPOINT",
    "MISSING_CUSTOMER_ENDPOINT",
    "MISSING_QUEUE_ID_AND_SYSTEM_ENDPOINT",
}.intersection(dialer.connect.meta.service_model.shape_for("FailureReasonCode").enum)


@pytest.mark.parametrize("reason", sorted(UNEXPECTED))
def test_a_lead_refused_for_an_unexpected_reason_is_sent_once(
    connect_mock: ConnectMock, target: dialer.Target, reason: str
) -> None:
    connect_mock.reject_contacts(reason, when={"RequestIdentifier": "a"})

    report = dialer.dial([dialer.Lead("a", "+15555550142"), dialer.Lead("b", "+15555550100")], target)

    assert report.failed == {"a": reason}
    assert set(report.created) == {"b"}
    connect_mock.assert_called("BatchPutContact", times=1)


def test_an_unknown_instance_stops_the_run(
    connect_mock: ConnectMock, connect_queue: Queue, connect_campaign: Campaign
) -> None:
    with pytest.raises(dialer.connect.exceptions.ResourceNotFoundException):
        dialer.dial_file(LEADS, dialer.Target(UNKNOWN_ID, connect_queue.id, connect_campaign.id))

    assert len(connect_mock.calls.where(operation="BatchPutContact")) == 1


@pytest.mark.connect_mock(caller="customer")
def test_a_caller_without_permission_is_denied(connect_mock: ConnectMock, target: dialer.Target) -> None:
    with pytest.raises(dialer.connect.exceptions.AccessDeniedException):
        dialer.dial_file(LEADS, target)

    assert len(connect_mock.contacts) == 0


# Retryable failures


@pytest.mark.parametrize("round_number", [1, 2])
def test_only_retryable_failures_are_sent_again(round_number: int) -> None:
    failures = {
        "a": "REQUEST_THROTTLED",
        "b": "INVALID_QUEUE",
        "c": "INTERNAL_ERROR",
        "d": "MISSING_CAMPAIGN",
    }

    assert dialer.leads_to_retry(failures, round_number) == {"a", "c"}


def test_nothing_is_sent_again_after_the_third_round() -> None:
    assert dialer.leads_to_retry({"a": "REQUEST_THROTTLED"}, round_number=3) == set()


# Faults


def test_throttled_leads_are_sent_again(connect_mock: ConnectMock, target: dialer.Target) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "lead-0007"}, times=2)
    connect_mock.reject_contacts("INTERNAL_ERROR", times=30)

    report = dialer.dial_file(LEADS, target)

    assert len(report.created) == USABLE
    assert not report.failed
    connect_mock.assert_no_unresolved_failures()
    connect_mock.assert_no_double_dials()


def test_a_lead_that_stays_throttled_is_reported(connect_mock: ConnectMock, target: dialer.Target) -> None:
    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "lead-0007"})

    report = dialer.dial_file(LEADS, target)

    assert report.failed == {"lead-0007": "REQUEST_THROTTLED"}
    assert len(connect_mock.failed_requests) == dialer.ROUNDS


@pytest.mark.parametrize("losses", [1, 3, 5])
def test_lost_responses_dial_no_customer_twice(
    connect_mock: ConnectMock, target: dialer.Target, losses: int
) -> None:
    connect_mock.lose_response("BatchPutContact", times=losses)

    report = dialer.dial_file(LEADS, target)

    assert len(report.created) == USABLE
    connect_mock.assert_contact_count(USABLE)
    connect_mock.assert_no_double_dials()


def test_an_unreachable_service_stops_the_run(connect_mock: ConnectMock, target: dialer.Target) -> None:
    connect_mock.refuse_connection("BatchPutContact", times=None)

    with pytest.raises(EndpointConnectionError):
        dialer.dial_file(LEADS, target)

    connect_mock.assert_no_contacts()


# The command line


def arguments(target: dialer.Target) -> list[str]:
    return [
        str(LEADS),
        f"--instance-id={target.instance_id}",
        f"--queue-id={target.queue_id}",
        f"--campaign-id={target.campaign_id}",
    ]


def test_main_succeeds_when_no_lead_failed(
    connect_mock: ConnectMock, target: dialer.Target, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dialer.main(arguments(target)) == 0

    printed = capsys.readouterr().out.splitlines()
    assert printed[:4] == ["created: 968", "failed: 0", "unusable: 10", "duplicates: 22"]
    assert "  lead lead-0037: cannot dial 'n/a'" in printed
    assert "  lead lead-0003: same number as lead lead-0002" in printed


def test_main_fails_when_a_lead_failed(
    connect_mock: ConnectMock,
    connect_instance: Instance,
    connect_campaign: Campaign,
    capsys: pytest.CaptureFixture[str],
) -> None:
    closed = connect_instance.add_queue(enabled=False)

    assert dialer.main(arguments(dialer.Target(connect_instance.id, closed.id, connect_campaign.id))) == 1

    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["created: 0", "failed: 968"]
    assert "  lead lead-0001: INVALID_QUEUE" in printed


def test_main_requires_the_queue(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        dialer.main([str(LEADS), "--instance-id=i", "--campaign-id=c"])

    assert stopped.value.code == 2
    assert "--queue-id" in capsys.readouterr().err
