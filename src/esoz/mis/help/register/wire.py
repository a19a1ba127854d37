"""The entry of the register as central spells it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from esoz.mis.base.register import RegisterEntry


class _Support(msgspec.Struct):
    phone: str | None = None
    email: str | None = None
    hours: str | None = None


class _Entry(msgspec.Struct):
    """What is read of the answer; another member is no concern of ours."""

    status: str
    version: str | None = None
    oldest_version: str | None = None
    attestation_until: date | None = None
    support: _Support = msgspec.field(default_factory=_Support)
    website: str | None = None


def entry(record: Mapping[str, Any]) -> RegisterEntry:
    """Raises msgspec.ValidationError. An address that is none of a site is left out: pages make a link of it."""
    given = msgspec.convert(record, _Entry)
    website = given.website or ""
    return RegisterEntry(
        status=given.status,
        version=given.version or "",
        oldest_version=given.oldest_version or "",
        attestation_until=given.attestation_until,
        phone=given.support.phone or "",
        email=given.support.email or "",
        hours=given.support.hours or "",
        website=website if website.startswith("https://") else "",
    )
