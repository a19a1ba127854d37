"""Files that hold a document together with its signatures: ASiC, PDF, the wrappers of the tax service."""

import io
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from esoz.signature import (
    Authority,
    Issued,
    Level,
    NotASignature,
    NotForSignature,
    SignatureError,
    Subject,
    Unreadable,
    Unsupported,
    WrongContent,
    asic,
    examine,
    hashes,
    oids,
    open_signature,
    pades,
    sign,
    signatures_in,
    unwrapped,
    verify,
    with_signature_timestamps,
)

from .centre import NOW, SCHEMES, YEAR, centre, doctor_of
from .test_augmenting import stamp

FILES = {"договір.txt": "Договір № 1".encode(), "scan 1.bin": bytes(range(256))}
MANIFEST = "META-INF/ASiCManifest001.xml"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


def zipped(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def apart(content: bytes, doctor: Issued) -> bytes:
    return sign(content, doctor.key, doctor.certificate, at=NOW, detached=True)


def archive(doctor: Issued, files: dict[str, bytes] = FILES) -> bytes:
    return asic.write(files, apart(asic.manifest(files), doctor))


def changed(data: bytes, **of: Callable[[dict[str, bytes]], None]) -> bytes:
    entries = unzipped(data)
    for change in of.values():
        change(entries)
    return zipped(entries)


@pytest.fixture
def doctor() -> Issued:
    return doctor_of("ecdsa")


@pytest.fixture
def authority() -> Authority:
    return centre("ecdsa")


class TestAsicE:
    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_made_here_is_valid(self, scheme: str) -> None:
        found = verify(archive(doctor_of(scheme)), centre(scheme).trust, at=NOW)
        assert (dict(found.files), found.content) == (FILES, b"")
        assert [signer.certificate for signer in found.signers] == [doctor_of(scheme).certificate]

    def test_of_one_document_gives_its_content(self, authority: Authority, doctor: Issued) -> None:
        one = {"a.txt": b"text"}
        data = archive(doctor, one)
        assert verify(data, authority.trust, at=NOW).content == b"text"
        assert verify(data, authority.trust, at=NOW, content=b"text").signers
        with pytest.raises(NotForSignature):
            verify(data, authority.trust, at=NOW, content=b"other")

    def test_begins_with_its_kind(self, doctor: Issued) -> None:
        data = archive(doctor)
        assert data[30:38] == b"mimetype"
        assert data[38:].startswith(b"application/vnd.etsi.asic-e+zip")

    @pytest.mark.parametrize(
        ("uri", "algorithm"),
        [
            (SHA256, oids.SHA256),
            ("http://www.w3.org/2001/04/xmldsig-more#sha384", oids.SHA384),
            ("http://www.w3.org/2001/04/xmlenc#sha512", oids.SHA512),
            (f"urn:oid:{oids.KUPYNA_256}", oids.KUPYNA_256),
            (oids.KUPYNA_512, oids.KUPYNA_512),
            (f"http://example.org/dsig#{oids.GOST_34311}", oids.GOST_34311),
        ],
    )
    def test_with_every_digest_is_valid(self, authority: Authority, doctor: Issued, uri: str, algorithm: str) -> None:
        one = {"a.txt": b"text"}
        usual = b64encode(hashes.digest(oids.SHA256, b"text"))
        digest = b64encode(hashes.digest(algorithm, b"text"))
        manifest = asic.manifest(one).replace(SHA256.encode(), uri.encode()).replace(usual, digest)
        entries = unzipped(archive(doctor, one))
        entries |= {"META-INF/ASiCManifest001.xml": manifest, "META-INF/signature001.p7s": apart(manifest, doctor)}
        assert verify(zipped(entries), authority.trust, at=NOW).content == b"text"

    def test_of_two_signers_tells_both(self, authority: Authority, doctor: Issued) -> None:
        head = authority.issue(Subject("Українка", "Леся"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
        second = asic.manifest(FILES, "META-INF/signature002.p7s")
        more = {"META-INF/ASiCManifest002.xml": second, "META-INF/signature002.p7s": apart(second, head)}
        data = changed(archive(doctor), add=lambda entries: entries.update(more))
        assert {signer.certificate for signer in verify(data, authority.trust, at=NOW).signers} == {
            doctor.certificate,
            head.certificate,
        }

    def test_with_a_timestamp_has_its_level(self, authority: Authority, doctor: Issued) -> None:
        signature = with_signature_timestamps(apart(asic.manifest(FILES), doctor), stamp(authority))
        assert verify(asic.write(FILES, signature), authority.trust, at=NOW).signers[0].level == Level.T

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            (lambda entries: entries.update({"договір.txt": b"other"}), WrongContent),
            (lambda entries: entries.pop("договір.txt"), WrongContent),
            (lambda entries: entries.update({"more.txt": b"put in by anybody"}), NotForSignature),
            (
                lambda entries: entries.update({"META-INF/ASiCManifest001.xml": asic.manifest({"a": b""})}),
                SignatureError,
            ),
            (lambda entries: entries.update({"META-INF/signature002.p7s": b"?"}), NotForSignature),
            (lambda entries: entries.pop("META-INF/ASiCManifest001.xml"), SignatureError),
            (lambda entries: entries.pop("META-INF/signature001.p7s"), NotASignature),
            (lambda entries: entries.update({"META-INF/ASiCManifest001.xml": b"<!DOCTYPE x>"}), Unreadable),
            (lambda entries: entries.update({"META-INF/ASiCManifest001.xml": b"<"}), Unreadable),
        ],
    )
    def test_changed_is_refused(
        self,
        authority: Authority,
        doctor: Issued,
        change: Callable[[dict[str, bytes]], object],
        fault: type[SignatureError],
    ) -> None:
        with pytest.raises(fault):
            verify(changed(archive(doctor), by=change), authority.trust, at=NOW)

    def test_any_byte_changed_is_refused_by_the_family_or_means_the_same(
        self, authority: Authority, doctor: Issued
    ) -> None:
        data = archive(doctor)
        for place in range(0, len(data), 23):
            variant = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
            try:
                assert dict(verify(variant, authority.trust, at=NOW).files) == FILES
            except SignatureError:
                continue

    def test_bomb_is_refused(self, authority: Authority, monkeypatch: pytest.MonkeyPatch, doctor: Issued) -> None:
        monkeypatch.setattr(asic, "_MOST_BYTES", 1000)
        with pytest.raises(Unreadable):
            verify(archive(doctor, {"a": bytes(100_000)}), authority.trust, at=NOW)


class TestAsicS:
    def simple(self, doctor: Issued) -> bytes:
        kind = b"application/vnd.etsi.asic-s+zip"
        return zipped({"mimetype": kind, "a.txt": b"text", "META-INF/signature.p7s": apart(b"text", doctor)})

    def test_is_verified_and_taken_apart(self, authority: Authority, doctor: Issued) -> None:
        data = self.simple(doctor)
        assert verify(data, authority.trust, at=NOW).content == b"text"
        message = open_signature(data)
        assert message.contents == (b"text",)
        assert verify(message.signature, authority.trust, at=NOW, content=b"text").signers

    def test_with_another_document_is_refused(self, authority: Authority, doctor: Issued) -> None:
        with pytest.raises(WrongContent):
            verify(changed(self.simple(doctor), by=lambda e: e.update({"a.txt": b"other"})), authority.trust, at=NOW)

    def test_with_two_documents_is_refused(self, authority: Authority, doctor: Issued) -> None:
        with pytest.raises(Unreadable):
            verify(changed(self.simple(doctor), by=lambda e: e.update({"b.txt": b"text"})), authority.trust, at=NOW)


class TestOtherArchives:
    @pytest.mark.parametrize("entries", [{"a.txt": b"x"}, {"META-INF/signatures.xml": b"<x/>", "a.txt": b"x"}])
    def test_are_called_by_their_name(self, authority: Authority, entries: dict[str, bytes]) -> None:
        with pytest.raises(NotASignature, match=r"ZIP or ASiC|XAdES"):
            verify(zipped(entries), authority.trust, at=NOW)

    @pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(100)])
    def test_broken_are_refused(self, authority: Authority, data: bytes) -> None:
        with pytest.raises(Unreadable):
            verify(data, authority.trust, at=NOW)


def pdf(sign_over: Callable[[bytes], bytes], before: bytes = b"", kind: str = "ETSI.CAdES.detached") -> bytes:
    """A revision of a PDF with a signature, as incremental updates write it."""
    head = before or b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    room = 12_000
    opened = head + f"9 0 obj\n<</Type/Sig/SubFilter/{kind}/Contents ".encode()
    # The numbers have a fixed width, so that the place of everything is known.
    ranges = "/ByteRange [0 {:010} {:010} {:010}]>>\nendobj\n%%EOF\n"
    behind = len(opened) + room
    tail = ranges.format(len(opened), behind, len(ranges.format(0, 0, 0))).encode()
    contents = sign_over(opened + tail).hex().encode()
    return opened + b"<" + contents.ljust(room - 2, b"0") + b">" + tail


class TestPades:
    def test_document_inside_a_signature_is_no_signed_pdf(self, authority: Authority, doctor: Issued) -> None:
        data = sign(pdf(lambda _: b""), doctor.key, doctor.certificate, at=NOW)
        assert verify(data, authority.trust, at=NOW).content.startswith(b"%PDF-")

    @pytest.mark.parametrize("scheme", SCHEMES)
    @pytest.mark.parametrize("kind", ["ETSI.CAdES.detached", "adbe.pkcs7.detached"])
    def test_signed_file_is_valid(self, scheme: str, kind: str) -> None:
        data = pdf(lambda covered: apart(covered, doctor_of(scheme)), kind=kind)
        found = verify(data, centre(scheme).trust, at=NOW)
        assert (found.content, found.signers[0].certificate) == (data, doctor_of(scheme).certificate)

    def test_of_two_signers_tells_both_in_order(self, authority: Authority, doctor: Issued) -> None:
        head = authority.issue(Subject("Українка", "Леся"), valid_from=NOW - YEAR, valid_to=NOW + YEAR)
        first = pdf(lambda covered: apart(covered, doctor))
        both = pdf(lambda covered: apart(covered, head), before=first)
        signers = verify(both, authority.trust, at=NOW).signers
        assert [signer.certificate for signer in signers] == [doctor.certificate, head.certificate]

    def test_any_byte_changed_outside_of_the_signature_is_refused(self, authority: Authority, doctor: Issued) -> None:
        data = pdf(lambda covered: apart(covered, doctor))
        begin, end = data.index(b"<30"), data.index(b">/ByteRange")
        for place in (*range(0, begin), *range(end + 1, len(data) - 1)):
            variant = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
            with pytest.raises(SignatureError):
                verify(variant, authority.trust, at=NOW)

    def test_what_was_added_behind_is_refused(self, authority: Authority, doctor: Issued) -> None:
        data = pdf(lambda covered: apart(covered, doctor))
        assert verify(data + b"\r\n", authority.trust, at=NOW).signers
        with pytest.raises(NotForSignature):
            verify(data + b"7 0 obj\n<</Type/Page>>\nendobj\n%%EOF\n", authority.trust, at=NOW)

    def test_gap_wider_than_the_signature_is_refused(self, authority: Authority, doctor: Issued) -> None:
        """Between the two parts stands what a reader shows and nobody signed."""
        data = pdf(lambda covered: apart(covered, doctor))
        hidden = data.replace(b"/Contents <", b"/Contents (x)<", 1)
        with pytest.raises(SignatureError):
            verify(hidden, authority.trust, at=NOW)

    def test_without_signatures_is_called_by_its_name(self, authority: Authority) -> None:
        with pytest.raises(NotASignature, match="PDF"):
            verify(b"%PDF-1.7\n%%EOF\n", authority.trust, at=NOW)

    def test_of_a_kind_of_before_is_unsupported(self, authority: Authority, doctor: Issued) -> None:
        with pytest.raises(Unsupported):
            verify(pdf(lambda covered: apart(covered, doctor), kind="adbe.pkcs7.sha1"), authority.trust, at=NOW)

    def test_timestamp_of_the_file_covers_what_was_added(self, authority: Authority, doctor: Issued) -> None:
        first = pdf(lambda covered: apart(covered, doctor)) + b"7 0 obj\n<</Type/DSS>>\nendobj\n"
        data = pdf(stamp(authority, NOW), before=first, kind="ETSI.RFC3161")
        assert len(verify(data, authority.trust, at=NOW).signers) == 1

    def test_numbers_of_any_size_are_refused_by_the_family(self, authority: Authority) -> None:
        for numbers in ("0 1 2 9999999999", "5 1 2 3", "0 0 0 0", "0 9999999999 1 1"):
            with pytest.raises(SignatureError):
                verify(
                    f"%PDF-1.7 /SubFilter/ETSI.CAdES.detached /ByteRange [{numbers}]".encode(), authority.trust, at=NOW
                )


def framed(mark: bytes, content: bytes) -> bytes:
    return mark + b"\0" + len(content).to_bytes(4, "little") + content


class TestWrappers:
    def test_are_taken_off(self, authority: Authority, doctor: Issued) -> None:
        signature = sign(b"text", doctor.key, doctor.certificate, at=NOW)
        bare = framed(b"UA1_SIGN", signature)
        for data in (bare, framed(b"TRANSPORTABLE", b"EDRPOU=1\r\n\0") + bare, b64encode(bare), bare + b"\0\0"):
            assert verify(data, authority.trust, at=NOW).content == b"text"
            assert unwrapped(data) == signature

    def test_around_other_things_say_so(self, authority: Authority) -> None:
        head = framed(b"TRANSPORTABLE", b"x")
        for part, kind in ((b"UA1_CRYPT", "encrypted message"), (b"CLEAR", "data without a signature")):
            for data in (head + framed(part, b"123"), framed(part, b"123")):
                with pytest.raises(NotASignature, match=kind):
                    verify(data, authority.trust, at=NOW)

    @pytest.mark.parametrize("size", [1, 100, 1 << 31])
    def test_cut_off_are_refused(self, authority: Authority, size: int) -> None:
        with pytest.raises(Unreadable):
            verify(b"UA1_SIGN\0" + size.to_bytes(4, "little"), authority.trust, at=NOW)

    def test_of_others_are_taken_off(self, vectors: Path) -> None:
        data = (vectors / "real/jkurwa/message.transport").read_bytes()
        assert examine(data, centre("ecdsa").trust, at=NOW).content == b"123"


class TestContainers:
    def test_of_every_file_are_given(self, authority: Authority, doctor: Issued) -> None:
        plain = sign(b"text", doctor.key, doctor.certificate, at=NOW)
        assert signatures_in(plain) == (plain,)
        assert len(signatures_in(archive(doctor))) == 1
        assert verify(b64encode(archive(doctor)), authority.trust, at=NOW).signers
        assert len(signatures_in(pdf(lambda covered: apart(covered, doctor)))) == 1

    def test_signature_of_more_than_one_file_is_no_signature_alone(self, doctor: Issued) -> None:
        for data in (archive(doctor), pdf(lambda covered: apart(covered, doctor))):
            with pytest.raises(NotASignature):
                unwrapped(data)
        assert pades.is_pdf(pdf(lambda covered: apart(covered, doctor)))
