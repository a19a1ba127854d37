"""A software authenticator: makes passkeys (ES256, attestation "none") and answers challenges as a browser would."""

import base64
import hashlib
import json
import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """One passkey of one site; what is wrong with it a test says by the fields."""

    origin: str
    counter: int = 0
    counts: bool = True
    flags: int = PRESENT | VERIFIED
    type: str = ""
    cross_origin: bool = False
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: os.urandom(32))
    user: bytes = b""

    def create(self, options: str) -> str:
        """navigator.credentials.create."""
        asked = json.loads(options)
        self.user = decoded(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        credential = bytes(16) + len(self.id).to_bytes(2) + self.id + cbor.encode(public)
        data = self._data(asked["rp"]["id"], ATTESTED) + credential
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", asked)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: str) -> str:
        """navigator.credentials.get."""
        asked = json.loads(options)
        if self.counts:
            self.counter += 1
        data, client = self._data(asked["rpId"]), self._client_data("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signature, userHandle=self.user)

    def _data(self, site: str, more: int = 0) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([self.flags | more]) + self.counter.to_bytes(4)

    def _client_data(self, type: str, asked: dict[str, str]) -> bytes:
        told = {
            "type": self.type or type,
            "challenge": asked["challenge"],
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        }
        return json.dumps(told).encode()

    def _answer(self, **response: bytes) -> str:
        id = encoded(self.id)
        told = {name: encoded(value) for name, value in response.items()}
        return json.dumps({"id": id, "rawId": id, "type": "public-key", "response": told})
