"""Sphinx configuration."""

from importlib.metadata import version as installed_version

project = "connect-batchmock"
author = "the connect-batchmock contributors"
project_copyright = author
release = installed_version(project)
version = release

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
]
autosummary_generate = False
# A copied command is what the reader types: without the prompt, and without what it prints.
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
copybutton_line_continuation_character = "\\"
autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "examples"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"{project} {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
# The theme's own choice for dark pages underlines the modules of an import as if they were links.
pygments_dark_style = "a11y-high-contrast-dark"
