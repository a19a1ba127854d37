"""What lists of devices on prescription are narrowed by."""

import msgspec


class NumberFilter(msgspec.Struct, frozen=True):
    """A request is looked for by its whole number."""

    requisition: str
