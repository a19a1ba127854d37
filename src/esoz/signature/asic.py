"""Archives with their signatures (ASiC-S and ASiC-E with CAdES, ETSI EN 319 162): read and made."""

import hashlib
import io
import re
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote
from xml.etree import ElementTree

from . import hashes, oids
from .errors import NotASignature, NotForSignature, SignatureError, Unreadable, Unsupported, WrongContent

_MARK = b"PK\x03\x04"
_SIMPLE, _EXTENDED = "application/vnd.etsi.asic-s+zip", "application/vnd.etsi.asic-e+zip"
_ASIC, _DSIG = "http://uri.etsi.org/02918/v1.2.1#", "http://www.w3.org/2000/09/xmldsig#"
_MANIFEST = re.compile(r"META-INF/[^/]*manifest[^/]*\.xml", re.IGNORECASE)
_CADES = re.compile(r"META-INF/[^/]*signature[^/]*\.p7[sm]", re.IGNORECASE)
_XADES = re.compile(r"META-INF/[^/]*signatures[^/]*\.xml", re.IGNORECASE)
_BY_URI = {
    "http://www.w3.org/2001/04/xmlenc#sha256": oids.SHA256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": oids.SHA384,
    "http://www.w3.org/2001/04/xmlenc#sha512": oids.SHA512,
}
# Ukrainian hashes have no address of their own: programs write their identifiers, bare or as a URN.
_OID = re.compile(r"(?:urn:oid:|oid:|OID\.)?(\d+(?:\.\d+){3,})")
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    EOFError,
    LookupError,
)
_MOST_FILES = 1000
_MOST_BYTES = 256 * 1024 * 1024
_LARGEST_MANIFEST = 1024 * 1024


@dataclass(frozen=True)
class Signature:
    """One signature in DER over a file or over a manifest, and what is wrong with what the manifest lists."""

    der: bytes
    content: bytes
    covered: frozenset[str]
    faults: tuple[SignatureError, ...] = ()


@dataclass(frozen=True)
class Archive:
    """The documents by their names, and their signatures."""

    files: Mapping[str, bytes]
    signatures: tuple[Signature, ...]

    @property
    def fault(self) -> SignatureError | None:
        """A document that no signature covers could have been put in by anybody."""
        alone = set(self.files) - {name for signature in self.signatures for name in signature.covered}
        return NotForSignature(f"{len(alone)} files that nobody signed") if alone else None


def is_archive(data: bytes) -> bool:
    """Whether a file is a ZIP."""
    return data.startswith(_MARK)


def read(data: bytes) -> Archive:
    """Documents and signatures. Raises `NotASignature` for another archive and for XAdES inside."""
    entries = _entries(data)
    kind = entries.pop("mimetype", b"").decode("ascii", "replace").strip()
    inside = {name: content for name, content in entries.items() if name.startswith("META-INF/")}
    files = {name: content for name, content in entries.items() if name not in inside and not name.endswith("/")}
    own = {name: content for name, content in inside.items() if _CADES.fullmatch(name)}
    if not own:
        if any(_XADES.fullmatch(name) for name in inside):
            raise NotASignature("ASiC with XAdES")
        raise NotASignature("ZIP or ASiC")
    manifests = {name: content for name, content in inside.items() if _MANIFEST.fullmatch(name)}
    if kind == _SIMPLE or not manifests:
        return Archive(files, _over_files(own, files))
    return Archive(files, _over_manifests(own, manifests, entries))


def _over_files(own: Mapping[str, bytes], files: Mapping[str, bytes]) -> tuple[Signature, ...]:
    """ASiC-S: every signature is over the one document."""
    if len(files) != 1:
        raise Unreadable(f"{len(files)} documents where one is signed")
    ((name, content),) = files.items()
    return tuple(Signature(der, content, frozenset({name})) for der in own.values())


def _over_manifests(
    own: Mapping[str, bytes], manifests: Mapping[str, bytes], entries: Mapping[str, bytes]
) -> tuple[Signature, ...]:
    """ASiC-E: every signature is over a manifest, which lists documents with their digests."""
    found = []
    for content in manifests.values():
        root = _parsed(content)
        signature = root.find(f"{{{_ASIC}}}SigReference")
        name = _name_in(signature)
        if name not in own:
            # A manifest of an archive timestamp, or of a signature of another kind.
            continue
        listed = root.findall(f"{{{_ASIC}}}DataObjectReference")
        names, faults = set(), list[SignatureError]()
        for each in listed:
            names.add(_name_in(each))
            try:
                _must_fit(each, entries)
            except SignatureError as fault:
                faults.append(fault)
        if not listed:
            faults.append(NotForSignature("a manifest of nothing"))
        found.append(Signature(own[name], content, frozenset(names), tuple(faults)))
    if len(found) != len(own):
        raise NotForSignature("a signature that no manifest names")
    return tuple(found)


def _must_fit(reference: ElementTree.Element, entries: Mapping[str, bytes]) -> None:
    """`WrongContent` unless the document is there and has the digest of the manifest."""
    method = reference.find(f"{{{_DSIG}}}DigestMethod")
    value = reference.find(f"{{{_DSIG}}}DigestValue")
    if method is None or value is None:
        raise Unreadable("a manifest without digests")
    try:
        expected = b64decode("".join((value.text or "").split()), validate=True)
    except ValueError as error:
        raise Unreadable("a manifest with a broken digest") from error
    content = entries.get(_name_in(reference))
    if content is None:
        raise WrongContent("a document of the manifest is not in the archive")
    if hashes.digest(_algorithm(method.get("Algorithm", "")), content) != expected:
        raise WrongContent("a document is not the one of the manifest")


def _algorithm(uri: str) -> str:
    if uri in _BY_URI:
        return _BY_URI[uri]
    found = _OID.fullmatch(uri.rpartition("#")[2].strip())
    if found is None or found[1] == oids.SHA1:
        raise Unsupported(f"hash {uri[:80]}")
    return found[1]


def _name_in(reference: ElementTree.Element | None) -> str:
    if reference is None or not reference.get("URI"):
        raise Unreadable("a manifest that names nothing")
    return unquote(reference.get("URI", "")).removeprefix("./").removeprefix("/")


def _parsed(manifest: bytes) -> ElementTree.Element:
    # No manifest has a document type; with one a small text could become a giant.
    if len(manifest) > _LARGEST_MANIFEST or b"<!" in manifest.replace(b"<!--", b""):
        raise Unreadable("a manifest with a document type")
    try:
        return ElementTree.fromstring(manifest)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Unreadable("a broken manifest") from error


def _entries(data: bytes) -> dict[str, bytes]:
    """Every file of the archive; names that stand twice, giants and locked ones are `Unreadable`."""
    left = _MOST_BYTES
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > _MOST_FILES:
                raise Unreadable(f"more than {_MOST_FILES} files")
            for entry in archive.infolist():
                with archive.open(entry) as file:
                    content = file.read(left + 1)
                left -= len(content)
                if left < 0 or entry.filename in found:
                    raise Unreadable("an archive too large or with one name twice")
                found[entry.filename] = content
    except _BROKEN as error:
        raise NotASignature("ZIP or ASiC") from error
    return found


def manifest(files: Mapping[str, bytes], signature: str = "META-INF/signature001.p7s") -> bytes:
    """ASiCManifest over documents, by SHA-256: what a signature of ASiC-E covers."""
    rows = "".join(
        f'<asic:DataObjectReference URI="{quote(name)}">'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        f"<ds:DigestValue>{b64encode(hashlib.sha256(content).digest()).decode()}</ds:DigestValue>"
        "</asic:DataObjectReference>"
        for name, content in files.items()
    )
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<asic:ASiCManifest xmlns:asic="{_ASIC}" xmlns:ds="{_DSIG}">'
        f'<asic:SigReference URI="{signature}" MimeType="application/pkcs7-signature"/>{rows}</asic:ASiCManifest>'
    )
    return text.encode()


def write(files: Mapping[str, bytes], signature: bytes) -> bytes:
    """ASiC-E: documents with a detached signature over `manifest(files)`."""
    buffer = io.BytesIO()
    parts = {**files, "META-INF/ASiCManifest001.xml": manifest(files), "META-INF/signature001.p7s": signature}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        # The kind comes first and is not compressed, so that it can be seen from outside (EN 319 162-1, A.1).
        for name, content in {"mimetype": _EXTENDED.encode(), **parts}.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()
