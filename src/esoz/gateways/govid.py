"""id.gov.ua: the state's integrated system of electronic identification tells who a person is, by OAuth 2.

The shape follows its description for information systems (version 15, 2026-01-14): the browser is sent to
`/?response_type=code&client_id&auth_type&state&redirect_uri`, comes back with `code` and `state`, the code is exchanged
at `/get-access-token`, the data are read at `/get-user-info`, and the session there is given up at `/get-user-logout`.
With an empty `cert` the data come in the clear, over TLS; data enciphered for a certificate of ours are not read here.
"""

from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

import httpx
import msgspec

from esoz.kernel import logs
from esoz.kernel.payload import UNREADABLE

Shape = TypeVar("Shape")
TIMEOUT_SECONDS = 10.0
AUTH_TYPES = ("dig_sign", "diia_id", "bank_id")  # a key, Diia.Signature, a bank
FIELDS = ("issuer", "issuercn", "serial", "lastname", "givenname", "middlename", "drfocode", "unzr", "phone", "email")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NotIdentified(Exception):
    """The service does not take the code: it is wrong, spent or too old; or it tells too little of the person."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are at the service; the secret is one."""

    url: str
    client_id: str
    client_secret: str
    return_address: str

    def __repr__(self) -> str:
        return f"Account({self.url}, client {self.client_id})"


class Told(msgspec.Struct, frozen=True):
    """What is told of a person: fields of their certificate, or of their bank's questionnaire."""

    lastname: str = ""
    givenname: str = ""
    middlename: str | None = None
    drfocode: str | None = None  # РНОКПП, or series and number of the passport of who refused it
    unzr: str | None = None
    phone: str | None = None
    email: str | None = None
    issuercn: str | None = None
    serial: str | None = None
    auth_type: str | None = None
    encrypted: str | None = msgspec.field(name="encryptedUserInfo", default=None)

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.lastname, self.givenname, self.middlename) if part)


class _Token(msgspec.Struct, frozen=True):
    access_token: str
    user_id: str | int


class GovId:
    """The service over HTTP."""

    def __init__(self, account: Account, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._account, self._transport = account, transport

    def address(self, state: str) -> str:
        """Where the browser is sent."""
        asked = {
            "response_type": "code",
            "client_id": self._account.client_id,
            "auth_type": ",".join(AUTH_TYPES),
            "state": state,
            "redirect_uri": self._account.return_address,
        }
        return f"{self._account.url}/?{urlencode(asked)}"

    async def identify(self, code: str) -> Told:
        """Who came back with this code. Raises NotIdentified; ConnectionError without an answer."""
        async with httpx.AsyncClient(
            base_url=self._account.url, timeout=TIMEOUT_SECONDS, transport=self._transport
        ) as client:
            token = await self._token(client, code)
            whose = {"access_token": token.access_token, "user_id": str(token.user_id)}
            told = await _asked(client, "/get-user-info", {**whose, "fields": ",".join(FIELDS), "cert": ""}, Told)
            await _give_up(client, whose)
        if told.encrypted is not None or not (told.drfocode and told.lastname and told.givenname):
            raise NotIdentified("too little is told")
        return told

    async def _token(self, client: httpx.AsyncClient, code: str) -> _Token:
        asked = {
            "grant_type": "authorization_code",
            "client_id": self._account.client_id,
            "client_secret": self._account.client_secret,
            "code": code,
        }
        return await _asked(client, "/get-access-token", asked, _Token)


async def _asked(client: httpx.AsyncClient, path: str, fields: dict[str, str], shape: type[Shape]) -> Shape:
    try:
        answer = await client.post(path, content=urlencode(fields), headers=FORM)
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise ConnectionError(type(fault).__name__) from None  # its text has the address, and that a token
    if answer.is_server_error:
        raise ConnectionError(f"status {answer.status_code}")
    try:
        read = msgspec.json.decode(answer.content)
        if answer.is_error or not isinstance(read, dict) or "error" in read:
            raise NotIdentified(path)
        return msgspec.convert(read, shape)
    except (ValueError, *UNREADABLE):
        raise NotIdentified(f"{path}: unreadable") from None  # its text may have a piece of the answer


async def _give_up(client: httpx.AsyncClient, whose: dict[str, str]) -> None:
    """End the session there; who was identified stays so when it is not taken."""
    try:
        await client.post("/get-user-logout", content=urlencode(whose), headers=FORM)
    except httpx.HTTPError as fault:
        logs.warning("id.gov.ua did not take the end of a session", fault=type(fault).__name__)
