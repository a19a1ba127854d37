"""What services and lists say about certificates, for `sign --level XL`."""

from collections.abc import Callable, Iterable, Iterator

from .. import oids
from ..certificate import Certificate
from ..errors import SignatureError
from ..evidence import Statement
from ..requests import ask_status
from ..revocation import RevocationList
from . import network


class Statuses:
    """Asks the OCSP service and, where it does not answer or cannot tell, takes the revocation list.

    Certificates of authorities and of timestamp services often name neither: then the addresses in another certificate
    of the same issuer serve.
    """

    def __init__(self, ocsp: str | None, crl: str | None, known: Iterable[Certificate]) -> None:
        self._ocsp, self._crl, self._known = ocsp, crl, tuple(known)
        self._lists: dict[str, RevocationList] = {}

    def find(self, certificate: Certificate, issuer: Certificate) -> Statement:
        """A statement about the certificate; what is wrong with the last service asked when none gives one."""
        fault: SignatureError = network.NoAddress("neither OCSP nor a revocation list")
        for url, ask in self._ways(certificate):
            try:
                return ask(url, certificate, issuer)
            except SignatureError as error:
                error.add_note(url)
                fault = error
        raise fault

    def _ways(
        self, certificate: Certificate
    ) -> Iterator[tuple[str, Callable[[str, Certificate, Certificate], Statement]]]:
        siblings = [known for known in self._known if known.issuer.attributes == certificate.issuer.attributes]
        services = [self._ocsp, *(url for each in (certificate, *siblings) for url in each.urls(oids.ACCESS_OCSP))]
        lists = [self._crl, *(url for each in (certificate, *siblings) for url in each.full_list_urls)]
        yield from ((url, self._answer) for url in dict.fromkeys(services) if url is not None)
        yield from ((url, self._list) for url in dict.fromkeys(lists) if url is not None)

    def _answer(self, url: str, certificate: Certificate, issuer: Certificate) -> Statement:
        return ask_status(certificate, issuer, lambda question: network.post(url, network.OCSP, question))

    def _list(self, url: str, certificate: Certificate, issuer: Certificate) -> Statement:
        if url not in self._lists:
            self._lists[url] = RevocationList.parse(network.get(url))
        found = self._lists[url]
        found.must_be_signed_by(issuer)
        return found
