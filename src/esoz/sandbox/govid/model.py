"""An identification: its states and terms, what a site may ask, and what it is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from esoz.kernel.work import Signer


class State(StrEnum):
    """PROVEN: we know who it is. CONSENTED: they agreed, the site has the code. TOLD: the site has the token."""

    ASKED = "asked"
    PROVEN = "proven"
    CONSENTED = "consented"
    REFUSED = "refused"
    TOLD = "told"
    ENDED = "ended"


MOVES = {
    State.ASKED: frozenset({State.PROVEN, State.REFUSED}),
    State.PROVEN: frozenset({State.CONSENTED, State.REFUSED}),
    State.CONSENTED: frozenset({State.TOLD}),
    State.REFUSED: frozenset[State](),
    State.TOLD: frozenset({State.ENDED}),
    State.ENDED: frozenset[State](),
}
PERSON_TERM = timedelta(minutes=15)  # for the person to prove themselves and to agree
CODE_TERM = timedelta(minutes=3)
TOKEN_TERM = timedelta(seconds=299)
KEY, DIIA, BANK = "dig_sign", "diia_id", "bank_id"
AUTH_TYPES = (KEY, DIIA, BANK)
SHORTEST_STATE, LONGEST_STATE = 10, 512
# What a site may be told, as the description names it; `fields` asks for some of these.
FIELDS = (
    "auth_type",
    "issuercn",
    "serial",
    "subjectcn",
    "lastname",
    "givenname",
    "middlename",
    "email",
    "phone",
    "edrpoucode",
    "drfocode",
    "unzr",
)


@dataclass(frozen=True, slots=True)
class Client:
    """A site that identifies its people here."""

    id: str
    secret: str
    name: str
    return_address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    id: UUID
    session_id: bytes
    client_id: str
    return_address: str
    state: State
    opaque: str
    auth_types: Sequence[str]
    told: Mapping[str, str]
    until: datetime

    def is_over(self, now: datetime) -> bool:
        return now >= self.until


def fault_of(asked: Mapping[str, str], client: Client | None) -> str:
    """What is wrong with the question of a site, for its developers; empty when nothing is.

    A browser is never led to an address that is not, letter by letter, the one that the site has registered.
    """
    kinds = auth_types(asked)
    if client is None:
        return "client_id"
    if asked.get("redirect_uri", "") != client.return_address:
        return "redirect_uri"
    if asked.get("response_type", "") != "code":
        return "response_type"
    if not SHORTEST_STATE <= len(asked.get("state", "")) <= LONGEST_STATE:
        return "state"
    return "" if kinds and set(kinds) <= set(AUTH_TYPES) else "auth_type"


def auth_types(asked: Mapping[str, str]) -> list[str]:
    """Ways to prove oneself that the site takes; all when it names none."""
    return [each.strip() for each in asked.get("auth_type", "").split(",") if each.strip()] or list(AUTH_TYPES)


def told_by_papers(papers: Mapping[str, Any]) -> dict[str, str]:
    """Of somebody whose bank knows them: names, numbers, telephone."""
    return {
        "auth_type": BANK,
        "lastname": str(papers["last_name"]),
        "givenname": str(papers["first_name"]),
        "middlename": str(papers.get("second_name") or ""),
        "drfocode": str(papers["tax_id"]),
        "unzr": str(papers.get("unzr") or ""),
        "phone": str(papers.get("phone") or ""),
    }


def told_by_key(signer: Signer) -> dict[str, str]:
    """Of somebody with a key: what its certificate says; the given name there has the patronymic in it."""
    return {
        "auth_type": KEY,
        "issuercn": signer.issuer,
        "serial": signer.serial_number,
        "subjectcn": f"{signer.surname} {signer.given_name}",
        "lastname": signer.surname,
        "givenname": signer.given_name,
        "drfocode": signer.drfo or "",
        "edrpoucode": signer.edrpou or "",
        "unzr": signer.unzr or "",
    }


def asked_of(told: Mapping[str, str], fields: str) -> dict[str, str]:
    """The fields that were asked for, empty ones too; all of them when none was named."""
    wanted = {each.strip() for each in fields.split(",") if each.strip()} or set(FIELDS)
    return {name: told.get(name, "") for name in FIELDS if name in wanted}
