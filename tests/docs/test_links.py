"""Links inside the built documentation that lead nowhere are found."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from checkout import ROOT

CHECK = ROOT / "tests" / "tools" / "check_links.py"


def check(folder: Path) -> tuple[int, list[str]]:
    done = subprocess.run([sys.executable, str(CHECK), str(folder)], capture_output=True, text=True)
    return done.returncode, done.stderr.splitlines()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site of two pages and a picture."""
    (tmp_path / "how-to").mkdir()
    (tmp_path / "picture one.svg").write_text("<svg/>", encoding="utf-8")
    (tmp_path / "index.html").write_text('<h1 id="top">Top</h1><a name="old"></a>', encoding="utf-8")
    (tmp_path / "how-to" / "page.html").write_text('<h2 id="größe">Größe</h2>', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "tag",
    [
        '<a href="how-to/page.html">',
        '<a href="how-to/page.html#größe">',
        '<a href="how-to/page.html#gr%C3%B6%C3%9Fe">',
        '<a href="how-to/../index.html?q=1#old">',
        '<a href="#top">',
        '<a href="#">',
        '<a href="./">',
        "<a href>",
        '<img src="picture%20one.svg">',
        '<img src="picture%20one.svg#layer">',
        '<a href="https://aws.example/nothing.html#nothing">',
        '<a href="//aws.example/nothing.html">',
        '<a href="mailto:somebody@aws.example">',
    ],
)
def test_a_link_that_leads_somewhere_is_not_reported(site: Path, tag: str) -> None:
    with (site / "index.html").open("a", encoding="utf-8") as page:
        page.write(tag)

    assert check(site) == (0, [])


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ('<a href="gone.html">', "gone.html: there is no such file"),
        ('<link href="_static/gone.css">', "_static/gone.css: there is no such file"),
        ('<script src="gone.js">', "gone.js: there is no such file"),
        ('<a href="page.html#gone">', "page.html#gone: the page has no such anchor"),
        ('<a href="#top">', "#top: the page has no such anchor"),
        ('<a href="../#gone">', "../#gone: the page has no such anchor"),
        ('<a href="./">', "./: there is no such file"),
    ],
)
def test_a_link_that_leads_nowhere_is_reported(site: Path, tag: str, said: str) -> None:
    with (site / "how-to" / "page.html").open("a", encoding="utf-8") as page:
        page.write(tag)

    assert check(site) == (1, [f"how-to/page.html: {said}"])


def test_every_broken_link_is_reported(site: Path) -> None:
    (site / "index.html").write_text('<a href="one"></a><a href="two"></a>', encoding="utf-8")

    status, lines = check(site)

    assert status == 1
    assert len(lines) == 2


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    assert check(tmp_path) == (
        1,
        [f"{tmp_path} holds no index.html; build the documentation first"],
    )
