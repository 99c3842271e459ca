"""The workflows agree with pyproject.toml on versions and grant minimal permissions."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib
from checkout import ROOT

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = re.findall(r"Python :: (3\.\d+)\b", "\n".join(PYPROJECT["project"]["classifiers"]))
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
POLICY = (ROOT / "docs" / "explanation" / "policy.md").read_text(encoding="utf-8")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


CI = read(ROOT / ".github" / "workflows" / "ci.yml")
RELEASE = read(ROOT / ".github" / "workflows" / "release.yml")
JOBS = [
    pytest.param(job, id=f"{path.stem}-{name}")
    for path in WORKFLOWS
    for name, job in read(path)["jobs"].items()
]


def steps_with(job: dict[str, Any], action: str) -> list[dict[str, Any]]:
    return [step for step in job["steps"] if step.get("uses", "").startswith(f"{action}@")]


def test_the_pythons_are_the_same_everywhere() -> None:
    assert PYTHONS == ["3.10", "3.11", "3.12", "3.13", "3.14"]
    assert PYPROJECT["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert PYPROJECT["tool"]["tox"]["env_list"] == [
        *(f"py{python.replace('.', '')}" for python in PYTHONS),
        "oldest",
    ]
    assert CI["jobs"]["tests"]["strategy"]["matrix"]["python"] == PYTHONS
    assert RELEASE["jobs"]["test"]["strategy"]["matrix"]["python"] == PYTHONS
    assert PYPROJECT["tool"]["mypy"]["python_version"] == PYTHONS[0]
    assert PYPROJECT["tool"]["ruff"]["target-version"] == f"py{PYTHONS[0].replace('.', '')}"
    assert f"Python {PYTHONS[0]} to {PYTHONS[-1]}" in POLICY


def test_ci_covers_every_system_and_the_oldest_versions() -> None:
    matrix = CI["jobs"]["tests"]["strategy"]["matrix"]

    assert matrix["dependencies"] == ["newest", "oldest"]
    assert matrix["exclude"] == [{"python": PYTHONS[-1], "dependencies": "oldest"}]
    assert {*matrix["os"], *(extra["os"] for extra in matrix["include"])} == {
        "ubuntu-latest",
        "macos-latest",
        "windows-latest",
    }


def test_the_oldest_versions_are_those_that_are_tested() -> None:
    lines = (ROOT / ".ci" / "oldest.txt").read_text(encoding="utf-8").splitlines()
    tested = dict(line.split("==") for line in lines if "==" in line)
    needed = [Requirement(line) for line in PYPROJECT["project"]["dependencies"]]
    minimums = {requirement.name: str(requirement.specifier).removeprefix(">=") for requirement in needed}

    assert set(minimums) <= set(tested)
    for name, minimum in minimums.items():
        assert Version(tested[name]) == Version(minimum), name
        assert re.search(rf"\| `?{name}`? \| {re.escape(minimum)} \|", POLICY), name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_grants_no_permissions_of_its_own(path: Path) -> None:
    workflow = read(path)

    assert workflow["permissions"] == {}
    assert set(workflow["concurrency"]) == {"group", "cancel-in-progress"}


@pytest.mark.parametrize("job", JOBS)
def test_a_job_requests_its_permissions(job: dict[str, Any]) -> None:
    reads = bool(steps_with(job, "actions/checkout"))
    publishes = bool(steps_with(job, "pypa/gh-action-pypi-publish"))

    assert job["permissions"] == {
        **({"contents": "read"} if reads else {}),
        **({"id-token": "write"} if publishes else {}),
    }
    assert not (reads and publishes)
    assert ("environment" in job) == publishes
    assert 0 < job["timeout-minutes"] <= 20
    for step in steps_with(job, "actions/checkout"):
        assert step["with"]["persist-credentials"] is False


def test_one_job_publishes_what_was_built_and_tested() -> None:
    publishing = [
        name for name, job in RELEASE["jobs"].items() if steps_with(job, "pypa/gh-action-pypi-publish")
    ]

    assert publishing == ["publish"]
    assert RELEASE["jobs"]["publish"]["needs"] == "test"
    assert RELEASE["jobs"]["test"]["needs"] == "build"
    step = {"run": "python -m build --no-isolation"}
    built = [name for name, job in RELEASE["jobs"].items() if step in job["steps"]]
    assert built == ["build"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_pinned_to_a_commit_with_the_tag_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text(encoding="utf-8"))

    assert used
    for action in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_updates_wait_until_a_release_has_aged() -> None:
    updates = read(ROOT / ".github" / "dependabot.yml")["updates"]

    assert [(update["package-ecosystem"], update["directory"]) for update in updates] == [
        ("github-actions", "/"),
        ("pip", "/"),
        ("pip", "/.ci/release"),
    ]
    for update in updates:
        assert update["cooldown"]["default-days"] >= 7


def test_a_release_is_built_with_pinned_tools() -> None:
    folder = ROOT / ".ci" / "release"
    wanted = re.findall(r"^[a-z]+$", (folder / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = dict(
        re.findall(
            r"^([\w-]+)==(\S+) \\\n    --hash=",
            (folder / "requirements.txt").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    (backend,) = map(Requirement, PYPROJECT["build-system"]["requires"])
    commands = [step.get("run") for step in RELEASE["jobs"]["build"]["steps"]]

    assert set(wanted) == {"build", "hatchling"}
    assert set(wanted) <= set(pinned)
    assert backend.specifier.contains(pinned[backend.name])
    assert "python -m pip install --require-hashes -r .ci/release/requirements.txt" in commands
    assert "python -m build --no-isolation" in commands


def test_tools_of_developers_are_groups_and_the_rest_are_extras() -> None:
    assert set(PYPROJECT["dependency-groups"]) == {"lint", "benchmark"}
    extras = {"server", "hypothesis", "time-zones", "test", "docs"}
    assert set(PYPROJECT["project"]["optional-dependencies"]) == extras


def test_the_site_is_built_with_the_extra_docs_alone() -> None:
    site = read(ROOT / ".readthedocs.yaml")

    assert site["python"]["install"] == [{"method": "pip", "path": ".", "extra_requirements": ["docs"]}]
    assert (ROOT / site["sphinx"]["configuration"]).is_file()
    assert site["sphinx"]["fail_on_warning"] is True
    assert site["build"]["tools"]["python"] in PYTHONS


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_is_one_that_github_shows(path: Path) -> None:
    form = read(path)
    fields = [element for element in form["body"] if element["type"] != "markdown"]

    assert form["name"]
    assert form["description"]
    assert {element["type"] for element in fields} <= {"input", "textarea", "dropdown", "checkboxes"}
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_a_commit_is_judged_by_the_commands_of_the_run() -> None:
    hooks = read(ROOT / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")

    assert [hook["id"] for hook in hooks] == ["ruff-check", "ruff-format", "mypy", "lint-imports"]
    for hook in hooks:
        command = hook["entry"].removesuffix(" --force-exclude")
        assert f"\n{command}" in run, command
