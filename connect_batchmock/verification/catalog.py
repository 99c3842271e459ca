"""The catalog of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType

from connect_batchmock.verification.scenario import Scenario
from connect_batchmock.verification.scenarios import campaigns, contact_flows, contacts, instances, queues


def _scenarios_of(*modules: ModuleType) -> dict[str, Scenario]:
    values = [value for module in modules for value in vars(module).values()]
    return {value.id: value for value in values if isinstance(value, Scenario)}


SCENARIOS: Mapping[str, Scenario] = _scenarios_of(instances, queues, contact_flows, contacts, campaigns)
"""The scenarios, by id, in the order in which they run."""
