"""Valid requests for every path under ``/_mock/``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from factories import Seeded
from signed_requests import Wire

RECORDS = ("contacts", "calls", "failed_requests", "events", "contact_records")
OTHERS = (
    "instances",
    "queues",
    "campaigns",
    "agents",
    "fault_choices",
    "environment",
    "faults",
    "now",
    "settings",
    "unfaked_operations",
    "changes",
)
QUERIES = {
    "contacts": "state=COMPLETED&limit=5",
    "calls": "operation=BatchPutContact&after=1",
    "events": "limit=2",
    "changes": "after=a-1-1-1-b",
}
PUT = {"operation": "BatchPutContact"}
# Not among them are "delay" and the waits, which take as long as a request says, however it was changed.
ACTS: dict[str, dict[str, Any]] = {
    "add_instance": {"alias": "another", "region": "eu-west-2"},
    "advance": {"seconds": 60.5},
    "passthrough": {"operation": "ListPrompts"},
    "assert_called": {**PUT, "times": 1, "InstanceId": "i"},
    "assert_contact_count": {"n": 3, "state": "COMPLETED"},
    "assert_contact_created": {"customer_address": "+15555550100", "attributes": {"lead": "0"}},
    "assert_event": {"eventType": "INITIATED", "channel": "VOICE"},
    "assert_no_calls_outside_hours": {"hours": ["00:00", "24:00"], "time_zone": "Europe/Berlin"},
    "assert_no_contacts": {"request_identifier": "lead-1"},
    "assert_no_customer_called_too_often": {"limit": 3, "days": 7},
    "assert_no_double_dials": {"retry_after": ["TELECOM_BUSY", "voicemail", {"kind": "no_answer"}]},
    "assert_no_pending_faults": {},
    "assert_no_unfaked_calls": {},
    "assert_no_unresolved_failures": {},
    "delivery": {"duplicates": 0.5, "delay": [0, 30], "shuffle": True, "seed": 1},
    "describe_calls": {"limit": 5},
    "describe_contact": {"contact": "29bec755-c35b-4cab-a403-21480ebe84b2"},
    "fail": {**PUT, "error": "ThrottlingException", "times": 2, "message": "Slower.", "status": 429},
    "limit_rate": {**PUT, "per_second": 0.5, "burst": 3},
    "lose_response": {**PUT, "times": None},
    "on_dial": {"policy": [{"kind": "answered", "ring": 3, "talk": 30}, "busy"]},
    "refuse_connection": PUT,
    "reject_contacts": {"reason": "REQUEST_THROTTLED", "when": {"QueueId": "q"}, "times": 1},
    "reject_requests": {"code": "RequestThrottled", "when": {"phoneNumber": "+15555550100"}, "times": 1},
    "reset": {},
    "reset_connection": PUT,
    "seed": {
        "instances": [
            {
                "alias": "seeded",
                "phone_numbers": ["+15555550199"],
                "queues": [{"name": "Sales", "agents": 2}],
                "agents": [{"username": "anna", "queues": ["Sales"], "status": "Lunch"}],
                "campaigns": [{"name": "Spring", "queue": "Sales", "mode": "progressive"}],
                "profiles": [{"number": "+15555550100", "attributes": {"lead": "1"}}],
            }
        ]
    },
    "snapshot": {},
    "restore": {"snapshot": "snapshot-1"},
}


def good_control(seeded: Seeded) -> Iterator[Wire]:
    """Return a request for each path."""
    for name in (*RECORDS, *OTHERS):
        yield _request("GET", name + (f"?{QUERIES[name]}" if name in QUERIES else ""))
    for name, body in ACTS.items():
        yield _request("POST", name, body)
    instance, queue, campaign = seeded.instance.id, seeded.queue.id, seeded.running.id
    on_things: dict[str, dict[str, Any]] = {
        f"agents/{seeded.agent.id}/set_status": {"name": "Lunch"},
        f"instances/{instance}/add_agent": {"username": "ben", "queues": [queue], "email": "ben@example.com"},
        f"instances/{instance}/add_campaign": {"name": "Summer", "queue": queue, "mode": "predictive"},
        f"instances/{instance}/add_phone_number": {"number": "+15555550188"},
        f"instances/{instance}/add_profile": {"number": "+15555550101", "attributes": {"a": "b"}},
        f"instances/{instance}/add_queue": {"name": "another", "enabled": False},
        f"instances/{instance}/fail_onboarding": {"code": "KMS_KEY_NOT_FOUND"},
        f"queues/{queue}/add_agents": {"count": 3},
        **{f"queues/{queue}/{name}": {} for name in ("delete", "disable", "enable")},
        **{
            f"campaigns/{campaign}/{name}": {}
            for name in ("delete", "fail", "pause", "resume", "start", "stop")
        },
    }
    for path, body in on_things.items():
        yield _request("POST", path, body)


def _request(method: str, path: str, body: Any = None) -> Wire:
    headers = (("Host", "127.0.0.1"), ("Content-Type", "application/json"))
    return Wire(method, f"/_mock/{path}", headers, b"" if body is None else json.dumps(body).encode())
