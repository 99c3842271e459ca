"""The documents name the packages and modules that exist."""

from __future__ import annotations

import re

from checkout import DOCS, PACKAGE, ROOT

DESIGN = (DOCS / "explanation" / "design.md").read_text(encoding="utf-8")
CONTRIBUTING = (DOCS / "contributing.md").read_text(encoding="utf-8")
PRIVATE_OR_PUBLIC = {"__init__", "__main__", "_matching", "_text", "outcomes", "settings", "clients"}


def test_the_design_lists_each_package_and_entry_point() -> None:
    table = "".join(re.findall(r"^\| (`.*?) \|", DESIGN, re.MULTILINE))
    parts = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert set(re.findall(r"`(\w+)`", table)) == parts - PRIVATE_OR_PUBLIC


def test_the_places_for_a_change_exist() -> None:
    table = CONTRIBUTING.partition("| question | place |")[2].partition("\n\n")[0]
    places = re.findall(r"`([\w/]+/(?:\w+\.py)?)`", table)
    assert len(places) >= 7
    assert [place for place in places if not (PACKAGE / place).exists()] == []


def test_the_scripts_that_the_contributing_page_names_exist() -> None:
    scripts = re.findall(r"(?<![\w/])(tests/[\w/]+\.py)", CONTRIBUTING)
    written_by_the_reader = {"tests/services/connect/test_email_of_a_queue.py"}
    assert [path for path in {*scripts} - written_by_the_reader if not (ROOT / path).exists()] == []
