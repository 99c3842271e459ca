"""The search for contacts: by an index, and by the values that a contact has as it is kept."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from connect_batchmock._matching import Difference
from connect_batchmock.domain import contact as _contact
from connect_batchmock.domain.contact_store import ContactView
from connect_batchmock.records import report
from connect_batchmock.records.handle import Handle
from connect_batchmock.records.obstacles import explain_wait
from connect_batchmock.records.sequence import UNKNOWN, Records

ContactT = TypeVar("ContactT")


class ContactSearch(Records[ContactT]):
    """Contacts in the order of creation, which are found without a copy of all of them."""

    noun = "contact"
    _indistinct = ("id", "arn", "created_at", "customer_endpoint", "system_endpoint")

    @abstractmethod
    def _uncopied_names(self) -> Collection[str]:
        """Return the attributes whose values are immutable and need no copy."""

    def _candidates(self, criteria: Mapping[str, Any]) -> tuple[Sequence[int], Mapping[str, Any]]:
        if not isinstance(self._items, ContactView):
            return super()._candidates(criteria)
        # A campaign_id is filed as the campaign that has it.
        names = {name.removesuffix("_id"): name for name in criteria}
        values = {index: _id_or_value(criteria[name]) for index, name in names.items()}
        positions, answered = self._items.positions(
            {name: value for name, value in values.items() if type(value) in _INDEXED_TYPES}
        )
        if answered is None or not positions:
            return positions, criteria
        answered = names[answered]
        # The contacts have the same campaign, which another mock may have under the same id.
        if self._differences(self[positions[0]], {answered: criteria[answered]}):
            return (), criteria
        return positions, {name: expected for name, expected in criteria.items() if name != answered}

    def _uncopied(self, item: _contact.Contact, name: str) -> Any:
        if name in DERIVED:
            field, _, attribute = DERIVED[name].partition(".")
            owner = getattr(item, field)
            return None if owner is None else getattr(owner, attribute)
        return getattr(item, name) if name in self._uncopied_names() else UNKNOWN

    def _line(self, item: ContactT) -> str:
        return report.contact_line(item)

    def _further(self, number: int) -> str:
        return f"; {report.see_contact(self._items[number - 1].id)}"

    def _waiting_for(self, number: int, unlike: Sequence[Difference]) -> str | None:
        hint = super()._waiting_for(number, unlike)
        contact = self._items[number - 1]
        if hint is None or contact.state == "COMPLETED":
            return None
        return explain_wait(contact) or hint

    def _value(self, item: ContactT, name: str, expected: Any) -> Any:
        value = super()._value(item, name, expected)
        return value.id if isinstance(expected, str) and hasattr(value, "id") else value


DERIVED: Mapping[str, str] = {
    "instance_id": "instance.id",
    "queue_id": "queue.id",
    "campaign_id": "campaign.id",
    "customer_address": "customer_endpoint.address",
    "system_address": "system_endpoint.address",
}
"""The criteria of a contact that are no fields, each with the path to its value."""


def _id_or_value(expected: Any) -> Any:
    return expected.id if isinstance(expected, Handle) else expected


_INDEXED_TYPES = (str, type(None))
"""The types of ids and addresses."""
