"""Asking trust centres for the certificates of keys: by address and by the protocol of IIT."""

import random
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from esoz.gateways.certificates import Certificates, of_settings
from esoz.kernel.settings import Settings
from esoz.signature import Authority, Issued, Subject, der_writer, oids
from esoz.signature.signing import signed_data
from esoz.signature.trust import read_certificates

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def people() -> tuple[Issued, Issued]:
    authority = Authority.create("Центр", scheme="dstu-gost", random=random.Random(5).randbytes, at=NOW)
    given = [Subject("Лисенко", name, drfo=f"000000000{number}") for number, name in enumerate(("Марко", "Яна"))]
    first, second = (authority.issue(each, valid_from=NOW, valid_to=NOW + timedelta(days=9)) for each in given)
    return first, second


def key_of(person: Issued) -> bytes:
    return person.certificate.key_identifier or b""


def bundle(*people: Issued) -> bytes:
    return signed_data(oids.DATA, None, [each.certificate for each in people], [], oids.SHA256)


def wrapped(number: int, rest: bytes) -> bytes:
    body = (13).to_bytes(4, "little") + number.to_bytes(4, "little") + rest
    inner = der_writer.explicit(0, der_writer.octet_string(body))
    return der_writer.sequence(der_writer.oid(oids.DATA), inner)


def directory(answer: httpx.Response, *addresses: str, seen: list[httpx.Request] | None = None) -> Certificates:
    def respond(request: httpx.Request) -> httpx.Response:
        if seen is not None:
            seen.append(request)
        return answer

    return Certificates(addresses or ("https://tc.test/{key}.cer",), httpx.MockTransport(respond))


class TestFind:
    async def test_by_address_then_the_certificate_of_the_key(self, people: tuple[Issued, Issued]) -> None:
        seen: list[httpx.Request] = []
        answer = httpx.Response(200, content=people[0].certificate.der)
        found = await directory(answer, seen=seen).find([key_of(people[0])])
        assert [each.der for each in read_certificates(found)] == [people[0].certificate.der]
        assert seen[0].url.path == f"/{key_of(people[0]).hex()}.cer"

    async def test_by_the_protocol_of_iit_then_both_keys_are_asked_at_once(self, people: tuple[Issued, Issued]) -> None:
        seen: list[httpx.Request] = []
        answer = httpx.Response(200, content=wrapped(1, bundle(*people)))
        keys = [key_of(each) for each in people]
        found = await directory(answer, "cmp+https://iit.test/cmp", seen=seen).find(keys)
        blocks = [block + b"-----END CERTIFICATE-----" for block in found.split(b"-----END CERTIFICATE-----")[:-1]]
        certificates = {each.der for block in blocks for each in read_certificates(block)}
        assert certificates == {each.certificate.der for each in people}
        assert (seen[0].method, str(seen[0].url)) == ("POST", "https://iit.test/cmp")
        assert all(key in seen[0].content for key in keys)

    async def test_with_somebody_elses_certificate_then_not_passed_on(self, people: tuple[Issued, Issued]) -> None:
        answer = httpx.Response(200, content=people[1].certificate.der)
        assert await directory(answer).find([key_of(people[0])]) == b""

    @pytest.mark.parametrize(
        "answer",
        [httpx.Response(404), httpx.Response(200, content=b"<html>"), httpx.Response(200, content=wrapped(0, b""))],
        ids=["nothing", "rubbish", "not found"],
    )
    @pytest.mark.parametrize("address", ["https://tc.test/{key}.cer", "cmp+https://iit.test/cmp"])
    async def test_when_a_centre_does_not_know_then_empty(
        self, people: tuple[Issued, Issued], answer: httpx.Response, address: str
    ) -> None:
        assert await directory(answer, address).find([key_of(people[0])]) == b""

    async def test_when_the_first_is_away_then_the_second_is_asked(self, people: tuple[Issued, Issued]) -> None:
        def respond(request: httpx.Request) -> httpx.Response:
            if request.url.host == "away.test":
                raise httpx.ConnectError("away")
            return httpx.Response(200, content=people[0].certificate.der)

        asking = Certificates(("https://away.test/{key}", "https://tc.test/{key}"), httpx.MockTransport(respond))
        assert b"BEGIN CERTIFICATE" in await asking.find([key_of(people[0])])


class TestKnown:
    async def test_asked_for_then_remembered_for_a_while(self, people: tuple[Issued, Issued]) -> None:
        seen: list[httpx.Request] = []
        moment = 0.0

        def respond(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, content=people[0].certificate.der)

        asking = Certificates(("https://tc.test/{key}",), httpx.MockTransport(respond), lambda: moment)
        keys = [key_of(people[0])]
        assert asking.known(keys) is None
        await asking.ask(keys)
        moment = 599.0
        assert b"BEGIN CERTIFICATE" in (asking.known(keys) or b"")
        moment = 600.0
        assert asking.known(keys) is None
        assert len(seen) == 1

    async def test_nobody_knows_then_that_is_remembered_shortly(self, people: tuple[Issued, Issued]) -> None:
        moment = 0.0
        asking = Certificates(
            ("https://tc.test/{key}",), httpx.MockTransport(lambda _: httpx.Response(404)), lambda: moment
        )
        keys = [key_of(people[0])]
        await asking.ask(keys)
        moment = 14.0
        assert asking.known(keys) == b""
        moment = 15.0
        assert asking.known(keys) is None


class TestSettings:
    def test_without_addresses_then_none(self) -> None:
        assert of_settings(Settings({})) is None

    def test_in_the_sandbox_then_the_test_trust_centre(self) -> None:
        assert of_settings(Settings({"ESOZ_SANDBOX": "1"})) is not None
