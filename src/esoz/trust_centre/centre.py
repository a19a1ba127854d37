"""The houses of the centre, one for each family: its authorities and services with their keys, opened once at start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from esoz.signature import (
    Authority,
    Certificate,
    Issued,
    KeyUsage,
    SignatureError,
    Unsupported,
    hashes,
    oids,
    open_key_file,
    revocation_list,
    write_pkcs12,
)
from esoz.signature.authority import Profile, service_name
from esoz.signature.ocsp import CertificateIdentifier

from .formats.addresses import Addresses, never_checked
from .model import Family

Random = Callable[[int], bytes]

NAME = "Навчальний надавач довірчих послуг ЕСОЗ"
_NAMES = {
    Family.GOST: NAME,
    Family.KUPYNA: f"{NAME} (Купина)",
    Family.ECDSA: f"{NAME} (ECDSA)",
}
_SERVICES = {"ocsp": (oids.OCSP_SIGNING, "OCSP-сервер"), "tsp": (oids.TIME_STAMPING, "TSP-сервер")}
ROOT_LIST_TERM = timedelta(days=30)
_SERVICE_TERM = timedelta(days=5 * 365)
ROLES = ("root", "issuing", "ocsp", "tsp")


@dataclass(frozen=True, slots=True)
class House:
    """One family: a root, an issuing authority, and the services it appointed."""

    family: Family
    authority: Authority
    ocsp: Issued
    tsp: Issued

    @property
    def issuer(self) -> Certificate:
        return self.authority.issuing.certificate

    @property
    def parts(self) -> Mapping[str, Issued]:
        """Role → key and certificate."""
        return {"root": self.authority.root, "issuing": self.authority.issuing, "ocsp": self.ocsp, "tsp": self.tsp}

    def is_named_by(self, identifier: CertificateIdentifier) -> bool:
        """Whether an OCSP question is about certificates of this house (by any hash we know)."""
        issuer = self.issuer
        sbox = issuer.public_key.sbox
        try:
            if hashes.digest(identifier.algorithm, issuer.public_bits, sbox) != identifier.key_digest:
                return False
            return hashes.digest(identifier.algorithm, issuer.subject.raw, sbox) == identifier.name_digest
        except Unsupported:
            return False


@dataclass(frozen=True, slots=True)
class Sealed:
    """One part of a house as it lies in the database: the key in a PKCS#12."""

    family: Family
    role: str
    certificate: bytes
    key_file: bytes


@dataclass(frozen=True, slots=True)
class Centre:
    """All houses and the addresses that are printed in certificates."""

    houses: Mapping[Family, House]
    addresses: Addresses

    @property
    def certificates(self) -> tuple[Certificate, ...]:
        """Roots and issuing authorities of all families: what others must trust."""
        return tuple(each for house in self.houses.values() for each in house.authority.certificates)

    @property
    def services(self) -> tuple[Certificate, ...]:
        """OCSP and timestamp services of all families: their answers need not carry these certificates."""
        return tuple(each.certificate for house in self.houses.values() for each in (house.ocsp, house.tsp))


def build(family: Family, addresses: Addresses, *, random: Random, at: datetime) -> House:
    """A new house, valid from `at`."""
    further = addresses.of_root(family)
    authority = Authority.create(_NAMES[family], scheme=family, random=random, at=at, further=further)
    services = {role: _appoint(authority, role, at) for role in _SERVICES}
    return House(family, authority, **services)


def root_list(house: House, at: datetime) -> bytes:
    """The revocation list of the root, the same for a whole day: it names authorities, and none was ever revoked."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    number = day.toordinal()
    return revocation_list(house.authority.root_alone, {}, at=day, next_update=day + ROOT_LIST_TERM, number=number)


def _appoint(authority: Authority, role: str, at: datetime) -> Issued:
    purpose, words = _SERVICES[role]
    further = (never_checked(),) if role == "ocsp" else ()
    profile = Profile(frozenset({KeyUsage.DIGITAL_SIGNATURE}), (purpose,), further=further)
    # Two authorities may not share a name of a service: readers find the service of an answer by its name.
    organization = authority.issuing.certificate.subject.get(oids.ORGANIZATION) or NAME
    name = service_name(organization, f"{organization}. {words}")
    return authority.certify(name, profile, validity=(at, at + _SERVICE_TERM))


def seal(house: House, password: str, *, random: Random) -> list[Sealed]:
    """The parts of a house with their keys encrypted."""
    return [
        Sealed(house.family, role, part.certificate.der, write_pkcs12(part.key, part.chain, password, random=random))
        for role, part in house.parts.items()
    ]


def unseal(sealed: Iterable[Sealed], password: str, *, random: Random) -> dict[Family, House]:
    """The houses of what was sealed; RuntimeError when the password is another one or a part is missing."""
    parts: dict[Family, dict[str, Issued]] = {}
    for each in sealed:
        parts.setdefault(each.family, {})[each.role] = _opened(each, password)
    houses = {}
    for family, found in parts.items():
        if set(found) != set(ROLES):
            raise RuntimeError(f"The trust centre lacks a part of {family}")
        authority = Authority(family, random, found["root"], found["issuing"])
        houses[family] = House(family, authority, found["ocsp"], found["tsp"])
    return houses


def _opened(sealed: Sealed, password: str) -> Issued:
    try:
        entry = open_key_file(sealed.key_file, password).entries[0]
    except SignatureError as fault:
        raise RuntimeError("The keys of the trust centre do not open: check ESOZ_TRUST_CENTRE_PASSWORD") from fault
    certificate = Certificate.parse(sealed.certificate)
    if entry.certificate != certificate:
        raise RuntimeError(f"The key of {sealed.family} {sealed.role} belongs to another certificate")
    return Issued(entry.key, certificate, (certificate, *entry.chain))
