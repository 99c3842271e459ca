"""Write ``connect_batchmock/records/query_types.py`` from the criteria that the records of a mock accept.

Run it with ``python tests/tools/query_types.py``. A test compares the module with what this writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from connect_batchmock import ConnectMock
from connect_batchmock.records import query_types

MODULE = Path(query_types.__file__)

_HEAD = '''"""The keywords that records are searched by, for type checkers: names are checked, values are not.

A value may be of any type, since objects made for comparing stand for others. This module is written by
``python tests/tools/query_types.py``.
"""

from __future__ import annotations

from typing import Any, TypedDict

from connect_batchmock.protocol.literals import (
    AnsweringMachineDetectionStatus,
    ContactState,
    ErrorCode,
    FailedRequestReason,
    OperationName,
)
'''

CRITERIA = {
    "ContactCriteria": ("contacts", "The attributes of a contact."),
    "CallCriteria": ("calls", "The attributes of a call."),
    "FailedRequestCriteria": ("failed_requests", "The attributes of an item that came back failed."),
    "EventCriteria": ("events", "The members of the ``detail`` of a contact event."),
    "ContactRecordCriteria": ("contact_records", "The members of a contact record."),
}

# Editors complete these texts.
LITERALS = {
    ("contacts", "answering_machine_detection_status"): "AnsweringMachineDetectionStatus",
    ("contacts", "state"): "ContactState",
    ("calls", "error"): "ErrorCode",
    ("calls", "operation"): "OperationName",
    ("failed_requests", "operation"): "OperationName",
    ("failed_requests", "reason"): "FailedRequestReason",
}


def source() -> str:
    return "\n\n".join([_HEAD, *_classes()])


def _classes() -> Iterator[str]:
    mock = ConnectMock()
    for name, (records, doc) in CRITERIA.items():
        criteria = getattr(mock, records)._criteria()
        members = "".join(f"    {criterion}: {_type(records, criterion)}\n" for criterion in criteria)
        yield f'class {name}(TypedDict, total=False):\n    """{doc}"""\n\n{members}'


def _type(records: str, criterion: str) -> str:
    literal = LITERALS.get((records, criterion))
    return "Any" if literal is None else f"{literal} | Any"


if __name__ == "__main__":
    MODULE.write_text(source(), encoding="utf-8")
