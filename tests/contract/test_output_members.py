"""Every output member of every faked operation is filled by some response, or listed with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

import botocore
import pytest
from output_members import NEVER_FILLED, reason_for, told
from packaging.version import Version
from tools.unfilled_members_page import PAGE, page

from connect_batchmock.protocol.model import SERVICES

NEW = """
{service} has output members that no response of the story in tests/output_members.py has:

    {paths}

Fill them where the operation can: the operation itself is called with the input of tests/factories.py, and a
line in a chapter of the story can make another call. List a member that the mock never fills in NEVER_FILLED,
with the reason, and run python tests/tools/unfilled_members_page.py."""

needs_the_models_of_the_page = pytest.mark.skipif(
    Version(botocore.__version__)
    < Version(re.findall(r"botocore ([\d.]+\d)\.", PAGE.read_text(encoding="utf-8"))[-1]),
    reason="the page was made from a newer botocore, whose models have more",
)


@pytest.fixture(scope="module")
def unfilled() -> Mapping[str, Sequence[str]]:
    """The members that no response had, by service."""
    return told().unfilled()


@pytest.mark.parametrize("service", SERVICES)
def test_each_output_member_is_filled_or_has_a_reason(
    unfilled: Mapping[str, Sequence[str]], service: str
) -> None:
    unlisted = [path for path in unfilled[service] if reason_for(service, path) is None]
    assert unlisted == [], NEW.format(service=service, paths="\n    ".join(unlisted))


@needs_the_models_of_the_page
def test_each_reason_is_about_a_member_that_is_not_filled(unfilled: Mapping[str, Sequence[str]]) -> None:
    unused = [
        (service, pattern)
        for service, reasons in NEVER_FILLED.items()
        for pattern in reasons
        if not any(fnmatchcase(path, pattern) for path in unfilled[service])
    ]
    assert unused == [], "these are filled now, or the models do not have them: take them out of NEVER_FILLED"


@needs_the_models_of_the_page
def test_the_page_of_unfilled_members_is_not_stale(unfilled: Mapping[str, Sequence[str]]) -> None:
    written, _, made_from = PAGE.read_text(encoding="utf-8").strip().rpartition("\n")
    assert made_from.startswith("<!-- Made by tests/tools/unfilled_members_page.py")
    assert written.split("\n") == page(unfilled).split("\n"), (
        "run python tests/tools/unfilled_members_page.py"
    )
