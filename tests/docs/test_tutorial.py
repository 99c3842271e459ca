"""The tutorial works: its files are written, its commands run, and they print what it shows."""

from __future__ import annotations

import pytest
from checkout import DOCS
from doc_steps import patterns_of, steps_of, write

TUTORIAL = DOCS / "tutorial.md"
RUN = "python -m pytest -q\n"


def test_the_tutorial_goes_as_it_says(pytester: pytest.Pytester) -> None:
    install, *steps = steps_of(TUTORIAL)
    assert install.content.endswith("python -m pip install connect-batchmock\n")
    outcomes = []
    for step in steps:
        if step.kind == "file":
            write(step, pytester.path)
        elif step.kind == "console":
            assert step.content == RUN
            result = pytester.runpytest_inprocess("-q")
            outcomes.append(result.parseoutcomes())
        else:
            result.stdout.re_match_lines(patterns_of(step))

    assert outcomes == [
        {"passed": 1},
        {"passed": 1, "failed": 1},
        {"passed": 2},
        {"passed": 4},
        {"passed": 5},
    ]


@pytest.mark.parametrize("kind", ["console", "text", "file"])
def test_the_tutorial_has_steps_of_each_kind(kind: str) -> None:
    assert len([step for step in steps_of(TUTORIAL) if step.kind == kind]) >= 4
