"""All reports of a run with moto, Faker, allure-pytest, responses and freezegun agree."""

from __future__ import annotations

from pathlib import Path

import mixed_run
import pytest


def test_terminal_junit_and_exit_code_agree(tmp_path: Path) -> None:
    tests = mixed_run.generate(tmp_path, 20)
    assert {test.verdict for test in tests} == {"passed", "failed", "skipped", "error"}
    verdicts = mixed_run.run(tmp_path)
    assert not mixed_run.differing(tests, verdicts), verdicts.output
    assert verdicts.exit_code == pytest.ExitCode.TESTS_FAILED
    assert "INTERNALERROR" not in verdicts.output


def test_a_run_in_which_all_pass_succeeds(tmp_path: Path) -> None:
    tests = mixed_run.generate(tmp_path, 20)
    verdicts = mixed_run.run(tmp_path, "-n", "0", "-k", "passes")
    assert set(verdicts.junit) == {test.name for test in tests if test.verdict == "passed"}
    assert set(verdicts.junit.values()) == {"passed"}
    assert verdicts.exit_code == pytest.ExitCode.OK
