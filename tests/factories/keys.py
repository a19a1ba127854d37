"""Keys (КЕП) of every kind that people come with, made by a test authority that also answers OCSP questions."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from esoz.gateways.hosts import Hosts
from esoz.gateways.revocation import Revocation as Revocations
from esoz.gateways.verifier import Mode, TrustListVerifier
from esoz.signature import Authority, Issued, KeyUsage, Revocation, Subject, TrustList, der_writer, oids
from esoz.signature.authority import Profile, extension, service_name

from ..signature.services import OcspService

OCSP = "http://ocsp.test/ask"
DAY = timedelta(days=1)
# The address of the OCSP service in a certificate: AuthorityInfoAccess with one description.
_ADDRESS = extension(
    oids.AUTHORITY_INFORMATION_ACCESS,
    der_writer.sequence(
        der_writer.sequence(der_writer.oid(oids.ACCESS_OCSP), der_writer.implicit(6, OCSP.encode())),
    ),
)


@dataclass
class Keys:
    """An authority with its OCSP service; `revoked` may grow, `is_away` cuts the service off."""

    authority: Authority
    now: datetime
    revoked: dict[int, Revocation] = field(default_factory=dict)
    is_away: bool = False
    questions: int = 0

    def __post_init__(self) -> None:
        # Not before the authority itself, and as long ago as the oldest key of the tests.
        self._ocsp = OcspService.create(self.authority, at=self.now - 400 * DAY)

    def person(self, drfo: str = "1234567890", *, begins: int = -100, ends: int = 265, **more: str) -> Issued:
        """A person's key, good from day `begins` until day `ends` counted from now."""
        names = {"surname": "Лисенко", "given_name": "Марко Вигаданий"} | more
        return self._issue(Subject(drfo=drfo or None, **names), begins, ends)

    def seal(self) -> Issued:
        return self._issue(Subject(organization="Клініка «Зразок»", edrpou="00000002", is_seal=True), -100, 265)

    def for_encryption(self) -> Issued:
        """A certificate whose key may only agree on keys of encryption."""
        profile = Profile(frozenset({KeyUsage.KEY_AGREEMENT}), is_qualified=True)
        name = service_name("Клініка «Зразок»", "Лисенко Марко Вигаданий")
        return self.authority.certify(name, profile, validity=(self.now - 100 * DAY, self.now + 265 * DAY))

    def revoke(self, issued: Issued) -> Issued:
        self.revoked[issued.certificate.serial_number] = Revocation(self.now - DAY, None)
        return issued

    def verifier(self, *, asks: bool = True, takes_test_keys: bool = True, mode: Mode = Mode.SOFT) -> TrustListVerifier:
        """Trusts the authority; `asks` its OCSP service."""
        trust = TrustList(self.authority.certificates)
        transport = httpx.MockTransport(self._answer)
        revocations = Revocations(trust, Hosts([("ocsp.test", 80)]), seconds=3.0, transport=transport)
        return TrustListVerifier(trust, revocations if asks else None, mode, takes_test_keys=takes_test_keys)

    def _issue(self, subject: Subject, begins: int, ends: int) -> Issued:
        return self.authority.issue(
            subject, valid_from=self.now + begins * DAY, valid_to=self.now + ends * DAY, further=(_ADDRESS,)
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.questions += 1
        if self.is_away:
            raise httpx.ConnectError("away")
        return httpx.Response(200, content=self._ocsp.answer(request.content, self.revoked, at=self.now))
