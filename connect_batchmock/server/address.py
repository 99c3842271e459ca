"""Where a server listens, and what it is called by."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address


@dataclass(frozen=True)
class Address:
    """A host and a port to listen at; port 0 is any that is free.

    Raises:
        ValueError: there is no such port.
    """

    host: str
    port: int

    def __post_init__(self) -> None:
        if type(self.port) is not int or not 0 <= self.port <= 65535:
            raise ValueError(
                f"A server listens at a port from 1 to 65535, or at any that is free with 0, not at "
                f"{self.port!r}."
            )

    def refuse_remote(self) -> None:
        """Refuse an address that other machines could reach.

        Raises:
            ValueError: it is one.
        """
        ip = self._ip()
        if self.host != "localhost" and not (ip and ip.is_loopback):
            raise ValueError(
                f"A server listens at an address of this machine alone, such as '127.0.0.1', '::1' or "
                f"'localhost', and not at {self.host!r}: whoever reaches it can do what they like with "
                f"the mock. Where that is meant, say allow_remote=True, or --allow-remote on the command "
                f"line."
            )

    def listen(self) -> socket.socket:
        """Return a socket that listens.

        Raises:
            OSError: somebody else has the port, or this machine has no such address.
        """
        family = socket.AF_INET6 if isinstance(self._ip(), IPv6Address) else socket.AF_INET
        try:
            return socket.create_server((self.host, self.port), family=family)
        except OSError as error:
            # Python adds the address, which the sentence has already.
            why = (error.strerror or str(error)).partition(" (while")[0].lower()
            raise OSError(
                error.errno,
                (
                    f"Nothing can listen at port {self.port} of {self.host!r}: {why}. Port 0 is any that is "
                    f"free."
                ),
            ) from None

    def url(self, port: int) -> str:
        """Return the address by which this machine calls what listens here, at the port that it has got."""
        ip = self._ip()
        host = self.host
        if ip is not None and ip.is_unspecified:
            # Whoever listens at every address does so at this one.
            host = "::1" if ip.version == 6 else "127.0.0.1"
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _ip(self) -> IPv4Address | IPv6Address | None:
        try:
            return ip_address(self.host)
        except ValueError:
            return None
