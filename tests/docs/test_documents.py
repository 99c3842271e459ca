"""Every Python block of the documents is run, and every test in them passes."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import installed
import pytest
from checkout import DOCS, ROOT
from hypothesis import settings
from older_models import HAS_PACING_STRATEGIES, returns_member
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

# The tests of the strategies draw more examples than the documents need.
settings.register_profile("documents", settings.get_profile("suite"), max_examples=15)

DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
TESTS = re.compile(r"^ *(?:async )?def test_", re.MULTILINE)
WITH_TESTS = [path for path in DOCUMENTS if TESTS.search(path.read_text(encoding="utf-8"))]

TOML_FILES = re.compile(r"^```toml\n# (\w+\.toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDS_CONNECT_OF_MOTO = re.compile(r"connect\.list_analytics_data_associations\(|moto_can_be_added")
EXAMPLES = re.compile(r"docs/examples/[\w/]+\.\w+")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture(autouse=True)
def same_environment_afterwards() -> Iterator[None]:
    """What a document sets in the environment is for its own reader."""
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def skip_without_libraries(text: str) -> None:
    """Skip a document about aiobotocore where it is missing, or about what an older model lacks."""
    if "from aiobotocore" in text:
        installed.aiobotocore()
    if '["DisconnectReason"]' in text and not returns_member("Contact", "DisconnectReason"):
        pytest.skip("the models of the installed botocore have no DisconnectReason of DescribeContact")
    if '"pacingStrategies": ' in text and not HAS_PACING_STRATEGIES:
        pytest.skip("the models of the installed botocore have no pacing strategies")
    if NEEDS_CONNECT_OF_MOTO.search(text) and find_spec("moto.connect") is None:
        pytest.skip("this moto has no Amazon Connect of its own")


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_each_block_of_a_document_runs(path: Path) -> None:
    skip_without_libraries(path.read_text(encoding="utf-8"))
    document = Sybil(parsers=[PythonCodeBlockParser()]).parse(path)
    for example in document.examples():
        example.evaluate()


@pytest.fixture
def same_profile_afterwards() -> Iterator[None]:
    """The profile of hypothesis is one for the process."""
    yield
    settings.load_profile("suite")


@pytest.mark.usefixtures("same_profile_afterwards")
@pytest.mark.parametrize("path", WITH_TESTS, ids=name_of)
def test_the_tests_in_a_document_pass(path: Path, pytester: pytest.Pytester) -> None:
    text = path.read_text(encoding="utf-8")
    skip_without_libraries(text)
    document = Sybil(parsers=[CodeBlockParser(language="python", evaluator=lambda example: None)]).parse(path)
    blocks = [example.parsed for example in document.examples()]
    # A file that a document shows is there: a TOML block begins with its name in a comment.
    for name, content in TOML_FILES.findall(text):
        (pytester.path / name).write_text(content, encoding="utf-8")
    # So is one of the examples that it names.
    for name in set(EXAMPLES.findall(text)):
        (pytester.path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, pytester.path / name)
    pytester.makepyfile("\n".join(blocks))
    plugins = ("-p", "no:cacheprovider", "-p", "anyio", "-p", "_hypothesis_pytestplugin")
    result = pytester.runpytest_inprocess(*plugins, "--hypothesis-profile=documents")
    passed, skipped, failed = result.reprec.listoutcomes()
    assert (skipped, failed) == ([], [])
    functions = {report.nodeid.partition("[")[0] for report in passed}
    assert len(functions) == len(TESTS.findall("\n".join(blocks)))


def test_the_readme_shows_tests() -> None:
    assert ROOT / "README.md" in WITH_TESTS


NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_\w+)`")


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_each_test_that_a_document_names_is_there(path: Path) -> None:
    for file, test in NAMED.findall(path.read_text(encoding="utf-8")):
        source = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {test}(" in source, f"{file} has no {test}"


def test_documents_name_tests() -> None:
    named = NAMED.findall((ROOT / "docs" / "reference" / "interception.md").read_text(encoding="utf-8"))
    assert len(named) > 50


FENCE = re.compile(r"^ *(`{3,}|~{3,})([^\n]*)\n(.*?)^ *\1$", re.MULTILINE | re.DOTALL)
# What cannot be broken: a URL, and the option of a directive, which is not shown.
UNBREAKABLE = re.compile(r"https?://\S+|^:\w+:.*")
MAX_COLUMNS = 84
MAX_COLUMNS_OF_OUTPUT = 100
"""What pytest prints stands in a smaller font, so that its lines need not be broken."""


def wide_lines(text: str) -> list[str]:
    """Return the lines of code blocks that scroll sideways on the site."""
    wide: list[str] = []
    for _, language, content in FENCE.findall(text):
        if "eval-rst" in language:
            continue
        columns = MAX_COLUMNS_OF_OUTPUT if language == "text" else MAX_COLUMNS
        wide += [line for line in content.splitlines() if len(UNBREAKABLE.sub("", line)) > columns]
    return wide


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_code_blocks_fit_the_column(path: Path) -> None:
    assert wide_lines(path.read_text(encoding="utf-8")) == []


def test_a_wide_line_in_a_code_block_is_found() -> None:
    wide = "x" * (MAX_COLUMNS + 1)
    assert wide_lines(f"{wide}\n\n```python\n{wide}\nshort\n```\n") == [wide]
    assert wide_lines(f"```sh\n# https://{wide}\n```\n") == []
    assert wide_lines(f"```text\n{wide}\n```\n") == []
    assert wide_lines(f"```text\n{wide:x<101}\n```\n") == [f"{wide:x<101}"]
