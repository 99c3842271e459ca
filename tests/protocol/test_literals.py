"""The texts that editors complete are those of the installed models."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, get_type_hints

import botocore
import pytest
from tools.literals import MODULE, source

from connect_batchmock import Campaign, ConnectMock, Contact, Outcome, Queue, outcomes
from connect_batchmock.protocol import literals

TEXT = MODULE.read_text(encoding="utf-8")
ALIASES = re.findall(r"^    (\w+): TypeAlias = ", TEXT, re.MULTILINE)


def version_of(text: str) -> tuple[int, ...]:
    found = re.search(r"botocore (\d+)\.(\d+)\.(\d+)", text)
    assert found is not None
    return tuple(map(int, found.groups()))


def texts_of(alias: str) -> list[str]:
    found = re.search(rf"^    {alias}: TypeAlias = \(\n(.*?)^    \)$", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None
    return re.findall(r'"(\w+)"', found[1])


@pytest.mark.skipif(
    version_of(f"botocore {botocore.__version__}") < version_of(TEXT),
    reason="the module was made from a newer botocore, whose models have more",
)
def test_the_module_of_literals_is_up_to_date() -> None:
    def without_version(text: str) -> list[str]:
        return [line for line in text.splitlines() if not line.startswith("# Made from")]

    assert without_version(TEXT) == without_version(source()), "run python tests/tools/literals.py"


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_str_at_run_time(alias: str) -> None:
    assert getattr(literals, alias) is str


def test_hints_of_public_classes_resolve_at_run_time() -> None:
    assert get_type_hints(Contact)["state"] is str


@pytest.mark.parametrize("outcome", [outcomes.answered(), outcomes.voicemail(), outcomes.busy()])
def test_editors_know_each_state_of_a_contact(
    put: Callable[..., Any],
    an_item: Callable[..., dict[str, Any]],
    connect_mock: ConnectMock,
    connect_queue: Queue,
    connect_campaign: Campaign,
    outcome: Outcome,
) -> None:
    connect_queue.add_agents(1)
    connect_campaign.start()
    connect_mock.on_dial(outcome)
    put(an_item())
    states = [connect_mock.contacts[0].state]
    for _ in range(120):
        connect_mock.advance(1)
        states.append(connect_mock.contacts[0].state)

    assert states[-1] == "COMPLETED"
    assert set(states) <= set(texts_of("ContactState"))


def test_editors_know_each_reason_that_can_be_planned(connect_mock: ConnectMock) -> None:
    with pytest.raises(ValueError, match="NO_SUCH_REASON") as refused:
        connect_mock.reject_contacts("NO_SUCH_REASON")

    listed = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)+\b", str(refused.value))) - {"NO_SUCH_REASON"}
    assert listed <= set(texts_of("FailureReasonCode"))
    assert "REQUEST_THROTTLED" in listed
