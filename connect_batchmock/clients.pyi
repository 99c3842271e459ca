"""The types of boto3's clients, for type checkers: those of the user's stubs, and Any where there are none.

mypy keeps the first meaning of a name, and where a module is missing that is Any. pyright keeps the last, and
takes nothing from a module that is missing if everything is imported from it; a name that it misses would be
Unknown, which its strict mode refuses wherever it is used.
"""

# pyright: reportMissingImports=false
# ruff: noqa: F403, F811, I001 - the order is what it is about.

__all__ = ["ConnectCampaignServiceClient", "ConnectCampaignServiceV2Client", "ConnectClient"]

from mypy_boto3_connect import ConnectClient
from mypy_boto3_connectcampaigns import ConnectCampaignServiceClient
from mypy_boto3_connectcampaignsv2 import ConnectCampaignServiceV2Client

from typing import Any as ConnectClient
from typing import Any as ConnectCampaignServiceClient
from typing import Any as ConnectCampaignServiceV2Client

from mypy_boto3_connect import *
from mypy_boto3_connectcampaigns import *
from mypy_boto3_connectcampaignsv2 import *
