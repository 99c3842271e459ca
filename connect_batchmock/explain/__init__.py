"""Every sentence that a person reads when something is wrong, in a module for each subject."""

# ruff: noqa: F403 - a sentence is written once, in its module, and not listed again here.

from connect_batchmock._text import *
from connect_batchmock.explain.answers import *
from connect_batchmock.explain.assertions import *
from connect_batchmock.explain.auditing import *
from connect_batchmock.explain.calls import *
from connect_batchmock.explain.campaigns import *
from connect_batchmock.explain.comparison import *
from connect_batchmock.explain.constraints import *
from connect_batchmock.explain.contacts import *
from connect_batchmock.explain.control import *
from connect_batchmock.explain.dial_requests import *
from connect_batchmock.explain.differing import *
from connect_batchmock.explain.faults import *
from connect_batchmock.explain.hints import *
from connect_batchmock.explain.instances import *
from connect_batchmock.explain.items import *
from connect_batchmock.explain.lines import *
from connect_batchmock.explain.mock import *
from connect_batchmock.explain.outcomes import *
from connect_batchmock.explain.server import *
from connect_batchmock.explain.settings import *
from connect_batchmock.explain.state import *
from connect_batchmock.explain.strategies import *
