"""Reading reimbursement contracts from a file."""

import msgspec

from esoz.kernel.payload import UNREADABLE

from .model import Contract


def read_contracts(raw: bytes) -> list[Contract]:
    """Contracts from JSON: a list of objects with the published names; raise ValueError saying what is wrong."""
    try:
        return msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=list[Contract])
    except UNREADABLE as fault:
        raise ValueError(f"not a list of reimbursement contracts: {fault}") from fault
