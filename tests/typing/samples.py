"""The annotated samples of the documents, checked by pyright in strict mode and by mypy.

A block of Python is a sample of types where a function of it says what it returns. Each has to be whole: it
imports what it uses. Run as a script, it names the samples and fails where a checker finds something.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ANNOTATED = re.compile(r"^(?:async )?def .*\) -> [^:]+:$|^\) -> [^:]+:$", re.MULTILINE)


def samples() -> dict[str, str]:
    """Return the annotated samples by the names of their files, such as ``docs_tutorial_2.py``."""
    found: dict[str, str] = {}
    for path in DOCUMENTS:
        stem = re.sub(r"\W", "_", str(path.relative_to(ROOT).with_suffix("")))
        for number, block in enumerate(_BLOCK.findall(path.read_text(encoding="utf-8")), 1):
            if _ANNOTATED.search(block):
                found[f"{stem}_{number}.py"] = block
    return found


def main() -> int:
    """Check the samples, and return how many checkers are not content."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file, block in samples().items():
            (folder / file).write_text(block, encoding="utf-8")
            print(file, flush=True)  # noqa: T201
        files = sorted(map(str, folder.glob("*.py")))
        shutil.copy(FOLDER / "pyrightconfig.json", folder)
        commands = (
            ["pyright", "--project", str(folder), "--pythonpath", sys.executable],
            [
                "mypy",
                "--config-file",
                str(FOLDER / "mypy.ini"),
                "--python-executable",
                sys.executable,
                *files,
            ],
        )
        return sum(subprocess.run(command, cwd=folder).returncode != 0 for command in commands)


if __name__ == "__main__":
    sys.exit(main())
