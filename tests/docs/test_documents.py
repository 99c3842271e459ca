"""Every Python block of the documents is run, and every test in them passes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import DOCS, ROOT
from hypothesis import settings
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

# The tests of the strategies draw more examples than the documents need.
settings.register_profile("documents", settings.get_profile("suite"), max_examples=15)

DOCUMENTS = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
WITH_TESTS = [path for path in DOCUMENTS if "\ndef test_" in path.read_text(encoding="utf-8")]

TOML_FILES = re.compile(r"^```toml\n# (\w+\.toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = re.compile(r"docs/examples/[\w/]+\.\w+")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_each_block_of_a_document_runs(path: Path) -> None:
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
    document = Sybil(parsers=[CodeBlockParser(language="python", evaluator=lambda example: None)]).parse(path)
    blocks = [example.parsed for example in document.examples()]
    # A file that a document shows is there: a TOML block begins with its name in a comment.
    text = path.read_text(encoding="utf-8")
    for name, content in TOML_FILES.findall(text):
        (pytester.path / name).write_text(content, encoding="utf-8")
    # So is one of the examples that it names.
    for name in set(EXAMPLES.findall(text)):
        (pytester.path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, pytester.path / name)
    pytester.makepyfile("\n".join(blocks))
    quiet = ("-p", "no:asyncio", "-p", "no:randomly", "-p", "no:cacheprovider")
    result = pytester.runpytest_inprocess(*quiet, "--hypothesis-profile=documents")
    result.assert_outcomes(passed="".join(blocks).count("\ndef test_"))


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
