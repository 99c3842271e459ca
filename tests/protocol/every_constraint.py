"""A service model with every type and every constraint."""

from __future__ import annotations

from botocore.model import ServiceModel

MODEL = ServiceModel(
    {
        "metadata": {"protocol": "rest-json", "apiVersion": "2030-01-01", "endpointPrefix": "made-up"},
        "operations": {},
        "shapes": {
            "Everything": {
                "type": "structure",
                "required": ["Name"],
                "members": {
                    "Name": {"shape": "Name"},
                    "Text": {"shape": "Text"},
                    "Any": {"shape": "Any"},
                    "Flag": {"shape": "Flag"},
                    "Count": {"shape": "Count"},
                    "Share": {"shape": "Share"},
                    "Names": {"shape": "Names"},
                    "Labels": {"shape": "Labels"},
                    "At": {"shape": "At"},
                    "Data": {"shape": "Data"},
                    "Choice": {"shape": "Choice"},
                    "Kind": {"shape": "Kind"},
                    "Again": {"shape": "Everything"},
                    "Renamed": {"shape": "Flag", "locationName": "renamed"},
                },
            },
            "Name": {"type": "string", "min": 2, "max": 4, "pattern": "[a-z]+"},
            "Text": {"type": "string", "max": 3},
            "Any": {"type": "string"},
            "Flag": {"type": "boolean"},
            "Count": {"type": "integer", "min": 1, "max": 9},
            "Share": {"type": "double", "max": 1},
            "Names": {"type": "list", "member": {"shape": "Name"}, "max": 2},
            "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Count"}, "max": 2},
            "At": {"type": "timestamp"},
            "Data": {"type": "blob", "max": 3},
            "Choice": {
                "type": "structure",
                "union": True,
                "members": {"One": {"shape": "Flag"}, "Two": {"shape": "Flag"}},
            },
            "Kind": {"type": "string", "enum": ["A", "B"]},
        },
    },
    "made-up",
)
