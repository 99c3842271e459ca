"""What an instance has to go through before it may have campaigns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Onboarding:
    """The onboarding of an instance to outbound campaigns: the job, and the configuration that it leaves.

    Args:
        encryption: the encryption as it was given, the model's ``EncryptionConfig``.
        job: whether the job is still there to be asked about.
    """

    encryption: Mapping[str, Any]
    job: bool = True
