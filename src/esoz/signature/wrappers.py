"""Headers that Ukrainian programs put around a signature: TRANSPORTABLE and UA1_SIGN of the tax service."""

from .errors import NotASignature, Unreadable

_TRANSPORTABLE, _SIGNED = b"TRANSPORTABLE\0", b"UA1_SIGN\0"
# Parts of other kinds, and what they are.
_OTHERS = {b"UA1_CRYPT\0": "encrypted message", b"CLEAR\0": "data without a signature"}
# Mail of the tax service is signed by the accountant, the director and the seal, each time around what was before.
_DEEPEST = 8


def stripped(data: bytes) -> bytes:
    """The signature without what stands around it; anything else as it is.

    `NotASignature` for a part of another kind, `Unreadable` for a broken header.
    """
    for _ in range(_DEEPEST):
        if data.startswith(_TRANSPORTABLE):
            data = _after(data, len(_TRANSPORTABLE))[1]
        elif data.startswith(_SIGNED):
            data = _after(data, len(_SIGNED))[0]
        else:
            break
    for mark, kind in _OTHERS.items():
        if data.startswith(mark):
            raise NotASignature(kind)
    return data


def _after(data: bytes, start: int) -> tuple[bytes, bytes]:
    """The bytes whose length stands in the next four bytes, from the little end, and the rest."""
    begin = start + 4
    end = begin + int.from_bytes(data[start:begin], "little")
    if begin > len(data) or end > len(data):
        raise Unreadable("a broken header around a signature")
    return data[begin:end], data[end:]
