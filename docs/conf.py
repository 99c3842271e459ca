"""Sphinx configuration."""

from importlib.metadata import version as installed_version

project = "connect-batchmock"
author = "the connect-batchmock contributors"
release = installed_version(project)
version = release

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "examples"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"{project} {release}"
