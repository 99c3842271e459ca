"""Check the annotated samples of the documents with pyright in strict mode and with mypy.

Run it with ``python tests/tools/typed_samples.py``. A sample is annotated where a function of it names the
type that it returns. Each sample imports what it uses.
"""

from __future__ import annotations

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
