"""Check the annotated samples of the documents with pyright in strict mode and with mypy.

Run it with ``python tests/tools/typed_samples.py``. A sample is annotated where a function of it names the
type that it returns. Each sample imports what it uses. The samples of the README have no types; they are
checked as one module, with the types that the page of fixtures names.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent.parent
TYPING = ROOT / "tests" / "typing"
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANNOTATED = re.compile(r"^(?:async )?def .*\) -> [^:]+:$|^\) -> [^:]+:$", re.MULTILINE)

_FIXTURES = re.compile(r"^\| `(\w+)` \| `(\w+)` \|", re.MULTILINE)
# boto3 has no types of its own, and what is unknown of it is not the sample's.
_HEAD = """\
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# mypy: disable-error-code="import-untyped"
from connect_batchmock import Campaign, ConnectMock, Instance, Queue
"""


def annotated_readme() -> str:
    """Return the samples of the README as one module, with types: arguments are fixtures or strings."""
    page = (ROOT / "docs" / "reference" / "fixtures.md").read_text(encoding="utf-8")
    types = {name: type if not type.endswith("Client") else "Any" for name, type in _FIXTURES.findall(page)}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    module = ast.parse("\n".join(["from typing import Any", *_BLOCK.findall(readme)]))
    for function in (node for node in module.body if isinstance(node, ast.FunctionDef)):
        function.returns = ast.Constant(None)
        for argument in function.args.args:
            argument.annotation = ast.Name(types.get(argument.arg, "str"))
    return _HEAD + ast.unparse(module)


def samples() -> dict[str, str]:
    """Return the annotated samples by the names of their files, such as ``docs_tutorial_2.py``."""
    found = {"README.py": annotated_readme()}
    for path in DOCUMENTS:
        stem = re.sub(r"\W", "_", str(path.relative_to(ROOT).with_suffix("")))
        for number, block in enumerate(_BLOCK.findall(path.read_text(encoding="utf-8")), 1):
            if _ANNOTATED.search(block):
                found[f"{stem}_{number}.py"] = block
    return found


def main() -> int:
    """Check the samples, and return how many of the checkers fail."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, block in samples().items():
            (folder / file).write_text(block, encoding="utf-8")
            print(file, flush=True)  # noqa: T201
        files = sorted(map(str, folder.glob("*.py")))
        shutil.copy(TYPING / "pyrightconfig.json", folder)
        commands = (
            ["pyright", "--project", str(folder), "--pythonpath", sys.executable],
            [
                "mypy",
                "--config-file",
                str(TYPING / "mypy.ini"),
                "--python-executable",
                sys.executable,
                *files,
            ],
        )
        return sum(subprocess.run(command, cwd=folder).returncode != 0 for command in commands)


if __name__ == "__main__":
    sys.exit(main())
