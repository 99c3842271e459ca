"""Which libraries that tests need are installed, and go with each other."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import botocore
import pytest
from packaging.requirements import Requirement


def aiobotocore() -> Any:
    """Return aiobotocore, or skip where none is installed that allows the installed botocore.

    Each aiobotocore allows a few versions of botocore, and a new botocore comes out before the aiobotocore
    that allows it.
    """
    try:
        needed = [Requirement(text) for text in requires("aiobotocore") or ()]
    except PackageNotFoundError:
        pytest.skip("aiobotocore is not installed", allow_module_level=True)
    allowed = next(requirement.specifier for requirement in needed if requirement.name == "botocore")
    if not allowed.contains(botocore.__version__, prereleases=True):
        pytest.skip(
            f"aiobotocore {version('aiobotocore')} allows botocore {allowed}, and {botocore.__version__} is "
            f"installed",
            allow_module_level=True,
        )
    return pytest.importorskip("aiobotocore", reason="aiobotocore cannot be imported")
