"""The wheel and the sdist hold their files, and no leftovers of a build or a test run."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from checkout import ROOT
from packaging.requirements import Requirement

import connect_batchmock

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NAME = f"connect_batchmock-{PROJECT['version']}"

FILES = [
    "LICENSE",
    "README.md",
    "pyproject.toml",
    ".gitignore",
    ".pre-commit-config.yaml",
    ".readthedocs.yaml",
]
FOLDERS = ["connect_batchmock", "docs", "tests", ".ci", ".github"]
LEFT_BEHIND = [
    "connect_batchmock/__pycache__/engine.cpython-310.pyc",
    "docs/_build/index.html",
    "tests/__pycache__/conftest.cpython-310.pyc",
    "tests/.pytest_cache/README.md",
    "docs/.hypothesis/constants",
    ".mypy_cache/3.10/cache.json",
    "dist/old.whl",
    "notes.txt",
]


@dataclass(frozen=True)
class Built:
    """The distributions, and the files of the checkout that they were built from."""

    checkout: set[str]
    sdist: Path
    wheel: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build the sdist from a copy of the checkout, and the wheel from the sdist, as an installer would."""
    folder = tmp_path_factory.mktemp("distribution")
    source = folder / "checkout"
    for name in FOLDERS:
        shutil.copytree(
            ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "_build", ".*")
        )
    for name in FILES:
        shutil.copy(ROOT / name, source)
    checkout = {str(path.relative_to(source).as_posix()) for path in source.rglob("*") if path.is_file()}
    for name in LEFT_BEHIND:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("left behind", encoding="utf-8")

    sdist = build("sdist", source)
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    return Built(checkout, sdist, build("wheel", folder / NAME))


def build(target: str, source: Path) -> Path:
    """Build with the backend directly, which installs nothing and needs no network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "made"]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    (made,) = (source / "made").iterdir()
    return made


@pytest.fixture
def metadata(built: Built) -> Message:
    """Return the metadata of the wheel."""
    with zipfile.ZipFile(built.wheel) as archive:
        return Parser().parsestr(archive.read(f"{NAME}.dist-info/METADATA").decode())


def test_the_wheel_holds_the_package_and_nothing_else(built: Built) -> None:
    package = {name for name in built.checkout if name.startswith("connect_batchmock/")}
    described = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}

    with zipfile.ZipFile(built.wheel) as archive:
        assert set(archive.namelist()) == package | {f"{NAME}.dist-info/{name}" for name in described}

    assert "connect_batchmock/py.typed" in package
    assert built.wheel.name == f"{NAME}-py3-none-any.whl"


def test_the_sdist_holds_the_checkout_and_nothing_else(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = {member.name for member in archive if member.isfile()}

    assert names == {f"{NAME}/{name}" for name in built.checkout | {"PKG-INFO"}}
    assert {name.split("/")[1] for name in names} == {"PKG-INFO", *FOLDERS, *FILES}
    assert built.sdist.name == f"{NAME}.tar.gz"


def test_the_wheel_has_its_entry_points(built: Built) -> None:
    points = configparser.ConfigParser()
    with zipfile.ZipFile(built.wheel) as archive:
        points.read_string(archive.read(f"{NAME}.dist-info/entry_points.txt").decode())

    assert {section: dict(points[section]) for section in points.sections()} == {
        "console_scripts": {"connect-batchmock": "connect_batchmock.cli:main"},
        "pytest11": {"connect_batchmock": "connect_batchmock.pytest_plugin"},
    }


def test_the_metadata_says_what_the_package_is(metadata: Message) -> None:
    assert metadata["Name"] == "connect-batchmock"
    assert metadata["Version"] == PROJECT["version"]
    assert metadata["Summary"] == PROJECT["description"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_all("Classifier") == PROJECT["classifiers"]
    assert str(metadata.get_payload()).startswith("# connect-batchmock\n")


def test_the_metadata_says_what_the_package_needs(metadata: Message) -> None:
    needed = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    always = {str(requirement) for requirement in needed if "extra" not in str(requirement.marker)}

    assert metadata["Requires-Python"] == PROJECT["requires-python"]
    assert always == {str(Requirement(line)) for line in PROJECT["dependencies"]}
    assert set(metadata.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])


def run_in_wheel(built: Built, folder: Path, code: str) -> list[str]:
    """Return the words that code prints which imports the package from the wheel."""
    with zipfile.ZipFile(built.wheel) as archive:
        archive.extractall(folder)
    code = f"import sys; sys.path.insert(0, sys.argv[1]); {code}"
    command = [sys.executable, "-I", "-c", code, str(folder)]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.split()


def test_the_wheel_can_be_imported(built: Built, tmp_path: Path) -> None:
    code = "import connect_batchmock; print(connect_batchmock.__file__, connect_batchmock.__version__)"

    assert run_in_wheel(built, tmp_path, code) == [
        str(tmp_path / "connect_batchmock" / "__init__.py"),
        PROJECT["version"],
    ]


def test_the_wheel_has_the_example_to_serve(built: Built, tmp_path: Path) -> None:
    code = (
        "from connect_batchmock import ConnectMock, cli; "
        "print(cli.EXAMPLE, ConnectMock(state=cli.EXAMPLE).instances[0].alias)"
    )

    example, alias = run_in_wheel(built, tmp_path, code)

    assert Path(example).is_relative_to(tmp_path)
    assert alias == "sales"


def test_the_version_stands_in_one_place() -> None:
    assert connect_batchmock.__version__ == version("connect-batchmock") == PROJECT["version"]
    assert "__version__" in dir(connect_batchmock)
