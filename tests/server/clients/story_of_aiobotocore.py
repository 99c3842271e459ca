"""The story of a dial request, from its being asked for to the end of the call, by aiobotocore.

``STORY`` is the JSON with the customers and the input of the calls. Nothing is mocked in this process.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import urllib.request
from typing import Any

from aiobotocore.session import get_session

STORY = json.loads(os.environ["STORY"])


async def tell(connect: Any, campaigns: Any) -> dict[str, Any]:
    """Call an operation and return its result."""
    error: tuple[str, int] | None = None
    try:
        await connect.describe_instance(InstanceId=STORY["unknown"])
    except connect.exceptions.ResourceNotFoundException as refused:
        error = refused.response["Error"]["Code"], refused.response["ResponseMetadata"]["HTTPStatusCode"]
    instance = {"InstanceId": STORY["instance"]}
    batch = await connect.batch_put_contact(**instance, ContactDataRequestList=STORY["items"])
    asked = await campaigns.put_dial_request_batch(id=STORY["campaign"], dialRequests=[STORY["dial_request"]])
    advanced = await asyncio.to_thread(advance)
    start, end = STORY["time_range"]
    time_range = {"Type": "INITIATION_TIMESTAMP", "StartTime": start, "EndTime": end}
    found = await connect.search_contacts(**instance, TimeRange=time_range)
    first = batch["SuccessfulRequestList"][0]["ContactId"]
    described = await connect.describe_contact(**instance, ContactId=first)
    return {
        "error": error,
        "attempts": batch["ResponseMetadata"]["RetryAttempts"] + 1,
        "created": [created["RequestIdentifier"] for created in batch["SuccessfulRequestList"]],
        "failed": [
            [failed["RequestIdentifier"], failed["FailureReasonCode"]]
            for failed in batch["FailedRequestList"]
        ],
        "asked": [request["clientToken"] for request in asked["successfulRequests"]],
        "advanced": advanced,
        "ended": sorted(contact["Id"] for contact in found["Contacts"] if "DisconnectTimestamp" in contact),
        "reason": described["Contact"]["DisconnectReason"],
    }


def advance() -> int:
    """Advance the clock until the phone call has ended."""
    request = urllib.request.Request(
        f"{STORY['url']}/_mock/advance",
        data=json.dumps({"seconds": STORY["seconds"]}).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return int(answer.status)


async def main() -> None:
    session = get_session()
    async with (
        session.create_client("connect") as connect,
        session.create_client("connectcampaigns") as campaigns,
    ):
        sys.stdout.write(json.dumps(await tell(connect, campaigns)))


if __name__ == "__main__":
    asyncio.run(main())
