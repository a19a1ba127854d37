"""Key files that both cores must open alike, in Python and in the browser: `python -m tests.signature.key_file_cases`.

The table is written to foreign/key-files.json; `signer/test/key-files.test.ts` and `test_key_file_cases.py` read it.
"""

import json
import random
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from esoz.signature import Authority, Certificate, Dstu4145Key, EcdsaKey, PrivateKey, Subject, oids
from esoz.signature import der_writer as w
from esoz.signature.algorithms import identifier
from esoz.signature.command_line.files import armored
from esoz.signature.containers import jks, pkcs12
from esoz.signature.curves import Curve, named
from esoz.signature.keys import DstuPublicKey, EcdsaPublicKey
from esoz.signature.signing import signed_data

from .centre import NOW, YEAR

TABLE = Path(__file__).with_name("foreign") / "key-files.json"
PASSWORD = "Password1"
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True)
class Case:
    """A file, the public halves of the keys that open, how many of them have their certificate in it."""

    name: str
    file: bytes
    keys: tuple[PrivateKey, ...]
    certified: int = 0

    def as_row(self) -> dict[str, object]:
        return {
            "name": self.name,
            "file": b64encode(self.file).decode(),
            "password": PASSWORD,
            "keys": [public(key) for key in self.keys],
            "certified": self.certified,
        }


def public(key: PrivateKey) -> str:
    """The compressed point of a DSTU key, the name of the curve of an ECDSA key."""
    match key.public:
        case DstuPublicKey(curve, point):
            return curve.compress(point).hex()
        case EcdsaPublicKey(found):
            return {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}[found.curve.name]
    return "RSA"


def explicit(curve: Curve, *, b_end: str = "little", base_end: str = "little", foreign: bool = False) -> bytes:
    """DSTU4145Params with the curve written out from either end; `foreign` is a curve of nobody."""
    field = curve.field
    order = {"little": slice(None), "big": slice(None, None, -1)}
    b = (curve.b ^ foreign).to_bytes(field.size, "little")[order[b_end]]
    domain = w.sequence(
        w.sequence(w.integer(field.m), w.integer(field.exponents[0])),
        w.integer(curve.a),
        w.octet_string(b),
        w.integer(curve.order),
        w.octet_string(curve.compress(curve.base)[order[base_end]]),
    )
    return w.sequence(domain)


def info(key: Dstu4145Key, parameters: bytes, *, algorithm: str = oids.DSTU_4145, second: bytes = b"") -> bytes:
    """PrivateKeyInfo with these parameters, perhaps with a second key in its attributes."""
    secret = key.secret.to_bytes(key.curve.signature_part, "little")
    return w.sequence(w.integer(0), identifier(algorithm, parameters), w.octet_string(secret), second)


def second(key: Dstu4145Key, parameters: bytes) -> bytes:
    """The attributes of IIT for a second key."""
    secret = key.secret.to_bytes(key.curve.field.size, "little").translate(_REVERSED)
    pairs = ((oids.IIT_SECOND_KEY_CURVE, parameters), (oids.IIT_SECOND_KEY, w.bit_string(secret)))
    return w.explicit(0, *(w.sequence(w.oid(kind), w.set_of(value)) for kind, value in pairs))


def big_endian(authority: Authority, key: Dstu4145Key, parameters: bytes) -> Certificate:
    """A certificate whose key stands from the big end, as centres certified encryption keys for years."""
    packed = key.curve.compress(key.public.point)[::-1]
    spki = w.sequence(identifier(oids.DSTU_4145_BIG_ENDIAN, parameters), w.bit_string(w.octet_string(packed)))
    return authority.issue_for(Subject("Мирний", "Панас"), spki, validity=(NOW - YEAR, NOW + YEAR))


def cases() -> Iterator[Case]:
    """The whole table."""
    chance = random.Random(2014)
    authority = Authority.create("Центр", scheme="dstu-gost", random=chance.randbytes, at=NOW - YEAR)
    curve = named(6)
    own, other = (Dstu4145Key.generate(chance.randbytes) for _ in range(2))
    doctor = authority.issue(Subject("Франко", "Іван"), valid_from=NOW - YEAR, valid_to=NOW + YEAR, key=own)
    certificate = doctor.certificate.der
    usual, foreign = explicit(curve), explicit(curve, foreign=True)
    yield from _byte_orders(own, other, curve)
    yield Case("second key outside the standard", info(own, usual, second=second(other, foreign)), (own,))
    yield Case("first key outside the standard", info(own, foreign, second=second(other, usual)), (other,))
    turned = explicit(curve, b_end="big", base_end="big")
    odd = big_endian(authority, other, turned).der
    big = info(other, turned, algorithm=oids.DSTU_4145_BIG_ENDIAN)
    yield Case(
        "JKS with an encryption key from the big end",
        store([(own.pkcs8, [certificate]), (big, [odd])]),
        (own, other),
        2,
    )
    strange = info(other, foreign)
    yield Case(
        "JKS with a key outside the standard first", store([(strange, [odd]), (own.pkcs8, [certificate])]), (own,), 1
    )
    yield Case("JKS with a certificate that is none", store([(own.pkcs8, [certificate, w.sequence()])]), (own,), 1)
    yield from _standard(authority, chance)
    yield from _wrapped(authority, chance)
    pair = [(strange, []), (own.pkcs8, [certificate, w.sequence()])]
    yield Case("PKCS#12 with a key outside the standard", pkcs12.write(pair, PASSWORD, chance.randbytes), (own,), 1)
    many = [Dstu4145Key.generate(chance.randbytes) for _ in range(10)]
    ten = pkcs12.write([(key.pkcs8, []) for key in many], PASSWORD, chance.randbytes, gost=True)
    yield Case("PKCS#12 with ten keys of GOST", ten, tuple(many))


def _wrapped(authority: Authority, chance: random.Random) -> Iterator[Case]:
    """What openssl writes, and what mail and editors make of files."""
    key = EcdsaKey.generate(chance.randbytes)
    issued = authority.issue(Subject("Леся", "Українка"), valid_from=NOW - YEAR, valid_to=NOW + YEAR, key=key)
    certificate = armored("CERTIFICATE", issued.certificate.der)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    old = key.key.private_bytes(serialization.Encoding.DER, form, serialization.NoEncryption())
    curve = armored("EC PARAMETERS", w.oid("1.2.840.10045.3.1.7"))
    yield Case("SEC1", old, (key,))
    yield Case("PEM as openssl writes it", curve + armored("EC PRIVATE KEY", old) + certificate, (key,), 1)
    yield Case("PEM with the certificate first", certificate + armored("PRIVATE KEY", key.pkcs8), (key,), 1)
    bundle = armored("PKCS7", signed_data(oids.DATA, None, [issued.certificate], [], oids.SHA256))
    yield Case("PEM with a bundle first", bundle + armored("PRIVATE KEY", key.pkcs8), (key,), 1)
    yield Case("base64 behind a mark of UTF-8", b"\xef\xbb\xbf" + encodebytes(key.pkcs8), (key,))
    yield Case("base64 of addresses", urlsafe_b64encode(key.pkcs8), (key,))
    yield Case("blanks behind the end", key.pkcs8 + b"\r\n\0\0", (key,))


def _byte_orders(own: Dstu4145Key, other: Dstu4145Key, curve: Curve) -> Iterator[Case]:
    for b_end in ("little", "big"):
        for base_end in ("little", "big"):
            written = explicit(curve, b_end=b_end, base_end=base_end)
            yield Case(f"b {b_end}, base {base_end}", info(own, written), (own,))
            both = info(own, explicit(curve), second=second(other, written))
            yield Case(f"second key with b {b_end}, base {base_end}", both, (own, other))


def _standard(authority: Authority, chance: random.Random) -> Iterator[Case]:
    for name, prime in (("P-256", ec.SECP256R1()), ("P-384", ec.SECP384R1()), ("P-521", ec.SECP521R1())):
        key = EcdsaKey(ec.derive_private_key(chance.getrandbits(250), prime))
        issued = authority.issue(Subject("Леся", "Українка"), valid_from=NOW - YEAR, valid_to=NOW + YEAR, key=key)
        yield Case(f"JKS with {name}", store([(key.pkcs8, [issued.certificate.der])]), (key,), 1)
        yield Case(f"PKCS#8 with {name}", key.pkcs8, (key,))


def store(pairs: list[tuple[bytes, list[bytes]]]) -> bytes:
    return jks.write(pairs, PASSWORD, "key", random.Random(1).randbytes)


def table() -> str:
    """The text of the table."""
    rows = (json.dumps(case.as_row(), ensure_ascii=False) for case in cases())
    return "[\n" + ",\n".join(rows) + "\n]\n"


if __name__ == "__main__":
    TABLE.write_text(table(), "utf-8")
