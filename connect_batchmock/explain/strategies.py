"""What the strategies of hypothesis cannot be drawn from."""

from __future__ import annotations


def no_hypothesis() -> str:
    return (
        "connect_batchmock.strategies draws with hypothesis, which is not installed: install it with "
        "'pip install hypothesis'. The rest of connect_batchmock does without."
    )


def no_campaign_to_draw(instance: str) -> str:
    return (
        f"The instance {instance!r} has no campaign, and no contact is created without one: add one with "
        f"instance.add_campaign() before contact_data_requests is drawn from."
    )


def no_such_campaign_to_draw(campaign: str) -> str:
    return (
        f"The mock has no campaign {campaign!r}: it was deleted, or seeded in another mock. "
        f"outbound_requests takes a campaign of one of connect_mock.instances."
    )
