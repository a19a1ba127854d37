"""What a visitor came for: a client that asks for consent, or central's own pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from esoz.central import identity
from esoz.kernel.errors import NotFound

from .frame import Page, working

LONGEST_EMAIL = 254
# Pages that lead through sign-in to themselves: for another person.
WAYS = ("confidant/sign-in", "confidant/sign-up")


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """The query of /sign-in (as published), kept on the way through its steps; without a client: central itself."""

    client: identity.Client | None
    redirect_uri: str = ""
    scope: str = ""
    state: str = ""
    next: str = "/account"
    way: str = ""
    challenge: str | None = None
    login_hint: str = ""  # who is expected (OpenID Connect Core, 3.1.2.1); it fills the form in and proves nothing

    @property
    def query(self) -> str:
        if self.client is None:
            return urlencode({"next": self.next})
        fields = {"client_id": self.client.id, "redirect_uri": self.redirect_uri, "scope": self.scope}
        proof = {"code_challenge": self.challenge, "code_challenge_method": "S256"} if self.challenge else {}
        return urlencode(fields | {"state": self.state} | proof | self._optional)

    @property
    def _optional(self) -> dict[str, str]:
        given = {"way": self.way, "login_hint": self.login_hint}
        return {name: value for name, value in given.items() if value}

    @property
    def client_id(self) -> UUID | None:
        return self.client.id if self.client else None

    @property
    def caption(self) -> str:
        return self.client.name if self.client else ""

    @property
    def onward(self) -> str:
        """Where a visitor goes who has signed in."""
        return f"/{self.way or 'consent'}?{self.query}" if self.client else self.next

    @property
    def is_cabinet(self) -> bool:
        """Patients have no password: they come in with КЕП only."""
        return self.client is not None and self.client.type in identity.PATIENT_TYPES

    def back(self, **answer: str) -> str:
        """Where the browser returns to, with the answer of the grant (RFC 6749, 4.1.2)."""
        state = {"state": self.state} if self.state else {}
        return identity.answer_address(self.redirect_uri, **answer, **state)


async def read_request(page: Page) -> AuthorizationRequest:
    """The request of a client; a wrong client or address is never redirected to (RFC 6749, 4.1.2.1)."""
    query: Mapping[str, str] = page.query
    if "client_id" not in query:
        return AuthorizationRequest(None, next=page.next_path("/account"))
    return await read_client(page)


async def read_client(page: Page) -> AuthorizationRequest:
    """The same where there must be a client. Raises NotFound, Rejected."""
    query: Mapping[str, str] = page.query
    try:
        client_id = UUID(query.get("client_id", ""))
    except ValueError as fault:
        raise NotFound() from fault
    async with working(page, "GET /sign-in") as work:
        client = await identity.find_client(work, client_id)
        redirect_uri = query.get("redirect_uri", "")
        asked = query.get("code_challenge", ""), query.get("code_challenge_method", "")
        challenge = identity.must_be_challenge(*asked)
        await identity.must_be_registered(work, client.id, redirect_uri, challenge)
    way = query.get("way", "")
    return AuthorizationRequest(
        client,
        redirect_uri,
        query.get("scope", ""),
        query.get("state", ""),
        way=way if way in WAYS else "",
        challenge=challenge,
        login_hint=_hint(query.get("login_hint", "")),
    )


def _hint(text: str) -> str:
    """An address of mail, as it is typed into the form; anything else hints at nobody."""
    return text if len(text) <= LONGEST_EMAIL and text.isprintable() and "@" in text else ""


async def read_cabinet(page: Page) -> AuthorizationRequest:
    """The same where it must be a cabinet of patients."""
    request = await read_client(page)
    if not request.is_cabinet:
        raise NotFound()
    return request
