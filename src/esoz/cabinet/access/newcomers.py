"""Those whom central does not know yet: who they are by the certificate of the key that they signed with.

Central has verified the signature before it said that it knows nobody by this key, so the certificate may be read here
without being judged again; at the end of the registration central compares both once more.
"""

import base64

import msgspec

from esoz.gateways.key_certificates import signer_of
from esoz.kernel.vault import Sealed
from esoz.sdk import CentralRefused

from ..services import CabinetPage

NEWCOMER = "newcomer"  # in the session, sealed
UNKNOWN = "Person is not found"


class Newcomer(msgspec.Struct, frozen=True):
    """What the certificate says of its holder; `drfo` may be the passport of who refused the tax id."""

    surname: str
    given_name: str
    drfo: str = ""
    unzr: str = ""

    @property
    def number(self) -> str:
        return self.drfo or self.unzr


def is_unknown(refused: CentralRefused) -> bool:
    """Does central say that it has nobody with the number of this key."""
    return refused.status == 409 and refused.message == UNKNOWN


def remember(page: CabinetPage, document: bytes) -> bool:
    """Keep who signed a document in the session, under a new token; False when the certificate names nobody."""
    certificate = signer_of(document, ())
    identity = certificate.identity if certificate else None
    if identity is None or identity.is_legal or not (identity.surname and identity.given_name):
        return False
    found = Newcomer(identity.surname, identity.given_name, identity.drfo or "", identity.unzr or "")
    if not found.number:
        return False
    sealed = page.services.vault.seal(msgspec.json.encode(found).decode(), NEWCOMER)
    page.session.renew(page.now)
    page.session.put(NEWCOMER, base64.b64encode(sealed).decode())
    return True


def recall(page: CabinetPage) -> Newcomer | None:
    """Who came with a key that central does not know, in this session; None when nobody did."""
    if page.visitor is not None or not page.session.text(NEWCOMER):
        return None
    try:
        opened = page.services.vault.open(base64.b64decode(page.session.text(NEWCOMER)), NEWCOMER)
    except Sealed:  # the secret of the installation was changed meanwhile
        return None
    return msgspec.json.decode(opened, type=Newcomer)


def forget(page: CabinetPage) -> None:
    page.session.pop(NEWCOMER)
