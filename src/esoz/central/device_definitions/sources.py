"""Reading device definitions from a file."""

import msgspec

from esoz.kernel.payload import UNREADABLE
from esoz.spec.files import content

from .model import Definition


def read_device_definitions(raw: bytes) -> list[Definition]:
    """Devices from JSON: a list of objects as published (second version); raise ValueError saying what is wrong.

    A device of a medical programme carries `medical_program_id` besides.
    """
    try:
        return msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=list[Definition])
    except UNREADABLE as fault:
        raise ValueError(f"not a list of device definitions: {fault}") from fault


def common_device_definitions() -> list[Definition]:
    """Devices that the demo country begins with: invented makers and prices (`spec/devices.json`)."""
    return read_device_definitions(content("devices.json"))
