"""A scenario: a story that shows one decision about the service, and its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from connect_batchmock._matching import exact_differences
from connect_batchmock.verification.story import (
    NO_ERROR,
    Clients,
    NotTriedError,
    Story,
    check_tried,
    code_of,
)

Kind = Literal["reads", "writes"]
"""Whether a scenario only reads, or creates resources in the instance, which it deletes."""


@dataclass(frozen=True)
class Scenario:
    """A scenario.

    Args:
        id: its id.
        decision: the id of the decision that it shows.
        kind: whether it only reads.
        tell: carries it out.
    """

    id: str
    decision: str
    kind: Kind
    tell: Callable[[Story], None]

    @property
    def summary(self) -> str:
        """What the service is expected to do, in one line."""
        # Python's -OO strips docstrings.
        return (self.tell.__doc__ or self.id).partition("\n")[0]


def reads(decision: str) -> Callable[[Callable[[Story], None]], Scenario]:
    """Return a decorator for the function of a scenario that only reads."""
    return lambda tell: Scenario(_id_of(tell), decision, "reads", tell)


def writes(decision: str) -> Callable[[Callable[[Story], None]], Scenario]:
    """Return a decorator for the function of a scenario that creates resources."""
    return lambda tell: Scenario(_id_of(tell), decision, "writes", tell)


def _id_of(tell: Callable[[Story], None]) -> str:
    return tell.__name__.replace("_", "-")


Verdict = Literal["holds", "differs", "not tried"]


@dataclass
class Result:
    """The result of a scenario.

    Args:
        scenario: the scenario.
        verdict: whether the service behaves as expected.
        reason: why it was not tried; empty otherwise.
        expected: the expected members, by observation.
        observed: the same members as they were observed.
        names: the random names in both.
    """

    scenario: Scenario
    verdict: Verdict
    reason: str = ""
    expected: dict[str, Any] = field(default_factory=dict)
    observed: dict[str, Any] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """The path of each member that differs, the expected value and the observed one."""
        return list(exact_differences(self.expected, self.observed))


def try_scenario(scenario: Scenario, clients: Clients, instance_id: str, left: list[str]) -> Result:
    """Carry out a scenario, and delete what it created, whatever happens.

    Args:
        scenario: the scenario.
        clients: the clients.
        instance_id: the id of the instance.
        left: receives a description of each resource that could not be deleted.

    Returns:
        The result.

    Raises:
        KeyboardInterrupt: the run was interrupted; what the scenario created is deleted.
    """
    story = Story(clients, instance_id)
    verdict: Verdict = "not tried"
    reason = ""
    try:
        _tell(scenario, story)
        verdict = "holds" if story.expected == story.observed else "differs"
    except (NotTriedError, BotoCoreError) as error:
        reason = str(error)
    finally:
        story.clean_up(left)
    return Result(scenario, verdict, reason, story.expected, story.observed, story.names)


def _tell(scenario: Scenario, story: Story) -> None:
    try:
        scenario.tell(story)
    except ClientError as error:
        check_tried(error)
        # The story expects this API call to succeed.
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        observed = {"Code": code_of(error), "Status": status}
        story.expect(error.operation_name, NO_ERROR, observed)
