"""The types of planned faults and of assertions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time as clock_time
from typing import Any
from zoneinfo import ZoneInfo

from typing_extensions import assert_type

from connect_batchmock import Calls, ConnectMock, Contact, Outcome, outcomes


def faults(connect_mock: ConnectMock) -> None:
    connect_mock.fail("BatchPutContact", "LimitExceededException", times=2, message="slow down")
    connect_mock.fail("BatchPutContact", 503, times=None)
    connect_mock.fail("StartCampaign", "InvalidCampaignStateException", state="Running")
    connect_mock.lose_response("BatchPutContact", times=1)
    connect_mock.reset_connection("BatchPutContact")
    connect_mock.refuse_connection("BatchPutContact", times=None)
    connect_mock.limit_rate("BatchPutContact", per_second=10, burst=15)
    connect_mock.limit_rate("BatchPutContact")
    connect_mock.passthrough("ListUsers")
    connect_mock.fail("BatchPutContact", None)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    connect_mock.lose_response("BatchPutContact", tmes=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def rejections(connect_mock: ConnectMock) -> None:
    def is_a_lead(item: Mapping[str, Any]) -> bool:
        return "lead" in item["Attributes"]

    connect_mock.reject_contacts("REQUEST_THROTTLED", when={"RequestIdentifier": "lead-7"}, times=1)
    connect_mock.reject_contacts("REQUEST_THROTTLED", when=is_a_lead, message="later")
    connect_mock.reject_contacts("INTERNAL_ERROR", when=lambda item: item["QueueId"] == "7")
    connect_mock.reject_requests("RequestThrottled", when={"clientToken": "lead-7"}, times=None)
    connect_mock.reject_requests("UnknownError", when=lambda request: "+1" in request["phoneNumber"])
    connect_mock.reject_requests("UnknownError", message="")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    connect_mock.reject_contacts("INTERNAL_ERROR", when="lead-7")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def policies(connect_mock: ConnectMock) -> None:
    def policy(contact: Contact) -> Outcome:
        return outcomes.busy() if contact.customer_address.endswith("1") else outcomes.answered()

    def wrong(contact: Contact) -> str:
        return contact.id

    connect_mock.on_dial(outcomes.no_answer())
    connect_mock.on_dial([outcomes.busy(), outcomes.voicemail()])
    connect_mock.on_dial((outcomes.busy(),))
    connect_mock.on_dial(policy)
    connect_mock.on_dial(lambda contact: outcomes.answered(ring=len(contact.customer_address)))
    connect_mock.on_dial(wrong)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    connect_mock.on_dial("busy")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    connect_mock.on_dial(lambda contact: contact.adress)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownLambdaType]


def decorators_keep_the_function(connect_mock: ConnectMock) -> None:
    @connect_mock.on_event
    def on_event(event: dict[str, Any]) -> int:
        return len(event)

    @connect_mock.on_contact_record
    def handler(record: dict[str, Any], context: object) -> None: ...

    @connect_mock.fake("ListUsers")
    def list_users(mock: ConnectMock, parameters: Mapping[str, Any]) -> dict[str, list[str]]:
        return {"UserSummaryList": [parameters["InstanceId"]]}

    assert_type(on_event({}), int)
    assert_type(handler({}, None), None)
    assert_type(list_users(connect_mock, {}), dict[str, list[str]])
    same = connect_mock.fake("ListUsers", list_users, service="connect")
    assert_type(same(connect_mock, {}), dict[str, list[str]])
    connect_mock.fake("ListUsers", len)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


def assertions(connect_mock: ConnectMock) -> None:
    assert_type(connect_mock.assert_contact_created(customer_address="+15555550100"), Contact)
    assert_type(connect_mock.assert_called("BatchPutContact", times=1, InstanceId="7"), Calls)
    connect_mock.assert_contact_count(1, attributes={"lead": "7"})
    connect_mock.assert_no_contacts(state="QUEUED")
    connect_mock.assert_no_unresolved_failures()
    connect_mock.assert_no_double_dials()
    connect_mock.assert_no_pending_faults()
    connect_mock.assert_no_unfaked_calls()
    connect_mock.assert_contact_created(adress="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    connect_mock.assert_contact_count(1, adress="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    connect_mock.assert_no_contacts(adress="1")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def audits(connect_mock: ConnectMock) -> None:
    connect_mock.assert_no_calls_outside_hours()
    connect_mock.assert_no_calls_outside_hours(("08:00", clock_time(21)), time_zone=ZoneInfo("Europe/Berlin"))
    connect_mock.assert_no_calls_outside_hours(
        {"MONDAY": [("09:00", "12:00"), ("14:00", "24:00")], "TUESDAY": ("09:00", "12:00")},
        time_zone=lambda contact: contact.attributes.get("time_zone"),
        campaign="7",
    )
    connect_mock.assert_no_calls_outside_hours([("08:00", "12:00"), ("14:00", "20:00")])
    connect_mock.assert_no_calls_outside_hours(time_zone=lambda contact: ["Europe/Berlin", "AREA_CODE"])
    connect_mock.assert_no_customer_called_too_often()
    connect_mock.assert_no_customer_called_too_often(3, days=7, campaign="7")
    connect_mock.assert_no_calls_outside_hours("8-21")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    connect_mock.assert_no_customer_called_too_often("3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def time(connect_mock: ConnectMock) -> None:
    connect_mock.advance(2.5)
    connect_mock.reset()
    connect_mock.advance("1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
