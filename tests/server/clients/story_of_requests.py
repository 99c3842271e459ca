"""The story of a dial request, from its being asked for to the end of the call, by requests signed by hand.

``STORY`` is the JSON with the customers and the input of the calls. Nothing is mocked in this process.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import requests
from requests_aws4auth import AWS4Auth

STORY = json.loads(os.environ["STORY"])
THROTTLED = 429


def call(method: str, service: str, path: str, body: Any = None) -> requests.Response:
    """Call an operation, and retry once if it is throttled; a header counts the attempts."""
    auth = AWS4Auth("AKIA", "secret", "us-east-1", service)
    for _ in range(2):
        answer = requests.request(method, f"{STORY['url']}{path}", json=body, auth=auth)
        if answer.status_code != THROTTLED:
            break
    return answer


def main() -> None:
    instance = STORY["instance"]
    refused = call("GET", "connect", f"/instance/{STORY['unknown']}")
    throttled = requests.put(
        f"{STORY['url']}/contact/batch/{instance}",
        json={"ContactDataRequestList": STORY["items"]},
        auth=AWS4Auth("AKIA", "secret", "us-east-1", "connect"),
    )
    put = call("PUT", "connect", f"/contact/batch/{instance}", {"ContactDataRequestList": STORY["items"]})
    batch = put.json()
    asked = call(
        "PUT",
        "connect-campaigns",
        f"/campaigns/{STORY['campaign']}/dial-requests",
        {"dialRequests": [STORY["dial_request"]]},
    ).json()
    advanced = requests.post(f"{STORY['url']}/_mock/advance", json={"seconds": STORY["seconds"]})
    time_range = {"Type": "INITIATION_TIMESTAMP"} | dict(
        zip(("StartTime", "EndTime"), STORY["time_range_in_seconds"], strict=True)
    )
    found = call(
        "POST", "connect", "/search-contacts", {"InstanceId": instance, "TimeRange": time_range}
    ).json()
    first = batch["SuccessfulRequestList"][0]["ContactId"]
    described = call("GET", "connect", f"/contacts/{instance}/{first}").json()
    reported = {
        "error": [refused.headers["x-amzn-errortype"], refused.status_code],
        "attempts": 1 + (throttled.status_code == THROTTLED),
        "created": [created["RequestIdentifier"] for created in batch["SuccessfulRequestList"]],
        "failed": [
            [failed["RequestIdentifier"], failed["FailureReasonCode"]]
            for failed in batch["FailedRequestList"]
        ],
        "asked": [request["clientToken"] for request in asked["successfulRequests"]],
        "advanced": advanced.status_code,
        "ended": sorted(contact["Id"] for contact in found["Contacts"] if "DisconnectTimestamp" in contact),
        "reason": described["Contact"]["DisconnectReason"],
    }
    sys.stdout.write(json.dumps(reported))


if __name__ == "__main__":
    main()
