"""Under any schedule of faults a contact is created once, never lost, and recorded correctly.

A client like an application's sends batches, repeats them, and meets faults, rates, deletions and time.
Beside it runs a model that says in a few lines what must come of it.
"""

from __future__ import annotations

import copy
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from factories import Item, item_for
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from connect_batchmock import Campaign, ConnectMock, Queue

DAY = 24 * 60 * 60
ATTEMPTS = 3


LOST = {"lose_response", "reset_connection"}
FAULTS = {
    "refuse_connection": "EndpointConnectionError",
    "lose_response": "ReadTimeoutError",
    "reset_connection": "ConnectionClosedError",
    "LimitExceededException": "LimitExceededException",
    "InternalServiceException": "InternalServiceException",
    "AccessDeniedException": "AccessDeniedException",
    "503": "503",
}
FINAL = {"AccessDeniedException", "IdempotencyException"}
REASONS = ["REQUEST_THROTTLED", "INTERNAL_ERROR"]


@dataclass
class Planned:
    """A fault of calls, or of items with an even or odd number, and how often it is still to happen."""

    what: str
    left: int
    parity: int = 0


@dataclass
class Answer:
    """The use of a ClientToken: the request, its time, and the items that were created and failed."""

    items: list[Item]
    day: int
    created: list[str | None]
    failed: list[tuple[str | None, str]]


@dataclass
class Model:
    """A model of the backend."""

    day: int = 0
    queues: dict[str, bool] = field(default_factory=dict)
    campaigns: set[str] = field(default_factory=set)
    faults: list[Planned] = field(default_factory=list)
    rejections: list[Planned] = field(default_factory=list)
    tokens: float | None = None
    burst: int = 0
    answers: dict[str, Answer] = field(default_factory=dict)
    dialed: list[str] = field(default_factory=list)
    failed: list[tuple[str | None, str]] = field(default_factory=list)
    errors: list[str | None] = field(default_factory=list)

    def call(self, token: str, items: list[Item]) -> Answer | str:
        """Return the result that the client gets: a response, or the name of an error."""
        for _ in range(ATTEMPTS):
            outcome = self.attempt(token, items)
            self.errors.append(outcome if isinstance(outcome, str) else None)
            if not isinstance(outcome, str) or outcome in FINAL:
                break
        return outcome

    def attempt(self, token: str, items: list[Item]) -> Answer | str:
        fault = next((fault for fault in self.faults if fault.left), None)
        if fault is not None:
            fault.left -= 1
            if fault.what not in LOST:
                return FAULTS[fault.what]
        outcome = self.carry_out(token, items)
        return outcome if fault is None else FAULTS[fault.what]

    def carry_out(self, token: str, items: list[Item]) -> Answer | str:
        if self.tokens is not None:
            if self.tokens < 1:
                return "LimitExceededException"
            self.tokens -= 1
        kept = self.answers.get(token)
        if kept is None or self.day - kept.day >= 7:
            self.answers[token] = self.create(items)
        elif kept.items != items:
            return "IdempotencyException"
        return self.answers[token]

    def create(self, items: list[Item]) -> Answer:
        answer = Answer(copy.deepcopy(items), self.day, [], [])
        seen: dict[str, tuple[Item, str | None]] = {}
        for item in items:
            name = item.get("RequestIdentifier")
            reason = self.reason(item, seen)
            if reason is None:
                answer.created.append(name)
                if name not in seen:
                    self.dialed.append(item["CustomerEndpoint"]["Address"])
            else:
                answer.failed.append((name, reason))
            if name is not None:
                seen.setdefault(name, (item, reason))
        self.failed += answer.failed
        return answer

    def reason(self, item: Item, seen: dict[str, tuple[Item, str | None]]) -> str | None:
        first, outcome = seen.get(item.get("RequestIdentifier", ""), (None, None))
        if first == item:
            return outcome
        if item["Campaign"]["CampaignId"] not in self.campaigns:
            return "MISSING_CAMPAIGN"
        if not self.queues.get(item["QueueId"]):
            return "INVALID_QUEUE"
        if first is not None:
            return "IDEMPOTENCY_EXCEPTION"
        parity = int(item["CustomerEndpoint"]["Address"]) % 2
        rejection = next(
            (rejection for rejection in self.rejections if rejection.left and rejection.parity == parity),
            None,
        )
        if rejection is None:
            return None
        rejection.left -= 1
        return rejection.what


@cache
def backend() -> tuple[ConnectMock, Any]:
    """Make the mock and the client that every example begins anew with."""
    mock = ConnectMock()
    config = Config(retries={"mode": "legacy", "total_max_attempts": ATTEMPTS})
    return mock, mock.client(config=config)


class AnySchedule(RuleBasedStateMachine):
    queues = Bundle("queues")
    campaigns = Bundle("campaigns")
    batches = Bundle("batches")

    @initialize(target=queues)
    def begin(self) -> Any:
        self.mock, self.client = backend()
        self.mock.reset()
        self.instance = self.mock.add_instance()
        self.model = Model()
        self.sent = 0
        self.acknowledged: dict[str, str] = {}
        return multiple(self.add_queue(), self.add_queue())

    # Seeding and deleting

    @rule(target=queues)
    def seed_queue(self) -> Queue:
        return self.add_queue()

    def add_queue(self) -> Queue:
        queue = self.instance.add_queue()
        self.model.queues[queue.id] = True
        return queue

    @rule(queue=queues, enabled=st.booleans())
    def switch_queue(self, queue: Queue, enabled: bool) -> None:
        queue.enable() if enabled else queue.disable()
        if queue.id in self.model.queues:
            self.model.queues[queue.id] = enabled

    @rule(queue=queues)
    def delete_queue(self, queue: Queue) -> None:
        queue.delete()
        self.model.queues.pop(queue.id, None)

    @rule(target=campaigns)
    def add_campaign(self) -> Campaign:
        campaign = self.instance.add_campaign()
        self.model.campaigns.add(campaign.id)
        return campaign

    @rule(campaign=campaigns)
    def delete_campaign(self, campaign: Campaign) -> None:
        campaign.delete()
        self.model.campaigns.discard(campaign.id)

    # Planning

    @rule(what=st.sampled_from(sorted(FAULTS)), times=st.integers(1, 3))
    def plan_fault(self, what: str, times: int) -> None:
        if hasattr(self.mock, what):
            getattr(self.mock, what)("BatchPutContact", times=times)
        else:
            self.mock.fail("BatchPutContact", int(what) if what.isdigit() else what, times=times)
        self.model.faults.append(Planned(what, times))

    @rule(reason=st.sampled_from(REASONS), times=st.integers(1, 3), parity=st.integers(0, 1))
    def plan_rejection(self, reason: str, times: int, parity: int) -> None:
        def when(item: Any) -> bool:
            return int(item["CustomerEndpoint"]["Address"]) % 2 == parity

        self.mock.reject_contacts(reason, when=when, times=times)
        self.model.rejections.append(Planned(reason, times, parity))

    @rule(burst=st.integers(1, 5))
    def limit_rate(self, burst: int) -> None:
        # Two a day: the time that an example takes brings next to nothing.
        self.mock.limit_rate("BatchPutContact", per_second=2 / DAY, burst=burst)
        self.model.tokens = self.model.burst = burst

    @rule(days=st.integers(1, 8))
    def advance(self, days: int) -> None:
        self.mock.advance(days * DAY)
        self.model.day += days
        if self.model.tokens is not None:
            self.model.tokens = min(self.model.burst, self.model.tokens + 2 * days)

    # Sending

    @rule(
        target=batches,
        queue=queues,
        campaign=campaigns,
        names=st.lists(st.sampled_from([None, None, "a", "b"]), min_size=1, max_size=4),
        same=st.booleans(),
    )
    def send(self, queue: Queue, campaign: Campaign, names: list[str | None], same: bool) -> Any:
        items = []
        for name in names:
            self.sent += 0 if same and items else 1
            items.append(self.item(queue, campaign, name))
        batch = (f"token-{self.sent}", items)
        self.put(*batch)
        return batch

    @rule(batch=batches)
    def repeat(self, batch: Any) -> None:
        self.put(*batch)

    @rule(batch=batches, queue=queues, campaign=campaigns)
    def use_a_token_otherwise(self, batch: Any, queue: Queue, campaign: Campaign) -> None:
        self.sent += 1
        self.put(batch[0], [self.item(queue, campaign, None)])

    def item(self, queue: Queue, campaign: Campaign, name: str | None) -> Item:
        return item_for(queue, campaign, f"+1555{self.sent:07}", RequestIdentifier=name)

    def put(self, token: str, items: list[Item]) -> None:
        expected = self.model.call(token, items)
        got = self.answer(token, items)
        if isinstance(expected, str):
            assert got == expected
            return
        created, failed = got["SuccessfulRequestList"], got["FailedRequestList"]
        assert len(created) + len(failed) == len(items)
        assert [contact.get("RequestIdentifier") for contact in created] == expected.created
        assert [
            (failure.get("RequestIdentifier"), failure["FailureReasonCode"]) for failure in failed
        ] == expected.failed
        self.acknowledge(token, expected, created)

    def answer(self, token: str, items: list[Item]) -> Any:
        try:
            return self.client.batch_put_contact(
                InstanceId=self.instance.id, ContactDataRequestList=items, ClientToken=token
            )
        except ClientError as error:
            return error.response["Error"]["Code"]
        except BotoCoreError as error:
            return type(error).__name__

    def acknowledge(self, token: str, expected: Answer, created: list[dict[str, str]]) -> None:
        for number, contact in enumerate(created):
            # The response of a token is the same until the token expires.
            key = f"{token} {expected.day} {number}"
            contact_id = contact["ContactId"]
            assert self.acknowledged.setdefault(key, contact_id) == contact_id

    # Reading

    @rule()
    def scribble_on_what_is_read(self) -> None:
        with suppress(IndexError):
            call = self.mock.calls[-1]
            call.parameters["ContactDataRequestList"].clear()
            if call.result is not None:
                call.result["SuccessfulRequestList"].clear()
        with suppress(IndexError):
            self.mock.failed_requests[-1].item.clear()  # type: ignore[attr-defined]  # what a careless test would do
        with suppress(IndexError):
            self.mock.contacts[-1].attributes["scribbled"] = "yes"  # type: ignore[index]  # the same

    @invariant()
    def each_logical_send_made_one_contact_and_none_is_lost(self) -> None:
        contacts = self.mock.contacts
        assert [contact.customer_address for contact in contacts] == self.model.dialed
        ids = {contact.id for contact in contacts}
        assert len(ids) == len(contacts)
        assert ids >= set(self.acknowledged.values())

    @invariant()
    def what_happened_is_told_as_it_was(self) -> None:
        assert [call.error for call in self.mock.calls] == self.model.errors
        recorded = [(request.request_identifier, request.reason) for request in self.mock.failed_requests]
        assert recorded == self.model.failed
        for call in self.mock.calls[-1:]:
            assert call.parameters["ContactDataRequestList"]
            for one in (call.result or {}).get("SuccessfulRequestList", ()):
                assert one["ContactId"] in {contact.id for contact in self.mock.contacts}
        for request in self.mock.failed_requests[-1:]:
            assert request.item["CustomerEndpoint"]["Address"].startswith("+1555")
        assert not any("scribbled" in contact.attributes for contact in self.mock.contacts[-1:])


TestAnySchedule = AnySchedule.TestCase
TestAnySchedule.settings = settings(
    max_examples=settings.default.max_examples // 2, stateful_step_count=50, deadline=None
)
