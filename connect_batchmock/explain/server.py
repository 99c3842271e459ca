"""What is wrong with a server, or with what it is asked."""

from __future__ import annotations

from collections.abc import Sequence

from connect_batchmock.explain.wording import cut, listed


def nowhere_to_go_on(method: str, url: str) -> str:
    return (
        f"{method} {cut(url, 200)} is let through by unfaked='passthrough' or connect_mock.allow(), but a request to this "
        f"server has nowhere to go on to. Answer it with connect_mock.fake()."
    )


def signed_for_another(name: str) -> str:
    return (
        f"The request is signed for {cut(name, 60)!r}, which is not served here; this server answers "
        f"'connect' and 'connect-campaigns'."
    )


def unknown_operation_here(method: str) -> str:
    return (
        f"No operation of Amazon Connect or its campaign services has this path with {cut(method, 20)}. "
        f"What the mock shows is under /_mock/."
    )


def unsigned_and_unclear(services: Sequence[str]) -> str:
    return (
        f"The request is not signed, and its path is one of {listed(services)}: sign it, with any credentials "
        f"(Signature Version 4), so that the service can be told."
    )


def unknown_host(host: str) -> str:
    return (
        f"This server is not known as {cut(host, 200)!r}. Call it by its address or as localhost, or give it "
        f"that name with --allow-host."
    )


def from_another_site(origin: str) -> str:
    return f"The request comes from a page of another site ({cut(origin, 200)!r}), and is refused."


def body_too_long(most: int) -> str:
    return f"The body of the request is longer than {most:,} bytes, which no operation takes."
