"""Every output member of every faked operation is filled by some response, or listed with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

import pytest
from output_members import NEVER_FILLED, Story, completed_story, members_of, reason_for
from tools.unfilled_members_page import PAGE, page

from connect_batchmock.protocol.model import SERVICES

NEW = """
{service} has output members that no response of the story in tests/output_members.py has:

    {paths}

Fill them where the operation can: the operation itself is called with the input of tests/factories.py, and a
line in a chapter of the story can make another call. List a member that the mock never fills in NEVER_FILLED,
with the reason, and run python tests/tools/unfilled_members_page.py."""


@pytest.fixture(scope="module")
def story() -> Story:
    """The story, which takes seconds."""
    return completed_story()


@pytest.mark.parametrize("service", SERVICES)
def test_each_output_member_is_filled_or_has_a_reason(story: Story, service: str) -> None:
    unlisted = [path for path in story.unfilled[service] if reason_for(service, path) is None]
    assert unlisted == [], NEW.format(service=service, paths="\n    ".join(unlisted))


@pytest.mark.parametrize("service", SERVICES)
def test_no_reason_is_about_members_that_are_filled(story: Story, service: str) -> None:
    # A pattern may also be about members that only another version of the model has.
    filled = [
        pattern
        for pattern in NEVER_FILLED[service]
        if any(fnmatchcase(path, pattern) for path in story.filled[service])
        and not any(fnmatchcase(path, pattern) for path in story.unfilled[service])
    ]
    assert filled == [], "take these out of NEVER_FILLED in tests/output_members.py"


def known_lines(page: str) -> Iterator[str]:
    """Yield the lines of the page that are not about a member which the installed models lack."""
    service = ""
    for line in page.splitlines():
        heading = re.fullmatch(r"## `(\w+)`", line)
        service = service if heading is None else heading[1]
        row = re.match(r"\| `(\w+)` \| `([^`]+)` \|", line)
        if row is None or f"{row[1]}.{row[2]}" in members_of(service):
            yield line


def test_the_page_of_unfilled_members_is_not_stale(story: Story) -> None:
    *written, made_from = known_lines(PAGE.read_text(encoding="utf-8"))
    assert made_from.startswith("<!-- Made by tests/tools/unfilled_members_page.py")
    expected = page(story.unfilled).split("\n")
    assert written == expected, "run python tests/tools/unfilled_members_page.py"
