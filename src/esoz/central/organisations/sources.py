"""Reading the state register of legal entities from a file."""

import msgspec

from .model import EDR


def read_state_register(raw: bytes) -> list[EDR]:
    """Records from JSON, a list of objects in the published shape of `edr`; raise ValueError saying what is wrong."""
    try:
        records = msgspec.json.decode(raw.removeprefix(b"\xef\xbb\xbf"), type=list[EDR])
    except msgspec.DecodeError as fault:
        raise ValueError(f"not a list of records of the state register: {fault}") from fault
    ids = [record.id for record in records]
    if len(set(ids)) < len(ids):
        raise ValueError("an id is told twice")
    return records
