"""What systemd is told of a service: that it is ready, that it lives, that it ends (sd_notify(3))."""

import os
import socket
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def tell(what: str) -> None:
    """Say it to whoever started this process; where nobody asked for it, and where nobody listens, nothing happens."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"  # a name that is no file
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as way:
        way.setblocking(False)
        way.sendto(what.encode(), address)
