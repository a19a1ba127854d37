"""Verdicts of the НСЗУ on the wire."""

import msgspec

from esoz.kernel.errors import rejected


class Verdict(msgspec.Struct, frozen=True):
    """The body of both operations: the status is said by the path already, so it may be left out."""

    status: str | None = None

    def must_be(self, status: str) -> None:
        """Raise Rejected for a body that says something else than its path."""
        if self.status not in (None, status):
            raise rejected("$.status", "value is not allowed in enum", rule="inclusion", params=[status])
