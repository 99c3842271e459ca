"""The format of state files, by which files are checked, and of which their JSON Schema is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import botocore

from connect_batchmock.domain.ids import PROFILE_ID, UUID
from connect_batchmock.domain.phone_numbers import E164
from connect_batchmock.protocol.model import service_model
from connect_batchmock.records.handles import MAX_AGENTS
from connect_batchmock.records.seed_arguments import campaign_modes
from connect_batchmock.services.campaigns.configuration import STORED
from connect_batchmock.state.document import Node
from connect_batchmock.state.kinds import (
    SWITCH,
    TEXT,
    TEXTS_BY_KEY,
    Key,
    Kind,
    Schema,
    Table,
    choice,
    list_of,
    number_in,
    of_shape,
    table,
    table_of,
    tables_of,
    text_like,
    text_of_length,
    whole_number_in,
)

_VERSION_2 = "connectcampaignsv2"

CHANNELS = "channelSubtypeConfig"
"""The member of a configuration that stands for the keys of ``SHORTHAND``."""

SHORTHAND = ("queue", "mode", "bandwidth_allocation", "source_number", "answer_machine_detection", "flow_id")
"""The keys of a campaign that configure its telephony, as ``add_campaign`` does."""

_ID = text_like(UUID, "a UUID in lower case, such as 0b1e2d3c-4f5a-4b6c-8d7e-9f0a1b2c3d4e")
_NUMBER = text_like(E164, "a number in E.164 format, such as +15555550100")
_TAGS = Key(TEXTS_BY_KEY, "its tags")


def _campaign_states() -> list[str]:
    return list(service_model(_VERSION_2).shape_for("CampaignState").enum)


def _directory_types() -> list[str]:
    return list(service_model("connect").shape_for("DirectoryType").enum)


def _attributes() -> Mapping[str, Kind]:
    return dict.fromkeys(service_model("connect").shape_for("InstanceAttributeType").enum, SWITCH)


def _configuration() -> Mapping[str, Kind]:
    """Return the members of CreateCampaign that are no keys of a campaign in a state file."""
    request = service_model(_VERSION_2).operation_model("CreateCampaign").input_shape.members
    names = (CHANNELS, "schedule", *STORED)
    return {name: of_shape(request[name]) for name in names if name in request}


def _communication_limits() -> Mapping[str, Kind]:
    model, name = service_model(_VERSION_2), "InstanceCommunicationLimitsConfig"
    # An older model does not have them.
    limits = model.shape_for(name).members if name in model.shape_names else {}
    return {name: of_shape(shape) for name, shape in limits.items()}


QUEUE = Table(
    "queue",
    {
        "name": Key(TEXT, "the name, unique in the instance; every instance has the queue BasicQueue"),
        "id": Key(_ID, "the QueueId"),
        "enabled": Key(SWITCH, "whether the queue accepts contacts; true by default"),
        "agents": Key(
            whole_number_in(0, MAX_AGENTS), "a number of available agents who serve this queue alone"
        ),
        "description": Key(TEXT, "the description"),
        "max_contacts": Key(whole_number_in(0, 2**31 - 1), "the MaxContacts, which has no effect"),
        "outbound_caller": Key(
            table(
                Table(
                    "outbound caller",
                    {
                        "name": Key(TEXT, "the OutboundCallerIdName"),
                        "number_id": Key(TEXT, "the id of a claimed number"),
                        "flow_id": Key(TEXT, "the id of the outbound whisper flow"),
                    },
                )
            ),
            "the OutboundCallerConfig",
        ),
        "tags": _TAGS,
    },
)

AGENT = Table(
    "agent",
    {
        "username": Key(text_of_length("AgentUsername"), "the user name, unique in the instance"),
        "id": Key(_ID, "the UserId"),
        "queues": Key(
            list_of(TEXT, "a list of strings"),
            "the names or ids of the queues of the instance that the agent serves",
            is_required=True,
        ),
        "first_name": Key(TEXT, "the first name; Agent by default"),
        "last_name": Key(TEXT, "the last name; the user name by default"),
        "email": Key(TEXT, "the email address"),
        "status": Key(
            text_of_length("AgentStatusName"),
            "the name of an agent status, Available by default; a new name adds a custom status",
        ),
        "tags": _TAGS,
    },
)


def _rules_of_campaign() -> Schema:
    with_agents = [mode for mode in campaign_modes() if mode != "agentless"]
    has_channels = {"configuration": {"required": [CHANNELS]}}
    return {
        "allOf": [
            {
                "if": {"required": ["mode"], "properties": {"mode": {"enum": with_agents}}},
                "then": {"required": ["queue"]},
            },
            {
                "if": {"required": ["configuration"], "properties": has_channels},
                "then": {"not": {"anyOf": [{"required": [name]} for name in SHORTHAND]}},
            },
        ]
    }


CAMPAIGN = Table(
    "campaign",
    {
        "name": Key(TEXT, "the name, unique in the instance"),
        "id": Key(_ID, "the CampaignId"),
        "state": Key(choice("campaign", "state", _campaign_states), "the state; Initialized by default"),
        "queue": Key(TEXT, "the name or id of the queue of the instance that the campaign dials for"),
        "mode": Key(
            choice("campaign", "mode", campaign_modes),
            "the dialing mode; progressive by default with a queue, agentless without",
        ),
        "bandwidth_allocation": Key(
            number_in(0, 1), "its share among the campaigns of its queue; 1 by default"
        ),
        "source_number": Key(_NUMBER, "the number that the campaign calls from"),
        "answer_machine_detection": Key(SWITCH, "whether answering machines are detected; true by default"),
        "flow_id": Key(TEXT, "the id of the flow of a phone call; by default a generated one"),
        "configuration": Key(
            table_of("configuration", _configuration),
            "members of CreateCampaign in version 2, such as schedule; channelSubtypeConfig replaces the "
            "keys queue to flow_id",
        ),
        "deleted_queue": Key(
            table(
                Table(
                    "deleted queue",
                    {
                        "id": Key(_ID, "the QueueId", is_required=True),
                        "name": Key(TEXT, "the name", is_required=True),
                    },
                )
            ),
            "the queue to which channelSubtypeConfig refers, if it was deleted",
        ),
        "tags": _TAGS,
    },
    rules=_rules_of_campaign,
)

PROFILE = Table(
    "profile",
    {
        "number": Key(_NUMBER, "the phone number of the customer", is_required=True),
        "id": Key(
            text_like(
                PROFILE_ID,
                "32 hexadecimal digits in lower case, such as 0b1e2d3c4f5a4b6c8d7e9f0a1b2c3d4e",
            ),
            "the profileId",
        ),
        "attributes": Key(TEXTS_BY_KEY, "the attributes of the contacts that are created for the customer"),
    },
)

PHONE_NUMBER = Table(
    "phone number",
    {
        "number": Key(_NUMBER, "the number in E.164 format", is_required=True),
        "id": Key(_ID, "the PhoneNumberId"),
        "description": Key(TEXT, "the description"),
        "tags": _TAGS,
    },
)


def _read_number(node: Node) -> dict[str, Any]:
    return PHONE_NUMBER.read(node) if isinstance(node.value, dict) else {"number": _NUMBER.read(node)}


_NUMBER_OR_TABLE = Kind(_read_number, lambda: {"anyOf": [_NUMBER.schema(), PHONE_NUMBER.schema()]})
"""A claimed number: the number alone, or a table."""

INSTANCE = Table(
    "instance",
    {
        "alias": Key(TEXT, "the alias, unique in the region"),
        "id": Key(_ID, "the InstanceId"),
        "region": Key(TEXT, "the region; by default the setting region"),
        "identity_management_type": Key(
            choice("instance", "identity management type", _directory_types),
            "the IdentityManagementType; CONNECT_MANAGED by default",
        ),
        "onboarded": Key(SWITCH, "whether it is onboarded to outbound campaigns; true by default"),
        "basic_queue": Key(SWITCH, "whether it has the queue BasicQueue from the start; true by default"),
        "attributes": Key(
            table_of("attributes of an instance", _attributes), "the attributes that differ from the defaults"
        ),
        "communication_limits": Key(
            table_of("communication limits", _communication_limits),
            "the communicationLimitsConfig of PutInstanceCommunicationLimits",
        ),
        "tags": _TAGS,
        "phone_numbers": Key(
            list_of(_NUMBER_OR_TABLE, "a list of numbers, each a string or a table"), "the claimed numbers"
        ),
        "queues": Key(tables_of(QUEUE), "the queues"),
        "agents": Key(tables_of(AGENT), "the agents, besides those that a queue counts"),
        "campaigns": Key(tables_of(CAMPAIGN), "the campaigns"),
        "profiles": Key(tables_of(PROFILE), "the customer profiles"),
    },
)

STATE = Table("state file", {"instances": Key(tables_of(INSTANCE), "the instances")})


def json_schema() -> Schema:
    """Return the JSON Schema of state files."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$comment": f"Made by connect-batchmock schema, from the models of botocore {botocore.__version__}",
        "title": "State file of connect_batchmock",
        **STATE.schema(),
    }
