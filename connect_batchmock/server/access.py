"""Who may ask a server: nobody under a name that DNS could give to it, and no page of another site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from connect_batchmock._text import cut, listed
from connect_batchmock.protocol.http import Response

CONTROL = "/_mock"
"""The path under which the mock itself is shown and changed."""


class RequestRefusedError(Exception):
    """A request that is not let in.

    Args:
        status: the HTTP status.
        code: what is wrong, in one word.
        message: what is wrong, in a sentence.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status: int = status
        self.code: str = code

    def response(self) -> Response:
        """Return the answer to the request, in the form in which the services give their errors.

        The header ``server`` tells it from theirs.
        """
        headers = {
            "content-type": "application/json",
            "server": "connect-batchmock",
            "x-amzn-errortype": self.code,
        }
        return Response(self.status, headers, json.dumps({"message": str(self)}).encode())


class AccessPolicy:
    """Lets in what is asked under a name of the server's own, and not from a page of another site.

    A page that somebody looks at can send requests to this machine, and may get DNS to give the page's own
    name to it. So a name is believed only if nobody else can have it.

    Args:
        names: the names that the server has, beside ``localhost`` and every IP address.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {"localhost", *(name.lower() for name in names if not _is_address(name))}

    def check(self, method: str, path: str, headers: Mapping[str, str]) -> None:
        """Let a request in.

        Args:
            method: its method.
            path: its path, as it came.
            headers: its headers, their names in lower case.

        Raises:
            Refused: it is not let in.
        """
        host = headers.get("host", "")
        if not self._is_ours(_name_in(host)):
            raise RequestRefusedError(
                421,
                "MisdirectedRequest",
                (
                    f"This server is not known as {cut(host, 200)!r}, but as {listed(sorted(self._names))} "
                    f"and by its IP addresses. If that is a name of its own, give it with allow_hosts=, or "
                    f"--allow-host on the command line."
                ),
            )
        origin = headers.get("origin")
        if origin is not None and origin.lower() != f"http://{host.lower()}":
            raise RequestRefusedError(403, "ForeignOrigin", _from_another_site("Origin", origin))
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin"):
            raise RequestRefusedError(403, "ForeignOrigin", _from_another_site("Sec-Fetch-Site", site))
        if not path.startswith("/"):
            raise RequestRefusedError(
                400,
                "MalformedHttpRequestException",
                f"The target of a request is a path that begins with '/', not {cut(path, 200)!r}.",
            )
        if is_control(path) and method not in ("GET", "HEAD", "OPTIONS"):
            _check_content_type(headers)

    def _is_ours(self, name: str) -> bool:
        return name in self._names or name.endswith(".localhost") or _is_address(name)


def is_control(path: str) -> bool:
    """Whether a path is one of the mock's own, and not one of a service."""
    return path == CONTROL or path.startswith(f"{CONTROL}/")


def _check_content_type(headers: Mapping[str, str]) -> None:
    # A form of another site cannot say that it sends JSON.
    said = headers.get("content-type", "")
    if said.partition(";")[0].strip().lower() != "application/json":
        raise RequestRefusedError(415, "UnsupportedMediaType", _not_json(said))


def _name_in(host: str) -> str:
    """Return the name or the address in a Host header, without the port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower().rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True


def _from_another_site(header: str, value: str) -> str:
    return (
        f"The request comes from a page of another site ({header}: {cut(value, 200)}), which has no business "
        f"here. Type the address into the browser, or call the server from a program."
    )


def _not_json(content_type: str) -> str:
    said = f"not {cut(content_type, 100)!r}" if content_type else "and says so"
    return f"What changes the mock is sent as Content-Type: application/json, {said}."
