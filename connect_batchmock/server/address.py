"""The address of a server: where it listens, and its URL."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address


@dataclass(frozen=True)
class Address:
    """A host and a port to listen on; port 0 stands for any free port.

    Raises:
        ValueError: the port is invalid.
    """

    host: str
    port: int

    def __post_init__(self) -> None:
        if type(self.port) is not int or not 0 <= self.port <= 65535:
            raise ValueError(
                f"A server listens on a port from 1 to 65535, or on any free port with 0, not on "
                f"{self.port!r}."
            )

    def refuse_remote(self) -> None:
        """Refuse an address that other machines can reach.

        Raises:
            ValueError: other machines can reach the address.
        """
        ip = self._ip()
        if self.host != "localhost" and not (ip and ip.is_loopback):
            raise ValueError(
                f"A server listens on a loopback address, such as '127.0.0.1', '::1' or 'localhost', and not "
                f"on {self.host!r}, because every client that reaches the server controls the mock. To allow "
                f"other machines, pass allow_remote=True, or --allow-remote on the command line."
            )

    def listen(self) -> socket.socket:
        """Return a listening socket.

        Raises:
            OSError: the port is in use, or this machine does not have the address.
        """
        family = socket.AF_INET6 if isinstance(self._ip(), IPv6Address) else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family)
        except OSError as error:
            # Python adds the address, which this message names, too.
            reason = (error.strerror or str(error)).partition(" (while")[0].lower()
            raise OSError(
                error.errno,
                f"The server cannot listen on port {self.port} of {self.host!r}: {reason}. Port 0 stands for "
                f"any free port.",
            ) from None

    def url(self, port: int) -> str:
        """Return the URL under which this machine reaches the server.

        Args:
            port: the port that the server listens on.
        """
        ip = self._ip()
        host = self.host
        if ip is not None and ip.is_unspecified:
            # A server that listens on every address listens on this one, too.
            host = "::1" if ip.version == 6 else "127.0.0.1"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _ip(self) -> IPv4Address | IPv6Address | None:
        try:
            return ip_address(self.host)
        except ValueError:
            return None
