"""Requests for every operation with something wrong in them, drawn from a seed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any
from urllib.parse import quote

from signed_requests import Wire, authorization

HUGE = "x" * 70_000
TEXTS = (
    "",
    " ",
    "\x00",
    "\u202e\u200b",
    "😀" * 40,
    "é" * 300,
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "${jndi:ldap://x}",
    "' OR 1=1 --",
    "%s%n{0}",
    "arn:aws:connect:us-east-1:123456789012:instance/x/queue/y",
    "00000000-0000-4000-8000-000000000000",
    "+15555550100\n",
    "\u0661\u0662\u0663",
    "9999-12-31T23:59:59.999999999Z",
    "-0001-01-01T00:00:00Z",
    HUGE,
)
NUMBERS = (0, -1, 1, 2**31, -(2**31) - 1, 2**63, 2**64, 10**30, 1e308, -1e308, 5e-324, 0.1, -0.0)
VALUES: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, {"__proto__": {}}, *NUMBERS)
LITERALS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 5_000, "01", "0x1f", r'"\ud800"', "'a'")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "A" * 40)
SEGMENTS = (
    "",
    ".",
    "..",
    "%2e%2e",
    "%2F",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "a;b=c",
    "{InstanceId}",
    "instance",
    "campaigns",
    "v2",
    "contact",
    "_mock",
    "%F0%9F%98%80",
    "x" * 3_000,
)
QUERIES = (
    "maxResults=10&maxResults=x",
    "maxResults=" + "9" * 5_000,
    "maxResults=1e3",
    "maxResults=-1",
    "nextToken=%00",
    "nextToken=" + "A" * 2_000,
    "tagKeys",
    "tagKeys=" + "&tagKeys=".join(map(str, range(300))),
    "&&&===",
    "a[b]=c;d",
    "%ff=%fe",
    "X-Amz-Credential=a/b/c",
    "X-Amz-Credential=AKIA/20300101/us-east-1/connect/aws4_request",
    "?",
)
HEADERS = (
    ("Content-Type", "text/plain; charset=utf-7"),
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Content-Encoding", "gzip"),
    ("Accept-Encoding", "identity;q=0, *;q=0"),
    ("Expect", "100-continue"),
    ("Expect", "the-unexpected"),
    ("Connection", "close"),
    ("Upgrade", "h2c"),
    ("Range", "bytes=0-,-1"),
    ("Origin", "http://evil.example"),
    ("Origin", "null"),
    ("Host", "evil.example"),
    ("Host", ""),
    ("Host", "[::1"),
    ("X-Forwarded-Host", "evil.example"),
    ("amz-sdk-invocation-id", "\u00e9"),
    ("amz-sdk-request", "attempt=0; max=0"),
    ("amz-sdk-request", "attempt=" + "9" * 5_000),
    ("X-Amz-Date", "yesterday"),
    ("X-Amz-Target", "Connect.Nothing"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("X-Long", "x" * 8_000),
)
SCOPES = (
    "",
    "AWS4-HMAC-SHA256",
    "Basic dXNlcjpwYXNz",
    "Bearer " + "x" * 3_000,
    authorization("s3"),
    authorization(""),
    authorization("connect", ""),
    authorization("connect", "mars-north-1"),
    authorization("connect", "us-east-1\\(((("),
    authorization("connect", "é"),
    authorization("connect-campaigns", "x" * 2_000),
    authorization("connect", access_key="210987654321"),
    authorization("connect", access_key="999999999999999"),
    authorization("connect", access_key="١٢٣٤٥٦٧٨٩٠١٢"),
    authorization("connect").replace("AKIA/", "AKIA//"),
    authorization("connect").replace("aws4_request", "aws5_request"),
)

Places = list[tuple[Any, Any]]


def places(value: Any) -> Places:
    """Return every path in a JSON value, as a container with a key or an index."""
    paths: Places = []
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, item in entries:
        paths.append((value, key))
        paths.extend(places(item))
    return paths


def _document(wire: Wire) -> Any:
    return json.loads(wire.body) if wire.body else {}


def _a_value(random: Random) -> Any:
    return random.choice((*VALUES, *TEXTS, [0] * random.choice((1, 30, 2_000)), {"Name": {"Name": "x"}}))


def other_value(random: Random, wire: Wire) -> Wire:
    """Replace a value in the body."""
    document = _document(wire)
    paths = places(document)
    for container, key in random.sample(paths, min(len(paths), random.choice((1, 1, 1, 2, 5)))):
        container[key] = _a_value(random)
    return replace(wire, body=json.dumps(document).encode())


def fewer_or_more_members(random: Random, wire: Wire) -> Wire:
    """Take a member of the body away, or add one; a list gets longer."""
    document = _document(wire)
    paths = places(document)
    if not paths or random.random() < 0.2:
        return replace(wire, body=json.dumps({**document, random.choice(TEXTS): _a_value(random)}).encode())
    container, key = random.choice(paths)
    if isinstance(container, list):
        container.extend([container[key]] * random.choice((1, 25, 200)))
    elif random.random() < 0.5:
        del container[key]
    else:
        container[random.choice(TEXTS)] = container[key]
    return replace(wire, body=json.dumps(document).encode())


def literal(random: Random, wire: Wire) -> Wire:
    """Insert a literal that JSON, or Python's json, does not have."""
    document = _document(wire)
    paths = places(document)
    if not paths:
        return replace(wire, body=f'{{"InstanceId": {random.choice(LITERALS)}}}'.encode())
    container, key = random.choice(paths)
    container[key] = "here"
    return replace(wire, body=json.dumps(document).replace('"here"', random.choice(LITERALS)).encode())


def repeated_key(random: Random, wire: Wire) -> Wire:
    """Write a member of the body twice, with different values."""
    text = json.dumps(_document(wire)) if wire.body else '{"a": 1}'
    again = json.dumps(random.choice(list(_document(wire)) or ["a"]))
    return replace(wire, body=f"{text[:-1]}, {again}: {json.dumps(_a_value(random))}}}".encode())


def deep(random: Random, wire: Wire) -> Wire:
    """Nest the body or a member deeply."""
    depth = random.choice((50, 900, 1_100, 20_000))
    opening, closing = random.choice((("[", "]"), ('{"a":', "}"), ('{"And":[', "]}")))
    member = json.dumps(random.choice([*_document(wire), "SearchCriteria"]))
    nested = opening * depth + "0" + (closing * depth if random.random() < 0.8 else "")
    return replace(wire, body=(nested if random.random() < 0.3 else f"{{{member}: {nested}}}").encode())


def broken_body(random: Random, wire: Wire) -> Wire:
    """Break the body as text."""
    body = wire.body or b"{}"
    cut = random.randrange(len(body))
    breaks: Sequence[Callable[[], bytes]] = (
        lambda: b"",
        lambda: body[:cut],
        lambda: body + body,
        lambda: body[:cut] + bytes([random.randrange(256)]) + body[cut + 1 :],
        lambda: body[:cut] + b"\xff\xfe\xc0\x80" + body[cut:],
        lambda: b"\xef\xbb\xbf" + body,
        lambda: body.decode("utf-8", "replace").encode("utf-16"),
        lambda: random.choice((b"null", b"[]", b'"x"', b"0", b"true", b"{", b"\x00", b" " * 5_000)),
        lambda: bytes(random.randrange(256) for _ in range(random.randrange(200))),
    )
    return replace(wire, body=random.choice(breaks)())


def other_method(random: Random, wire: Wire) -> Wire:
    """Use another HTTP method."""
    return replace(wire, method=random.choice(METHODS))


def other_path(random: Random, wire: Wire) -> Wire:
    """Replace, add or take away a segment of the path, or write it otherwise."""
    path, mark, query = wire.target.partition("?")
    segments = path.split("/")
    index = random.randrange(len(segments))
    changes: Sequence[Callable[[], list[str]]] = (
        lambda: [*segments[:index], random.choice(SEGMENTS), *segments[index + 1 :]],
        lambda: [*segments[:index], *segments[index + 1 :]],
        lambda: [*segments[:index], random.choice(SEGMENTS), *segments[index:]],
        lambda: [*segments, ""],
        lambda: [quote(segment, safe="").replace("-", "%2D") for segment in segments],
        lambda: [quote(random.choice(TEXTS[:-1])[:200], safe="%") for _ in segments],
    )
    target = "/" + "/".join(random.choice(changes)()).removeprefix("/")
    return replace(wire, target=target + mark + query)


def query_junk(random: Random, wire: Wire) -> Wire:
    """Add to the query."""
    mark = "&" if "?" in wire.target else "?"
    return replace(wire, target=f"{wire.target}{mark}{random.choice(QUERIES)}")


def other_header(random: Random, wire: Wire) -> Wire:
    """Send a header otherwise, twice, or one more."""
    name, value = random.choice(HEADERS)
    kept = (
        wire.headers
        if random.random() < 0.3
        else tuple(header for header in wire.headers if header[0] != name)
    )
    return replace(wire, headers=(*kept, (name, value)))


def other_scope(random: Random, wire: Wire) -> Wire:
    """Sign for something else, or not at all."""
    kept = tuple(header for header in wire.headers if header[0] != "Authorization")
    scope = random.choice((None, *SCOPES))
    return replace(wire, headers=kept if scope is None else (*kept, ("Authorization", scope)))


def untouched(random: Random, wire: Wire) -> Wire:
    """Leave a request as good as it is."""
    return wire


MUTATIONS: Sequence[Callable[[Random, Wire], Wire]] = (
    other_value,
    other_value,
    other_value,
    fewer_or_more_members,
    literal,
    repeated_key,
    deep,
    broken_body,
    other_method,
    other_path,
    query_junk,
    other_header,
    other_scope,
    untouched,
)


def hostile(random: Random, wire: Wire) -> Wire:
    """Return a request with one mutation, sometimes two."""
    first = random.choice(MUTATIONS)(random, wire)
    if random.random() < 0.8:
        return first
    return random.choice((other_method, other_path, query_junk, other_header, other_scope))(random, first)
