"""The library as somebody else's program calls it: any kind of bytes, no foreign exceptions, processes of a pool."""

import pickle
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pytest

import esoz.signature as library
from esoz.signature import (
    Certificate,
    Expired,
    Level,
    NoTrustList,
    OcspAnswer,
    RevocationList,
    SignatureError,
    TrustList,
    Unreadable,
    WrongArgument,
    add_signature,
    attach,
    countersign,
    examine,
    is_detached,
    open_key_file,
    open_signature,
    sign,
    sign_digest,
    unwrapped,
    verify,
    with_archive_timestamps,
    with_signature_timestamps,
    with_validation_values,
    write_jks,
    write_pkcs8,
    write_pkcs12,
)

from .centre import NOW, centre, doctor_of
from .test_augmenting import asking
from .test_unsigned import container

CONTENT = b"content"


def key_file() -> bytes:
    doctor = doctor_of("ecdsa")
    return write_pkcs12(doctor.key, doctor.chain, "пароль")


def signer() -> tuple[object, Certificate]:
    doctor = doctor_of("ecdsa")
    return doctor.key, doctor.certificate


TRUST = centre("ecdsa").trust
TAKING_BYTES: dict[str, Callable[[object], object]] = {
    "verify": lambda data: verify(data, TRUST, at=NOW),
    "examine": lambda data: examine(data, TRUST, at=NOW),
    "verify content": lambda data: verify(container(Level.BES), TRUST, at=NOW, content=data),
    "open_signature": open_signature,
    "unwrapped": unwrapped,
    "is_detached": is_detached,
    "attach": lambda data: attach(data, CONTENT),
    "attach content": lambda data: attach(container(Level.BES), data),
    "sign": lambda data: sign(data, *signer(), at=NOW),
    "sign_digest": lambda data: sign_digest(data, *signer(), at=NOW),
    "add_signature": lambda data: add_signature(data, *signer(), at=NOW),
    "countersign": lambda data: countersign(data, *signer(), at=NOW),
    "with_signature_timestamps": lambda data: with_signature_timestamps(data, lambda _: b""),
    "with_validation_values": lambda data: with_validation_values(data, TRUST, asking(centre("ecdsa"))),
    "with_archive_timestamps": lambda data: with_archive_timestamps(data, CONTENT, lambda _: b"", "1.2.3"),
    "open_key_file": lambda data: open_key_file(data, "пароль"),
    "Certificate": Certificate.parse,
    "RevocationList": RevocationList.parse,
    "OcspAnswer": OcspAnswer.parse,
}
TAKING_PASSWORDS: dict[str, Callable[[object], object]] = {
    "open_key_file": lambda password: open_key_file(key_file(), password),
    "open_key_file key": lambda password: open_key_file(key_file(), "пароль", password),
    "write_pkcs12": lambda password: write_pkcs12(doctor_of("ecdsa").key, doctor_of("ecdsa").chain, password),
    "write_jks": lambda password: write_jks(doctor_of("ecdsa").key, doctor_of("ecdsa").chain, password),
    "write_pkcs8": lambda password: write_pkcs8(doctor_of("ecdsa").key, password),
}
TAKING_MOMENTS: dict[str, Callable[[object], object]] = {
    "verify": lambda at: verify(container(Level.BES), TRUST, at=at),
    "examine": lambda at: examine(container(Level.BES), TRUST, at=at),
    "sign": lambda at: sign(CONTENT, *signer(), at=at),
    "sign_digest": lambda at: sign_digest(bytes(32), *signer(), at=at),
    "add_signature": lambda at: add_signature(container(Level.BES), *signer(), at=at),
    "countersign": lambda at: countersign(container(Level.BES), *signer(), at=at),
}


class TestArguments:
    @pytest.mark.parametrize("name", TAKING_BYTES)
    @pytest.mark.parametrize("value", ["текст", 5, [1], object()], ids=["text", "number", "list", "thing"])
    def test_what_is_no_bytes_is_refused_by_the_family(self, name: str, value: object) -> None:
        with pytest.raises(WrongArgument) as refusal:
            TAKING_BYTES[name](value)
        assert isinstance(refusal.value, SignatureError | TypeError)

    @pytest.mark.parametrize("name", TAKING_BYTES)
    def test_nothing_is_refused_by_the_family(self, name: str) -> None:
        if name != "verify content":
            with pytest.raises(SignatureError):
                TAKING_BYTES[name](None)

    @pytest.mark.parametrize("kind", [bytearray, memoryview])
    @pytest.mark.parametrize("name", TAKING_BYTES)
    def test_bytes_of_any_kind_are_as_good(self, name: str, kind: Callable[[bytes], object]) -> None:
        honest = {
            "open_key_file": key_file(),
            "Certificate": doctor_of("ecdsa").certificate.der,
            "sign_digest": bytes(32),
        }
        data = honest.get(name, CONTENT if "content" in name or name == "sign" else container(Level.BES))

        def outcome(value: object) -> object:
            try:
                return type(TAKING_BYTES[name](value))
            except SignatureError as fault:
                return type(fault)

        assert outcome(kind(data)) == outcome(data)

    @pytest.mark.parametrize("name", TAKING_PASSWORDS)
    def test_password_in_bytes_is_refused_by_the_family(self, name: str) -> None:
        with pytest.raises(WrongArgument):
            TAKING_PASSWORDS[name](b"password")

    @pytest.mark.parametrize("name", TAKING_MOMENTS)
    @pytest.mark.parametrize("at", [datetime(2026, 1, 1), "2026-01-01", None, 5])  # noqa: DTZ001  that is the case
    def test_moment_without_a_zone_is_refused_by_the_family(self, name: str, at: object) -> None:
        with pytest.raises(WrongArgument, match="at"):
            TAKING_MOMENTS[name](at)


class TestTrustList:
    def test_folder_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NoTrustList):
            TrustList.from_folder(tmp_path / "nowhere")

    def test_folder_without_certificates_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "readme.txt").write_text("nothing")
        with pytest.raises(NoTrustList):
            TrustList.from_folder(tmp_path)

    @pytest.mark.parametrize("path", [None, 5.5, object()])
    def test_path_that_is_none_is_refused(self, path: object) -> None:
        with pytest.raises(WrongArgument):
            TrustList.from_folder(path)

    def test_of_nothing_may_be_made_on_purpose(self) -> None:
        assert TrustList([]).certificates == ()


class TestFormsOfFiles:
    def test_base64_and_mail_are_verified_as_they_are(self, tmp_path: Path) -> None:
        plain = b64encode(container(Level.BES))
        mail = b"Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n" + plain
        for data in (plain, plain + b"\n", mail, container(Level.BES) + b"\0\0\n"):
            assert verify(data, TRUST, at=NOW).content == CONTENT


class TestPools:
    @pytest.mark.parametrize("method", ["fork", "spawn"])
    def test_verify_in_other_processes(self, method: str) -> None:
        judge = partial(verify, trust=TRUST, at=NOW)
        with ProcessPoolExecutor(2, mp_context=get_context(method)) as pool:
            (found,) = pool.map(judge, [container(Level.T)])
        assert found.signers[0].certificate == doctor_of("ecdsa").certificate

    def test_report_and_its_refusals_travel(self) -> None:
        report = examine(container(Level.XL), TRUST, at=NOW)
        assert pickle.loads(pickle.dumps(report)) == report
        (fault,) = examine(container(Level.BES), TRUST, at=datetime(2060, 1, 1, tzinfo=UTC)).findings[0].reasons
        copy = pickle.loads(pickle.dumps(fault))
        assert (type(copy), copy.detail, copy.message) == (Expired, fault.detail, fault.message)

    def test_every_error_travels(self) -> None:
        found = [SignatureError]
        for kind in found:
            found += kind.__subclasses__()
            for detail in ("", "detail"):
                copy = pickle.loads(pickle.dumps(kind(detail)))
                assert (type(copy), copy.detail) == (kind, detail)
        assert Unreadable in found


def test_everything_of_the_front_says_what_it_is_for() -> None:
    missing = [name for name in library.__all__ if name != "accelerated" and not getattr(library, name).__doc__]
    assert missing == []
