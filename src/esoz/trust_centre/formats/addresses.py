"""The addresses of the centre's services, and the extensions that print them in certificates."""

from dataclasses import dataclass

from esoz.signature import der, oids
from esoz.signature import der_writer as w
from esoz.signature.authority import extension

from ..model import Family

CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
OCSP_NO_CHECK = "1.3.6.1.5.5.7.48.1.5"
_URI = 6

OCSP_PATH, TSP_PATH = "/services/ocsp/", "/services/tsp/"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is, below the public address of the centre (without the last slash)."""

    base: str

    @property
    def ocsp(self) -> str:
        return f"{self.base}{OCSP_PATH}"

    @property
    def tsp(self) -> str:
        return f"{self.base}{TSP_PATH}"

    def certificate(self, family: Family, role: str = "issuing") -> str:
        """The certificate of an authority or a service: root, issuing, ocsp, tsp."""
        return f"{self.base}/ca/{family}-{role}.cer"

    def list(self, family: Family, *, delta: bool = False) -> str:
        """The revocation list, full or delta."""
        return f"{self.base}/crl/{family}{'-delta' if delta else ''}.crl"

    def of_root(self, family: Family) -> tuple[bytes, ...]:
        """AuthorityInfoAccess and CRLDistributionPoints of the issuing authority's certificate."""
        issuer = _access(CA_ISSUERS, self.certificate(family, "root"))
        return (
            extension(oids.AUTHORITY_INFORMATION_ACCESS, w.sequence(issuer)),
            extension(oids.CRL_DISTRIBUTION_POINTS, w.sequence(_point(f"{self.base}/crl/{family}-root.crl"))),
        )

    def extensions(self, family: Family) -> tuple[bytes, ...]:
        """AuthorityInfoAccess, CRLDistributionPoints, FreshestCRL and SubjectInfoAccess of a subject's certificate."""
        answers = _access(oids.ACCESS_OCSP, self.ocsp)
        issuer = _access(CA_ISSUERS, self.certificate(family))
        return (
            extension(oids.AUTHORITY_INFORMATION_ACCESS, w.sequence(answers, issuer)),
            extension(oids.CRL_DISTRIBUTION_POINTS, w.sequence(_point(self.list(family)))),
            extension(oids.FRESHEST_CRL, w.sequence(_point(self.list(family, delta=True)))),
            extension(oids.SUBJECT_INFORMATION_ACCESS, w.sequence(_access(oids.ACCESS_TIMESTAMPS, self.tsp))),
        )


def never_checked() -> bytes:
    """The extension that ends the question who watches the watcher (RFC 6960, 4.2.2.2.1)."""
    return extension(OCSP_NO_CHECK, w.tlv(der.NULL))


def _uri(address: str) -> bytes:
    return w.implicit(_URI, address.encode("ascii"))


def _access(method: str, address: str) -> bytes:
    return w.sequence(w.oid(method), _uri(address))


def _point(address: str) -> bytes:
    """DistributionPoint with its full name."""
    return w.sequence(w.explicit(0, w.explicit(0, _uri(address))))
