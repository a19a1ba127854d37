"""`convert`: key files into one another, PEM and DER, attached and detached signatures."""

import argparse
from collections.abc import Callable

from .. import cms, oids
from .. import der_writer as w
from ..attaching import attach, unwrapped
from ..containers import KeyFile, write_all_jks, write_all_pkcs12, write_pkcs8
from ..errors import NoDocument
from ..pem import is_pem
from . import files
from .inspecting import pieces
from .recognising import PEM_LABELS, recognise


def run(arguments: argparse.Namespace) -> int:
    """Exit status 0 when the new file is written."""
    data = files.read(arguments.file)
    make = FORMS[arguments.to]
    files.write(arguments.output, make(data, arguments), secret=arguments.to in _KEY_FORMS)
    return 0


def _to_der(data: bytes, arguments: argparse.Namespace) -> bytes:
    """The first structure; an encrypted key of the form before PKCS#8 has no DER and becomes PKCS#8."""
    first = pieces(data)[0]
    return _pkcs8(gost=False)(data, arguments) if is_pem(first) else first


def _to_pem(data: bytes, arguments: argparse.Namespace) -> bytes:
    """Armour by what the bytes are; key files that PEM knows no name for are written key by key."""
    if is_pem(data):
        return data
    plain = unwrapped(data)
    label = PEM_LABELS.get(str(recognise(plain)["kind"]))
    return _keys_to_pem(data, arguments) if label is None else files.armored(label, plain)


def _keys_to_pem(_data: bytes, arguments: argparse.Namespace) -> bytes:
    opened, password = _opened(arguments)
    parts = [files.armored("ENCRYPTED PRIVATE KEY", write_pkcs8(entry.key, password)) for entry in opened.entries]
    found = dict.fromkeys(c for e in opened.entries for c in (e.certificate, *e.chain) if c is not None)
    return b"".join([*parts, *(files.armored("CERTIFICATE", certificate.der) for certificate in found)])


def _attached(data: bytes, arguments: argparse.Namespace) -> bytes:
    if arguments.content is None:
        raise NoDocument("--content is needed")
    return attach(unwrapped(data), files.read(arguments.content))


def _detached(data: bytes, _arguments: argparse.Namespace) -> bytes:
    """The same signature without the document: the content is not among the signed attributes."""
    plain = unwrapped(data)
    signed = cms.read(plain)
    content = w.sequence(w.oid(signed.content_type))
    parts = [content if place == 2 else field.raw for place, field in enumerate(cms.parts(plain))]
    return w.sequence(w.oid(oids.SIGNED_DATA), w.explicit(0, w.sequence(*parts)))


def _content(data: bytes, _arguments: argparse.Namespace) -> bytes:
    """The document inside. Whether it is validly signed only `verify` says."""
    content = cms.read(unwrapped(data)).content
    if content is None:
        raise NoDocument("a detached signature without its document")
    return content


def _opened(arguments: argparse.Namespace) -> tuple[KeyFile, str]:
    """The keys and the password of the new file."""
    password = files.password_of(arguments)
    opened = files.keys(arguments.file, arguments, password)
    chosen = arguments.new_password_file
    return opened, password if chosen is None else files.first_line(chosen)


def _pkcs12(*, gost: bool) -> "Form":
    def make(_data: bytes, arguments: argparse.Namespace) -> bytes:
        opened, password = _opened(arguments)
        return write_all_pkcs12(opened.entries, password, gost=gost)

    return make


def _pkcs8(*, gost: bool) -> "Form":
    """One key, the one to sign with: this format holds no more."""

    def make(_data: bytes, arguments: argparse.Namespace) -> bytes:
        opened, password = _opened(arguments)
        return write_pkcs8(opened.entries[0].key, password, gost=gost)

    return make


def _jks(_data: bytes, arguments: argparse.Namespace) -> bytes:
    opened, password = _opened(arguments)
    return write_all_jks(opened.entries, password)


Form = Callable[[bytes, argparse.Namespace], bytes]

FORMS: dict[str, Form] = {
    "der": _to_der,
    "pem": _to_pem,
    "attached": _attached,
    "detached": _detached,
    "content": _content,
    "pkcs12": _pkcs12(gost=False),
    "pkcs12-gost": _pkcs12(gost=True),
    "pkcs8": _pkcs8(gost=False),
    "pkcs8-gost": _pkcs8(gost=True),
    "jks": _jks,
}
_KEY_FORMS = frozenset({"pem", "der", "pkcs12", "pkcs12-gost", "pkcs8", "pkcs8-gost", "jks"})
