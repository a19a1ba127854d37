"""Signed bodies: base64 → verified signature → the right number of signers → JSON content."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from . import rechecks
from .checking import judge
from .errors import BadRequest, Rejected, rejected
from .json_body import read_json
from .spelling import composed, composed_bytes, same_number
from .work import SignedContent, Signer, Work


@dataclass(frozen=True, slots=True)
class Opened:
    """A signed JSON document: what was signed, by whom, and the bytes to keep."""

    content: Mapping[str, Any]
    signer: Signer
    document: bytes


async def open_signed(work: Work, document: str, *, field: str = "$.signed_content") -> Opened:
    """Open a document with exactly one signature and no stamp (SG-2).

    Raises Rejected naming `field` (not base64, signature not valid, content not a JSON object) or BadRequest
    (wrong number of signatures). What was proven about the signature is kept as `signature_checks/DIGEST/…`, where
    DIGEST is that of the document: the name of every kept document ends with it. What could not be proven yet is
    asked again later (SG-9).
    """
    opened, signed = await _verified(work, document, field)
    digest = hashlib.sha256(opened.document).hexdigest()
    if signed.check:
        await work.dependencies.objects.keep(f"{rechecks.CHECKS}/{digest}", signed.check)
    if signed.asks_again:
        await rechecks.note(work, opened.document, digest, opened.signer)
    return opened


async def look_into(work: Work, document: str, *, field: str) -> Opened:
    """The same without keeping anything: for a document that is judged now and opened later, when it is performed."""
    return (await _verified(work, document, field))[0]


async def _verified(work: Work, document: str, field: str) -> tuple[Opened, SignedContent]:
    raw = from_base64(document, field)
    try:
        act = partial(work.dependencies.verifier, raw, at=work.now, now=work.performed_at)
        signed = await judge(act, raw, at=work.now, is_stranger=work.actor.user_id is None)
    except Rejected as fault:
        raise Rejected(invalid=tuple(replace(each, entry=field) for each in fault.invalid)) from fault
    return Opened(as_object(signed, field), must_be_signed_once(signed), raw), signed


def from_base64(text: str, field: str) -> bytes:
    """Bytes of a base64 text; line breaks are forgiven, anything else is Rejected (SG-3)."""
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise rejected(field, "Not a base64 string") from fault
    if not raw:
        raise rejected(field, "Not a base64 string")
    return raw


def must_be_signed_once(signed: SignedContent) -> Signer:
    """The only signer; raise BadRequest with the published text (SG-2)."""
    stamps = sum(signer.is_stamp for signer in signed.signers)
    signatures = len(signed.signers) - stamps
    if (signatures, stamps) != (1, 0):
        raise BadRequest(
            "document must contain 1 signature and 0 stamps"
            f" but contains {signatures} signature{'s' * (signatures != 1)} and {stamps} stamp{'s' * (stamps != 1)}"
        )
    return signed.signers[0]


def as_object(signed: SignedContent, field: str) -> Mapping[str, Any]:
    """The signed JSON object, its texts in NFC; a byte order mark and trailing NULs are forgiven (SG-8).

    Raises Rejected: naming `field` when there is no JSON, and the place in the document of what nothing can keep.
    """
    try:
        content = read_json(composed_bytes(signed.content.removeprefix(b"\xef\xbb\xbf").rstrip(b"\0")))
    except BadRequest as fault:
        raise rejected(field, "Signed content is not a valid JSON") from fault
    if not isinstance(content, dict):
        raise rejected(field, "Signed content must be a JSON object")
    return content


def must_be_signed_by(signer: Signer, tax_id: str, *, field: str = "$") -> None:
    """Raise with the published texts when the signer is not the holder of the tax id (SG-4, SG-6)."""
    if not signer.drfo:
        raise rejected(field, "Invalid drfo")
    if not same_number(signer.drfo, tax_id):
        raise rejected(field, "Does not match the signer drfo")


def must_equal(signed: object, stored: object, *, message: str) -> None:
    """Raise Rejected naming the first path where the signed content differs from ours (SG-7)."""
    path = first_difference(signed, stored)
    if path is not None:
        raise Rejected(message, invalid=rejected(path, message).invalid)


def first_difference(left: object, right: object, path: str = "$") -> str | None:
    """The path of the first difference of two JSON values, or None when they are equal."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            if key not in left or key not in right:
                return f"{path}.{key}"
            if found := first_difference(left[key], right[key], f"{path}.{key}"):
                return found
        return None
    if isinstance(left, list) and isinstance(right, list):
        for place, (one, other) in enumerate(zip(left, right, strict=False)):
            if found := first_difference(one, other, f"{path}[{place}]"):
                return found
        return None if len(left) == len(right) else f"{path}[{min(len(left), len(right))}]"
    return None if _same_value(left, right) else path


def _same_value(left: object, right: object) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        # A register may still have a name in the form that a machine wrote it in before texts were composed.
        return left == right or composed(left) == composed(right)
    return left == right and isinstance(left, bool) == isinstance(right, bool)
