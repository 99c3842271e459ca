"""Check the links inside the built pages: every page, file and anchor that one of them points to exists.

Run it with ``python tests/tools/check_links.py FOLDER`` on the folder of HTML that Sphinx has written.
It does not follow links to other sites.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links of a page and its anchors."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the links and the anchors of a tag."""
        for name, value in attrs:
            if value is None:
                continue
            if name in ("href", "src"):
                self.links.append(value)
            elif name == "id" or (name, tag) == ("name", "a"):
                self.anchors.add(value)


@cache
def read(path: Path) -> Page:
    """Read a page, once."""
    page = Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def broken(folder: Path) -> Iterator[str]:
    """Yield a line for each link in the pages of a folder that leads nowhere."""
    for path in sorted(folder.rglob("*.html")):
        for link in read(path).links:
            what = what_is_missing(path, link)
            if what:
                yield f"{path.relative_to(folder).as_posix()}: {link}: {what}"


def what_is_missing(path: Path, link: str) -> str:
    """Return what a link of a page lacks, or an empty string for a valid or external link."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        return ""
    target = path.parent / unquote(parts.path) if parts.path else path
    if target.is_dir():
        target = target / "index.html"
    if not target.is_file():
        return "there is no such file"
    # The empty anchor is the top of the page.
    has_anchors = target.suffix == ".html" and parts.fragment
    if has_anchors and unquote(parts.fragment) not in read(target).anchors:
        return "the page has no such anchor"
    return ""


def main(arguments: list[str]) -> int:
    """Print the broken links of a folder of pages; return 1 for broken links or a folder without pages."""
    folder = Path(*arguments)
    if not (folder / "index.html").is_file():
        sys.stderr.write(f"{folder} holds no index.html; build the documentation first\n")
        return 1
    lines = list(broken(folder))
    sys.stderr.writelines(f"{line}\n" for line in lines)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
