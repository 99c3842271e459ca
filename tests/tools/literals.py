"""Write ``connect_batchmock/protocol/literals.py`` from botocore's service models.

Run it with ``python tests/tools/literals.py``. A test compares the module with what this writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import botocore

from connect_batchmock.engine.faults import CONTACTS, REQUESTS
from connect_batchmock.protocol import literals
from connect_batchmock.protocol.errors import COMMON_ERRORS
from connect_batchmock.protocol.model import SERVICES, service_model

MODULE = Path(literals.__file__)

# No service model has the types of contact events.
_CONTACT_STATES = (
    "INITIATED",
    "QUEUED",
    "CONNECTED_TO_SYSTEM",
    "CONNECTED_TO_AGENT",
    "DISCONNECTED",
    "COMPLETED",
)

_HEAD = '''"""The texts that the service models define, so that editors complete them.

Any other text is accepted too: the installed botocore may be newer than the one they were taken from.
At run time each name is ``str``. This module is written by ``python tests/tools/literals.py``.
"""

# Made from the models of botocore {version}.

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Literal, TypeAlias
'''


def source() -> str:
    """Return the module as the installed botocore makes it."""
    aliases = dict(_aliases())
    return "\n".join(
        [
            _HEAD.format(version=botocore.__version__),
            *(_alias(name, texts) for name, texts in aliases.items()),
            "else:",
            *(f"    {name} = str" for name in aliases),
            "",
        ]
    )


def _alias(name: str, texts: Iterable[str]) -> str:
    members = "".join(f'            "{text}",\n' for text in texts)
    return f"    {name}: TypeAlias = (\n        Literal[\n{members}        ]\n        | str\n    )\n"


def _aliases() -> Iterator[tuple[str, Iterable[str]]]:
    codes = _merged(requests.reasons for requests in REQUESTS)
    yield "OperationName", sorted(_merged(service_model(service).operation_names for service in SERVICES))
    yield "ErrorCode", sorted({*_modeled_errors(), *COMMON_ERRORS})
    yield "FailureReasonCode", CONTACTS.reasons
    yield "FailureCode", codes
    yield "FailedRequestReason", [*CONTACTS.reasons, *codes]
    yield "CampaignState", _merged(_enum(service, "CampaignState") for service in SERVICES[1:])
    yield "ContactState", _CONTACT_STATES
    yield "AnsweringMachineDetectionStatus", _enum("connect", "AnsweringMachineDetectionStatus")
    yield "InstanceOnboardingJobFailureCode", _enum(SERVICES[-1], "InstanceOnboardingJobFailureCode")


def _modeled_errors() -> Iterator[str]:
    for service in SERVICES:
        for shape in service_model(service).error_shapes:
            yield shape.name


def _enum(service: str, shape: str) -> list[str]:
    values: list[str] = service_model(service).shape_for(shape).enum
    return values


def _merged(texts: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(texts)))


if __name__ == "__main__":
    MODULE.write_text(source(), encoding="utf-8")
