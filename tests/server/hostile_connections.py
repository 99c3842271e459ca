"""Connections with malformed HTTP, or with the behavior of a broken client."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from signed_requests import Wire

Address = tuple[str, int]


@dataclass(frozen=True)
class Exchange:
    """What is sent over one connection, and how.

    Args:
        pieces: what is sent, each piece for itself.
        shuts: whether the sending half is closed after that.
        resets: whether the connection is reset after that, without reading.
        is_whole: whether the server has all that it can wait for, so that it has to answer or to close.
    """

    pieces: tuple[bytes, ...]
    shuts: bool = False
    resets: bool = False
    is_whole: bool = True


def first_line(random: Random, wire: Wire) -> Exchange:
    """Write the first line as it must not be."""
    _, _, rest = wire.encoded().partition(b"\r\n")
    target = wire.target.encode("utf-8", "surrogateescape")
    line = random.choice(
        (
            b"",
            b"\r\n\r\nGET / HTTP/1.1",
            b"GET",
            b"GET " + target,
            b"GET  " + target + b"  HTTP/1.1",
            b"GET " + target + b" HTTP/9.9",
            b"GET " + target + b" HTTP/1.1 HTTP/1.1",
            b"GET " + target + b" FTP/1.1",
            b"GET " + target + b" http/1.1",
            b"GET http://evil.example" + target + b" HTTP/1.1",
            b"GET //evil.example" + target + b" HTTP/1.1",
            b"GET http://[::1 HTTP/1.1",
            b"GET instance HTTP/1.1",
            b"GET * HTTP/1.1",
            b"OPTIONS * HTTP/1.1",
            b"CONNECT evil.example:443 HTTP/1.1",
            b"GET /\xff\xfe\x00 HTTP/1.1",
            b"GET /caf\xc3\xa9 HTTP/1.1",
            b"GET /" + b"a" * 100_000 + b" HTTP/1.1",
            b"G\x00T / HTTP/1.1",
            b"M" * 100_000,
            b"PRI * HTTP/2.0",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(random.randrange(256) for _ in range(60)),
        )
    )
    return Exchange((line + b"\r\n" + rest,), shuts=True)


def header_lines(random: Random, wire: Wire) -> Exchange:
    """Write headers as they must not be, or too many of them."""
    line, _, rest = wire.encoded().partition(b"\r\n")
    added = random.choice(
        (
            b"no colon here",
            b": no name",
            b"Name : space before the colon",
            b" folded: at once",
            b"X-Folded: a\r\n b\r\n\tc",
            b"X-Null: a\x00b",
            b"X-Bare: a\rb",
            b"X-Bare: a\nb",
            b"X-Bytes: " + bytes(range(128, 256)),
            b"X-\xc3\xa9: a",
            b"X-Long: " + b"a" * 200_000,
            b"X-" + b"n" * 70_000 + b": a",
            b"\r\n".join(b"X-%d: a" % number for number in range(3_000)),
            b"Host: a\r\nHost: b",
            b"Host: a b/c@d",
            b"Connection: keep-alive, close, x",
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13",
            b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAA",
            b"Expect: 100-continue",
        )
    )
    return Exchange((line + b"\r\n" + added + b"\r\n" + rest,), shuts=True)


def _with_length(wire: Wire, *lines: bytes) -> bytes:
    head, _, _ = wire.encoded().partition(b"\r\nContent-Length:")
    return head + b"\r\n" + b"\r\n".join(lines) + b"\r\n\r\n"


def lengths(random: Random, wire: Wire) -> Exchange:
    """Declare a wrong length of the body."""
    lines = random.choice(
        (
            [b"Content-Length: -1"],
            [b"Content-Length: 1e3"],
            [b"Content-Length: 0x10"],
            [b"Content-Length: +5"],
            [b"Content-Length: " + b"9" * 5_000],
            [b"Content-Length: 99999999999999999999"],
            [b"Content-Length: 1048577"],
            [b"Content-Length: 2, 2"],
            [b"Content-Length: 2", b"Content-Length: 3"],
            [b"Content-Length: 2", b"Transfer-Encoding: chunked"],
            [b"Transfer-Encoding: gzip, chunked"],
            [b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"],
            [b"Transfer-Encoding: xchunked"],
            [b"Content-Length: "],
            [],
        )
    )
    return Exchange((_with_length(wire, *lines) + wire.body,), shuts=True)


def too_large(random: Random, wire: Wire) -> Exchange:
    """Send a body that is larger than any call, said beforehand or not."""
    piece = b"x" * 65_536
    if random.random() < 0.5:
        return Exchange((_with_length(wire, b"Content-Length: 1310720"), *[piece] * 20), shuts=True)
    chunk = b"10000\r\n" + piece + b"\r\n"
    head = _with_length(wire, b"Transfer-Encoding: chunked")
    return Exchange((head, *[chunk] * 20, b"0\r\n\r\n"), shuts=True)


def chunks(random: Random, wire: Wire) -> Exchange:
    """Send the body in valid or invalid chunks."""
    body, size = wire.body or b"{}", len(wire.body or b"{}")
    half = size // 2
    sent = random.choice(
        (
            b"%x\r\n%b\r\n0\r\n\r\n" % (size, body),
            b"%x\r\n%b\r\n%X\r\n%b\r\n0\r\n\r\n" % (half or 1, body[: half or 1], size - half, body[half:]),
            b"%x;name=value;other\r\n%b\r\n0\r\nTrailer: x\r\n\r\n" % (size, body),
            b"%x;%b\r\n%b\r\n0\r\n\r\n" % (size, b"e" * 100_000, body),
            b"-1\r\n%b\r\n0\r\n\r\n" % body,
            b"zz\r\n%b\r\n0\r\n\r\n" % body,
            b"ffffffffffffffffffff\r\n%b" % body,
            b"%x\r\n%bxx0\r\n\r\n" % (size, body),
            b"%x\n%b\n0\n\n" % (size, body),
            b"%x\r\n%b" % (size + 9, body),
            b"1\r\n{\r\n" * 300,
        )
    )
    return Exchange((_with_length(wire, b"Transfer-Encoding: chunked") + sent,), shuts=True)


def pipelined(random: Random, wire: Wire) -> Exchange:
    """Pipeline several requests, the last one possibly incomplete."""
    encoded = wire.encoded()
    sent = encoded * random.choice((2, 5, 20))
    return Exchange((sent if random.random() < 0.5 else sent[: -len(encoded) // 2],), shuts=True)


def in_drops(random: Random, wire: Wire) -> Exchange:
    """Send a request in very small pieces."""
    encoded = wire.encoded()[:1_200]
    step = random.choice((1, 3, 64))
    return Exchange(tuple(encoded[at : at + step] for at in range(0, len(encoded), step)), shuts=True)


def vanishing(random: Random, wire: Wire) -> Exchange:
    """Disconnect before the request is sent or before the response is read."""
    encoded = wire.encoded()
    sent = encoded[: random.choice((0, 1, 20, len(encoded) // 2, len(encoded) - 1, len(encoded)))]
    return Exchange((sent,), resets=random.random() < 0.5, is_whole=False)


def stream(random: Random, wire: Wire) -> Exchange:
    """Request a stream, and disconnect."""
    path = random.choice((b"events", b"changes"))
    asked = b"GET /_mock/%b/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % path
    return Exchange((asked,), resets=random.random() < 0.5, is_whole=False)


def half_closed(random: Random, wire: Wire) -> Exchange:
    """Send all or part of a request, and half-close the connection."""
    encoded = wire.encoded()
    return Exchange((encoded[: random.choice((10, len(encoded) - 1, len(encoded)))],), shuts=True)


def noise(random: Random, wire: Wire) -> Exchange:
    """Send bytes that are not HTTP, or a request with changed bytes."""
    if random.random() < 0.3:
        return Exchange((bytes(random.randrange(256) for _ in range(random.randrange(1, 400))),), shuts=True)
    changed = bytearray(wire.encoded())
    for _ in range(random.choice((1, 2, 8))):
        changed[random.randrange(len(changed))] = random.randrange(256)
    return Exchange((bytes(changed),), shuts=True)


KINDS: Sequence[Callable[[Random, Wire], Exchange]] = (
    first_line,
    header_lines,
    lengths,
    too_large,
    chunks,
    pipelined,
    in_drops,
    vanishing,
    stream,
    half_closed,
    noise,
)


def exchange(address: Address, planned: Exchange, patience: float = 5.0) -> bytes | None:
    """Do it, and return what came back; None where the server neither answered nor closed in time.

    A reset from the server is its way to close.
    """
    received = b""
    with socket.create_connection(address, timeout=patience) as connection:
        try:
            _send(connection, planned)
            while planned.is_whole and (piece := connection.recv(65_536)):
                received += piece
        except TimeoutError:
            return None
        except OSError:
            pass
        return received


def _send(connection: socket.socket, planned: Exchange) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in planned.pieces:
        connection.sendall(piece)
    if planned.shuts:
        connection.shutdown(socket.SHUT_WR)
    if planned.resets:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
