"""The verifier asks the trust centre about revocation: what is accepted, noted and refused, and what is never asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from esoz.gateways.hosts import Hosts
from esoz.gateways.revocation import Revocation, RevocationStatus, State
from esoz.gateways.verifier import DECISIONS, Mode, TrustListVerifier, Verdict
from esoz.kernel.errors import Rejected
from esoz.kernel.settings import Settings
from esoz.kernel.work import NeedsExternal, SignedContent
from esoz.signature import NoTrustList, Subject, TrustList, sign, with_signature_timestamps
from esoz.trust_centre import Centre, Family, configuration

from ..signature.services import TimestampService
from .conftest import NOW, Operator, certificate, key_of

HOSTS = [("ca.test", 8450)]
Answer = Callable[[httpx.Request], Awaitable[httpx.Response] | httpx.Response]


@dataclass
class Road(httpx.AsyncBaseTransport):
    """The network between the verifier and the centre: counts what passes, and may be cut or bent by path."""

    inner: httpx.AsyncBaseTransport
    passed: list[str] = field(default_factory=list)
    bent: dict[str, Answer] = field(default_factory=dict)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.passed.append(request.url.path)
        for path, answer in self.bent.items():
            if request.url.path.startswith(path):
                made = answer(request)
                return await made if isinstance(made, Awaitable) else made
        return await self.inner.handle_async_request(request)


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("away")


def broken(request: httpx.Request) -> httpx.Response:
    return httpx.Response(500)


async def slow(request: httpx.Request) -> httpx.Response:
    await asyncio.sleep(30)
    raise AssertionError("the verifier waited")


@pytest.fixture
async def road(operator: Operator) -> AsyncIterator[Road]:
    yield Road(httpx.ASGITransport(operator.app))


def verifier(road: Road, trust: TrustList, mode: Mode = Mode.SOFT, **more: Any) -> TrustListVerifier:
    options = {"hosts": Hosts(HOSTS), "seconds": 3.0} | more
    return TrustListVerifier(trust, Revocation(trust, transport=road, **options), mode)


async def judged(verifier: TrustListVerifier, document: bytes, at: datetime = NOW) -> SignedContent:
    """The judgement as the request pipeline comes to it: asks outside, then begins anew."""
    try:
        return verifier(document, at=at)
    except NeedsExternal as need:
        await need.asking()
    return verifier(document, at=at)


def signed_by(data: dict[str, Any]) -> bytes:
    return sign(b"{}", key_of(data).key, certificate(data), at=NOW)


def check_of(content: SignedContent) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(content.check)["signers"][0]
    return found


def rule_of(refusal: pytest.ExceptionInfo[Rejected]) -> tuple[str, str]:
    return refusal.value.invalid[0].rule, refusal.value.invalid[0].description


class TestAsked:
    async def test_good_then_accepted_and_the_proof_is_kept(
        self, operator: Operator, road: Road, trust: TrustList, family: str
    ) -> None:
        content = await judged(verifier(road, trust, Mode.HARD), signed_by(await operator.issue(family)))
        found = check_of(content)
        assert found["is_revocation_proven"] is True
        assert (found["revocation"]["method"], found["revocation"]["state"]) == ("ocsp", "good")
        assert len(found["revocation"]["evidence"]) > 500
        assert road.passed == ["/services/ocsp/"]

    async def test_revoked_then_refused_in_ukrainian(self, operator: Operator, road: Road, trust: TrustList) -> None:
        data = await operator.issue()
        await operator.revoke(data["id"])
        with pytest.raises(Rejected) as refusal:
            await judged(verifier(road, trust), signed_by(data))
        assert rule_of(refusal) == (
            "revoked",
            "Сертифікат скасовано або заблоковано. Зверніться до надавача, який його видав.",
        )

    async def test_suspended_then_refused_until_restored(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        data = await operator.issue("dstu-gost")
        await operator.revoke(data["id"], "certificate_hold")
        asking = verifier(road, trust)
        with pytest.raises(Rejected):
            await judged(asking, signed_by(data))
        await operator.post(f"/api/certificates/{data['id']}/actions/restore", {})
        later = NOW + timedelta(seconds=61)
        operator.app.clock.forward(timedelta(seconds=61))
        assert check_of(await judged(asking, signed_by(data), later))["is_revocation_proven"] is True

    async def test_asked_once_as_long_as_the_answer_stands(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        asking, document = verifier(road, trust), signed_by(await operator.issue())
        await judged(asking, document)
        asking(document, at=NOW + timedelta(seconds=60))
        assert len(road.passed) == 1
        with pytest.raises(NeedsExternal):
            asking(document, at=NOW + timedelta(seconds=61))

    async def test_revoked_while_an_answer_stands_then_refused_when_it_ends(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        data = await operator.issue()
        asking, document = verifier(road, trust), signed_by(data)
        await judged(asking, document)
        operator.app.clock.forward(timedelta(seconds=61))
        await operator.revoke(data["id"])
        with pytest.raises(Rejected):
            await judged(asking, document, NOW + timedelta(seconds=62))

    async def test_many_askers_at_once_then_one_question(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        asking, document = verifier(road, trust), signed_by(await operator.issue())
        await asyncio.gather(*(judged(asking, document) for _ in range(8)))
        assert road.passed == ["/services/ocsp/"]

    async def test_wrong_signature_then_nobody_is_asked(self, operator: Operator, road: Road, trust: TrustList) -> None:
        document = signed_by(await operator.issue())
        with pytest.raises(Rejected):
            verifier(road, trust)(document[:-1] + bytes((document[-1] ^ 1,)), at=NOW)
        assert road.passed == []

    async def test_off_then_nobody_is_asked(self, operator: Operator, road: Road, trust: TrustList) -> None:
        content = verifier(road, trust, Mode.OFF)(signed_by(await operator.issue()), at=NOW)
        assert (content.check, road.passed) == (b"", [])

    async def test_expired_then_refused_in_ukrainian(self, operator: Operator, road: Road, trust: TrustList) -> None:
        data = await operator.issue(valid_from="2026-01-01T00:00:00Z", valid_to="2026-02-01T00:00:00Z")
        with pytest.raises(Rejected) as refusal:
            await judged(verifier(road, trust), signed_by(data))
        assert rule_of(refusal)[0] == "expired" and "закінчився" in rule_of(refusal)[1]


class TestTimestamped:
    """A signature that a timestamp proves to be older than the revocation."""

    @pytest.mark.parametrize(("reason", "accepted"), [("superseded", True), ("key_compromise", False)])
    async def test_revoked_afterwards_then_the_reason_decides(
        self, operator: Operator, road: Road, trust: TrustList, centre: Centre, reason: str, accepted: bool
    ) -> None:
        data = await operator.issue("dstu-kupyna")
        house = next(each for each in centre.houses.values() if each.family == "dstu-kupyna")
        service = TimestampService(house.authority, house.tsp)
        document = with_signature_timestamps(signed_by(data), lambda signature: service.stamp(signature, at=NOW))
        operator.app.clock.forward(timedelta(hours=1))
        await operator.revoke(data["id"], reason)
        later = NOW + timedelta(hours=1)
        if accepted:
            found = check_of(await judged(verifier(road, trust, Mode.HARD), document, later))
            assert (found["revocation"]["state"], found["judged_at"]) == ("revoked", "2026-11-22T10:00:00Z")
        else:
            with pytest.raises(Rejected):
                await judged(verifier(road, trust), document, later)


class TestFallback:
    @pytest.mark.parametrize("fault", [away, broken])
    async def test_ocsp_away_then_the_lists_say(
        self, operator: Operator, road: Road, trust: TrustList, family: str, fault: Answer
    ) -> None:
        road.bent["/services/ocsp/"] = fault
        good, bad = await operator.issue(family), await operator.issue(family)
        await operator.revoke(bad["id"])
        asking = verifier(road, trust, Mode.HARD)
        found = check_of(await judged(asking, signed_by(good)))
        assert (found["revocation"]["method"], found["is_revocation_proven"]) == ("crl", True)
        with pytest.raises(Rejected) as refusal:
            await judged(asking, signed_by(bad))
        assert rule_of(refusal)[0] == "revoked"
        assert road.passed.count(f"/crl/{family}.crl") == 1

    async def test_only_the_delta_knows_then_refused(self, operator: Operator, road: Road, trust: TrustList) -> None:
        """The complete list that the verifier gets is one from before the revocation."""
        data = await operator.issue()
        old = (await operator.http.get("/crl/ecdsa.crl")).content
        await operator.revoke(data["id"])
        road.bent = {"/services/ocsp/": away, "/crl/ecdsa.crl": lambda _: httpx.Response(200, content=old)}
        with pytest.raises(Rejected):
            await judged(verifier(road, trust), signed_by(data))

    async def test_forged_or_stale_ocsp_answer_then_not_believed(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        data = await operator.issue()
        real = verifier(road, trust)
        await judged(real, signed_by(data))
        evidence: list[bytes] = []

        async def kept(request: httpx.Request) -> httpx.Response:
            answer = await road.inner.handle_async_request(request)
            evidence.append(await answer.aread())
            return httpx.Response(200, content=evidence[0])

        road.bent["/services/ocsp/"] = kept
        await judged(verifier(road, trust), signed_by(data))
        await operator.revoke(data["id"])
        forged = evidence[0][:-1] + bytes((evidence[0][-1] ^ 1,))
        for content, at in ((evidence[0], NOW + timedelta(hours=1)), (forged, NOW)):
            road.bent = {
                "/services/ocsp/": lambda _, content=content: httpx.Response(200, content=content),
                "/crl/": away,
            }
            found = check_of(await judged(verifier(road, trust), signed_by(data), at))
            assert found["revocation"]["state"] == "unreachable"

    async def test_answer_too_large_then_not_read(self, operator: Operator, road: Road, trust: TrustList) -> None:
        road.bent = {"/services/ocsp/": lambda _: httpx.Response(200, content=bytes(70_000)), "/crl/": away}
        found = check_of(await judged(verifier(road, trust), signed_by(await operator.issue())))
        assert found["is_revocation_proven"] is False

    async def test_redirect_then_not_followed(self, operator: Operator, road: Road, trust: TrustList) -> None:
        def elsewhere(request: httpx.Request) -> httpx.Response:
            return httpx.Response(302, headers={"Location": "http://169.254.169.254/"})

        road.bent = {"/services/ocsp/": elsewhere, "/crl/": elsewhere}
        await judged(verifier(road, trust), signed_by(await operator.issue()))
        assert all(path.startswith(("/services/ocsp/", "/crl/")) for path in road.passed)


class TestUnproven:
    async def test_soft_then_accepted_and_noted(self, operator: Operator, road: Road, trust: TrustList) -> None:
        road.bent = {"/": away}
        found = check_of(await judged(verifier(road, trust), signed_by(await operator.issue())))
        assert (found["is_revocation_proven"], found["revocation"]["state"]) == (False, "unreachable")

    async def test_hard_then_refused_and_asked_again_soon(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        road.bent = {"/": away}
        asking, document = verifier(road, trust, Mode.HARD), signed_by(await operator.issue())
        with pytest.raises(Rejected) as refusal:
            await judged(asking, document)
        assert rule_of(refusal)[0] == "revocation_not_proven"
        assert rule_of(refusal)[1].startswith("Сертифікат не вдалося перевірити")
        road.bent = {}
        assert await judged(asking, document, NOW + timedelta(seconds=16))

    async def test_certificate_without_addresses_then_nothing_to_ask(self, road: Road, centre: Centre) -> None:
        authority = centre.houses[Family.ECDSA].authority
        issued = authority.issue(Subject("А", "Б", "2222222222"), valid_from=NOW, valid_to=NOW + timedelta(days=1))
        document = sign(b"{}", issued.key, issued.certificate, at=NOW)
        found = check_of(verifier(road, authority.trust)(document, at=NOW))
        assert (found["is_revocation_proven"], road.passed) == (False, [])

    # SG-10
    async def test_slow_provider_then_bounded(self, operator: Operator, road: Road, trust: TrustList) -> None:
        road.bent = {"/": slow}
        async with asyncio.timeout(3):
            found = check_of(await judged(verifier(road, trust, seconds=0.3), signed_by(await operator.issue())))
        assert found["revocation"]["state"] == "unreachable"

    async def test_host_that_is_not_listed_then_never_asked(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        for hosts in ([], [("ca.test", 80)], [("other.test", 8450)]):
            asking = verifier(road, trust, hosts=Hosts(hosts))
            assert check_of(await judged(asking, signed_by(await operator.issue())))["is_revocation_proven"] is False
        assert road.passed == []

    async def test_dead_address_then_left_alone_for_a_while(
        self, operator: Operator, road: Road, trust: TrustList
    ) -> None:
        road.bent, moment = {"/": away}, [1000.0]
        asking = verifier(road, trust, monotonic=lambda: moment[0])
        documents = [signed_by(await operator.issue()) for _ in range(4)]
        for document in documents[:3]:
            await judged(asking, document)
        assert len(road.passed) == 6
        await judged(asking, documents[3])
        assert len(road.passed) == 6
        moment[0] += 31
        road.bent = {}
        later = NOW + timedelta(seconds=20)
        assert check_of(await judged(asking, documents[3], later))["is_revocation_proven"] is True


class TestDecisions:
    def test_table_is_whole_and_never_accepts_what_is_revoked(self) -> None:
        assert set(DECISIONS) == {(state, mode) for state in State for mode in (Mode.SOFT, Mode.HARD)}
        assert all(DECISIONS[State.GOOD, mode] is Verdict.ACCEPT for mode in (Mode.SOFT, Mode.HARD))
        assert all(DECISIONS[State.REVOKED, mode] is Verdict.REVOKED for mode in (Mode.SOFT, Mode.HARD))
        assert {DECISIONS[state, Mode.HARD] for state in (State.UNKNOWN, State.UNREACHABLE)} == {Verdict.REFUSE}
        assert {DECISIONS[state, Mode.SOFT] for state in (State.UNKNOWN, State.UNREACHABLE)} == {Verdict.NOTE}

    @pytest.mark.parametrize(
        ("since", "reason", "against"),
        [(-1, 4, True), (0, 4, True), (1, 4, False), (1, 1, True), (1, None, True), (3, 1, False)],
    )
    def test_revocation_counts_by_its_moment_and_reason(self, since: int, reason: int | None, against: bool) -> None:
        hour = timedelta(hours=1)
        status = RevocationStatus(state=State.REVOKED, asked_at=NOW, until=NOW, since=NOW + since * hour, reason=reason)
        assert status.is_against(NOW, NOW + 2 * hour) is against


class TestHosts:
    @pytest.mark.parametrize(
        ("url", "allowed"),
        [
            ("http://ca.test:8450/services/ocsp/", True),
            ("http://CA.test:8450/x", True),
            ("http://ca.test/services/ocsp/", False),
            ("https://more.test/ocsp", True),
            ("http://more.test/ocsp", False),
            ("ftp://ca.test:8450/", False),
            ("http://ca.test:8450@evil.test/", False),
            ("http://user@ca.test:8450/", False),
            ("http://ca.test:99999/", False),
            ("http://[::1/", False),
            ("", False),
        ],
    )
    def test_only_listed_hosts_and_ports(self, centre: Centre, tmp_path: Path, url: str, allowed: bool) -> None:
        (tmp_path / "CAs.json").write_bytes(configuration(centre))
        assert Hosts.of(tmp_path, "more.test:443").allow(url) is allowed

    def test_configuration_of_real_programs_is_read(self, tmp_path: Path) -> None:
        row = {
            "issuerCNs": ["КНЕДП"],
            "address": "ca.example.ua",
            "ocspAccessPointAddress": "ca.example.ua/ocsp/",
            "ocspAccessPointPort": "8080",
            "cmpAddress": "",
            "tspAddress": "http://tsp.example.ua/",
        }
        (tmp_path / "CAs.json").write_text(json.dumps([row]))
        hosts = Hosts.of(tmp_path, "")
        assert hosts.allow("http://ca.example.ua/crl") and hosts.allow("http://ca.example.ua:8080/ocsp/")
        assert hosts.allow("http://tsp.example.ua/x") and not hosts.allow("http://example.ua/")

    @pytest.mark.parametrize("text", ["{}", "[1]", "nonsense", '[{"address": "a", "ocspAccessPointAddress": "b:c"}]'])
    def test_unreadable_configuration_then_the_process_does_not_start(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "CAs.json").write_text(text)
        with pytest.raises(ValueError, match=r"CAs\.json|Port"):
            Hosts.of(tmp_path, "")


class TestSettings:
    def test_verifier_of_the_settings(self, centre: Centre, tmp_path: Path) -> None:
        (tmp_path / "root.cer").write_bytes(centre.certificates[0].der)
        assert TrustListVerifier.of(Settings({"ESOZ_TRUST": str(tmp_path)}))
        with pytest.raises(ValueError, match="sometimes"):
            TrustListVerifier.of(Settings({"ESOZ_TRUST": str(tmp_path), "ESOZ_REVOCATION": "sometimes"}))

    def test_verifier_of_an_empty_folder_then_nobody_is_trusted(self, tmp_path: Path) -> None:
        verifier = TrustListVerifier.of(Settings({"ESOZ_TRUST": str(tmp_path)}))
        assert verifier._trust.certificates == ()

    @pytest.mark.parametrize("name", ["", "readme.txt"])
    def test_verifier_of_a_folder_that_is_missing_or_of_other_things_then_told(self, tmp_path: Path, name: str) -> None:
        folder = tmp_path / "trust"
        if name:
            folder.mkdir()
            (folder / name).write_text("no certificate")
        with pytest.raises(NoTrustList):
            TrustListVerifier.of(Settings({"ESOZ_TRUST": str(folder)}))
