"""Signed bodies: base64 → verified signature → the right number of signers → JSON content."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec

from . import documents, rechecks
from .checking import judge
from .errors import BadRequest, Rejected, rejected
from .json_body import read_json
from .payload import without_nulls
from .spelling import composed, composed_bytes, same_number
from .work import SignedContent, Signer, Work


@dataclass(frozen=True, slots=True)
class Opened:
    """A signed JSON document: what was signed, by whom, and the bytes to keep."""

    content: Mapping[str, Any]
    signer: Signer
    document: bytes


class Proven(msgspec.Struct, frozen=True):
    """What was proven of a signed document when it arrived: a job that comes later has it from here (JB-1).

    `content` is the signed object as JSON in NFC, `check` and `asks_again` as in SignedContent.
    """

    content: msgspec.Raw
    signer: Signer
    check: bytes = b""
    asks_again: bool = False


async def open_signed(
    work: Work, document: str, *, field: str = "$.signed_content", proven: Proven | None = None
) -> Opened:
    """Open a document with exactly one signature and no stamp (SG-2); `proven` when it was judged already.

    Raises Rejected naming `field` (not base64, signature not valid, content not a JSON object) or BadRequest
    (wrong number of signatures). What was proven about the signature is kept as `signature_checks/DIGEST/…`, where
    DIGEST is that of the document: the name of every kept document ends with it. What could not be proven yet is
    asked again later (SG-9).
    """
    raw = from_base64(document, field)
    if proven is None:
        proven, content = await _judged(work, raw, field)
    else:
        content = msgspec.json.decode(proven.content)
    digest = hashlib.sha256(raw).hexdigest()
    if proven.check:
        await documents.keep(work.db, f"{rechecks.CHECKS}/{digest}", proven.check)
    if proven.asks_again:
        await rechecks.note(work, raw, digest, proven.signer)
    return Opened(content, proven.signer, raw)


async def prove(work: Work, document: str, *, field: str) -> tuple[Proven, Mapping[str, Any]]:
    """The same without keeping anything: for a document that is judged now and opened when it is performed."""
    return await _judged(work, from_base64(document, field), field)


async def _judged(work: Work, raw: bytes, field: str) -> tuple[Proven, Mapping[str, Any]]:
    try:
        act = partial(work.dependencies.verifier, raw, at=work.now, now=work.performed_at)
        who = work.actor.user_id
        signed = await judge(act, raw, at=work.now, is_stranger=who is None, who=who)
    except Rejected as fault:
        raise Rejected(invalid=tuple(replace(each, entry=field) for each in fault.invalid)) from fault
    text = _text(signed)
    content = _as_object(text, field)
    return Proven(msgspec.Raw(text), must_be_signed_once(signed), signed.check, signed.asks_again), content


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
    return _as_object(_text(signed), field)


def _text(signed: SignedContent) -> bytes:
    return composed_bytes(signed.content.removeprefix(b"\xef\xbb\xbf").rstrip(b"\0"))


def _as_object(text: bytes, field: str) -> Mapping[str, Any]:
    try:
        content = read_json(text)
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
    """Raise Rejected naming the first path where the signed content differs from ours, empty fields aside (SG-7)."""
    if _in_order(signed) == _in_order(stored):
        return  # nearly always; what is spelled otherwise may still be the same
    path = first_difference(without_nulls(signed), without_nulls(stored))
    if path is not None:
        raise Rejected(message, invalid=rejected(path, message).invalid)


def _in_order(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted")


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
