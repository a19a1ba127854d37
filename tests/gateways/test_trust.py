"""The folder of trusted authorities while we run: a new authority, a broken file, and who is told what is missing."""

import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esoz.gateways.trust import LOOK_SECONDS, TrustFolder
from esoz.gateways.unknown_authorities import AGAIN_SECONDS, UnknownAuthorities
from esoz.gateways.verifier import TrustListVerifier
from esoz.kernel.errors import Rejected
from esoz.signature import Authority, Issued, Subject, sign

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


class Seconds:
    """A monotonic clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def made(name: str, seed: int) -> Authority:
    return Authority.create(name, scheme="dstu-gost", random=random.Random(seed).randbytes, at=NOW.replace(year=2025))


def person(of: Authority) -> Issued:
    return of.issue(Subject("Лисенко", "Марко", drfo="1"), valid_from=NOW, valid_to=NOW + timedelta(days=9))


@pytest.fixture(scope="module")
def before() -> Authority:
    return made("КНЕДП «Нічний»", 1)


@pytest.fixture(scope="module")
def renewed() -> Authority:
    """Of the same name, with another key."""
    return made("КНЕДП «Нічний»", 2)


def put(folder: Path, name: str, of: Authority) -> None:
    for number, certificate in enumerate(of.certificates):
        (folder / f"{name}-{number}.cer").write_bytes(certificate.der)


def signed(issued: Issued) -> bytes:
    return sign(b"{}", issued.key, issued.certificate, at=NOW)


def test_a_new_authority_is_added_then_its_people_sign_without_a_restart(
    tmp_path: Path, before: Authority, renewed: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "before", before)
    seconds = Seconds()
    verifier, document = TrustListVerifier(TrustFolder(tmp_path, monotonic=seconds)), signed(person(renewed))
    with caplog.at_level("CRITICAL", logger="esoz"), pytest.raises(Rejected) as caught:
        verifier(document, at=NOW)
    assert caught.value.invalid[0].rule == "untrusted"
    assert "інший ключ не потрібен" in caught.value.invalid[0].description
    [told] = [record.__dict__["facts"] for record in caplog.records]
    assert told["authority"] == "КНЕДП «Нічний»"
    put(tmp_path, "renewed", renewed)
    seconds.now += LOOK_SECONDS
    assert verifier(document, at=NOW).content == b"{}"
    assert verifier(signed(person(before)), at=NOW).content == b"{}"


def test_a_broken_file_then_an_alarm_and_the_list_of_before_stands(
    tmp_path: Path, before: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "before", before)
    seconds = Seconds()
    verifier, document = TrustListVerifier(TrustFolder(tmp_path, monotonic=seconds)), signed(person(before))
    (tmp_path / "broken.cer").write_bytes(b"half a certif")
    with caplog.at_level("CRITICAL", logger="esoz"):
        for _ in range(3):
            seconds.now += LOOK_SECONDS
            assert verifier(document, at=NOW).content == b"{}"
    assert len(caplog.records) == 1


def test_the_list_of_hosts_is_read_anew_too(tmp_path: Path, before: Authority) -> None:
    put(tmp_path, "before", before)
    seconds = Seconds()
    folder = TrustFolder(tmp_path, monotonic=seconds)
    assert not folder.hosts.allow("http://new.test/ocsp")
    (tmp_path / "CAs.json").write_text('[{"address": "new.test"}]')
    seconds.now += LOOK_SECONDS
    assert folder.hosts.allow("http://new.test/ocsp")


def test_a_file_of_the_same_size_is_noticed(tmp_path: Path, before: Authority) -> None:
    put(tmp_path, "before", before)
    seconds = Seconds()
    folder = TrustFolder(tmp_path, monotonic=seconds)
    first = folder.trust
    os.utime(next(tmp_path.iterdir()), ns=(1, 1))
    seconds.now += LOOK_SECONDS
    assert folder.trust is not first


def test_an_unknown_authority_is_told_once_an_hour(renewed: Authority, caplog: pytest.LogCaptureFixture) -> None:
    seconds = Seconds()
    unknown, certificate = UnknownAuthorities(seconds), person(renewed).certificate
    with caplog.at_level("CRITICAL", logger="esoz"):
        for _ in range(5):
            unknown.note(certificate)
        assert len(caplog.records) == 1
        seconds.now += AGAIN_SECONDS
        unknown.note(certificate)
        root = next(each for each in renewed.certificates if each.issuer.attributes == each.subject.attributes)
        unknown.note(root)  # issued by itself: nobody to add
    assert len(caplog.records) == 2
