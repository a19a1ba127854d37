"""`inspect`: what is inside any file of electronic signatures."""

import argparse
import json
from collections.abc import Iterator

from .. import der
from ..attaching import signatures_in
from ..errors import NotASignature, SignatureError, Unreadable
from ..pem import blocks, is_pem
from . import dump, files, messages
from .describing import Fields
from .recognising import recognise


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when the file is understood; an unreadable one raises."""
    data = files.read(arguments.file)
    if arguments.asn1:
        for piece in pieces(data):
            print("\n".join(dump.lines(der.read(piece))))
        return 0
    described = [_describe(piece, arguments) for piece in pieces(data)]
    fields: Fields = described[0] if len(described) == 1 else {"kind": "PEM", "blocks": described}
    if arguments.json:
        print(json.dumps(fields, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(fields, arguments.lang)))
    return 0


def refused(sentence: str) -> None:
    """What `--json` gives when a file is not understood."""
    print(json.dumps({"kind": None, "reason": sentence}, ensure_ascii=False, indent=2))


def pieces(data: bytes) -> list[bytes]:
    """The structures of a file: all of PEM, one of anything else."""
    if not is_pem(data):
        return list(signatures_in(data))
    found = blocks(data)
    # Curves stand before keys of openssl and are told with them; old encrypted keys mean nothing without their headers.
    structures = [block for block in found if not block.label.endswith("PARAMETERS")] or found
    return [block.raw if block.headers else block.content for block in structures]


def _describe(piece: bytes, arguments: argparse.Namespace) -> Fields:
    """Without a password at hand a locked key file is told about and not asked for."""
    if piece.startswith(b"-----"):
        return {"kind": "encrypted key", "note": "locked"}
    try:
        return recognise(piece, files.given_password(arguments), files.key_password(arguments))
    except NotASignature:
        raise
    except Unreadable as fault:
        raise Unreadable(f"{fault.detail}; --asn1 shows the bytes" if _is_der(piece) else fault.detail) from fault


def _is_der(piece: bytes) -> bool:
    try:
        return bool(der.read(piece).raw)
    except SignatureError:
        return False


def _lines(fields: Fields, lang: str) -> Iterator[str]:
    for name, value in fields.items():
        yield from _field(messages.label(name, lang), value, lang)


def _field(label: str, value: object, lang: str) -> Iterator[str]:
    """A field in one line; structures indented below it, and nothing for what is absent."""
    match value:
        case None | "" | []:
            return
        case bool():
            yield f"{label}: {messages.say('yes' if value else 'no', lang)}"
        case "locked":
            yield f"{label}: {messages.say('locked', lang)}"
        case str() if label == messages.label("kind", lang):
            yield f"{label}: {messages.kind(value, lang)}"
        case dict():
            yield f"{label}:"
            yield from ("  " + line for line in _lines(value, lang))
        case list() if isinstance(value[0], dict):
            for number, item in enumerate(value, 1):
                yield f"{label} {number}:"
                yield from ("  " + line for line in _lines(item, lang))
        case list():
            yield f"{label}: {', '.join(map(str, value))}"
        case _:
            yield f"{label}: {value}"
