"""Ways for messages to leave: SMTP for mail, HTTP gateways for SMS and Viber, and the development inbox for all."""

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import quote

import httpx
import msgspec

from esoz.kernel import logs
from esoz.kernel.clock import Clock
from esoz.kernel.outbox import Delivery, Message, Sender, Tracer, Undeliverable
from esoz.kernel.payload import UNREADABLE
from esoz.kernel.settings import Settings

from . import diia_push

TIMEOUT_SECONDS = 10.0
KEY = "Idempotency-Key"


class Inbox:
    """The development inbox: shows what would have been sent."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/messages"

    async def __call__(self, message: Message) -> str | None:
        body = {
            "channel": message.channel,
            "recipient": message.recipient,
            "subject": message.subject,
            "body": message.body,
        }
        receipt = (await _post(self._url, body, {KEY: message.key})).get("id")
        return str(receipt) if receipt else None

    async def trace(self, receipt: str) -> Delivery | None:
        """What became of a message; None when the inbox was begun anew since. Raises ConnectionError."""
        return _fate(await _get(f"{self._url}/{quote(receipt, safe='')}", {}))


class SMSGateway:
    """A provider's HTTP gateway: POST {"phone_number", "body"} with a bearer token.

    Every copy of a message comes with the same header Idempotency-Key, so that a provider sends it once. Who tells of
    deliveries answers {"id"}, and GET …/ID answers {"status": "delivered" | "failed" | anything else}.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        # An empty token is no header: "Bearer " alone is none that HTTP knows.
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def __call__(self, message: Message) -> str | None:
        body = {"phone_number": message.recipient, "body": message.body}
        answer = await _post(self._url, body, self._headers | {KEY: message.key})
        receipt = answer.get("id")
        return str(receipt) if receipt else None

    async def trace(self, receipt: str) -> Delivery | None:
        """What became of a message; None = on its way. Raises ConnectionError."""
        return _fate(await _get(f"{self._url}/{quote(receipt, safe='')}", self._headers))


class ViberGateway:
    """A provider of Viber, spoken to as one of SMS; who has no Viber is told at once by 404, or later by `failed`."""

    def __init__(self, url: str, token: str) -> None:
        self._gateway = SMSGateway(url, token)

    async def __call__(self, message: Message) -> str | None:
        try:
            return await self._gateway(message)
        except _Answered as fault:
            if fault.status == httpx.codes.NOT_FOUND:
                raise Undeliverable() from fault
            raise

    async def trace(self, receipt: str) -> Delivery | None:
        """What became of a message; None = on its way. Raises ConnectionError."""
        return await self._gateway.trace(receipt)


class InTurn:
    """Several providers: the first that takes a message has it (OT-6), and is asked about it."""

    def __init__(self, *providers: SMSGateway) -> None:
        self._providers = providers

    async def __call__(self, message: Message) -> str | None:
        for number, provider in enumerate(self._providers):
            try:
                receipt = await provider(message)
            except (OSError, TimeoutError) as fault:
                logs.warning("provider did not take a message", channel=message.channel, fault=type(fault).__name__)
            else:
                return f"{number}:{receipt}" if receipt else None
        raise ConnectionError("no provider took the message")

    async def trace(self, receipt: str) -> Delivery | None:
        """The same as the provider's; UNKNOWN when it is one no more. Raises ConnectionError."""
        number, _, name = receipt.partition(":")
        if not (number.isascii() and number.isdigit()) or int(number) >= len(self._providers):
            return Delivery.UNKNOWN
        return await self._providers[int(number)].trace(name)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where a mail server is and how it is entered. Raises ValueError for a login that everybody could read."""

    host: str
    port: int
    tls: str = ""  # "starttls", "tls", or none
    user: str = ""
    password: str = field(default="", repr=False)
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context, repr=False)

    def __post_init__(self) -> None:
        if self.tls not in ("", "starttls", "tls"):
            raise ValueError("ESOZ_SMTP_TLS is starttls, tls or empty")
        if self.user and not self.tls:
            raise ValueError("ESOZ_SMTP_USER needs ESOZ_SMTP_TLS: the password would go in the clear")

    def open(self) -> smtplib.SMTP:
        """A connection, encrypted and logged in as far as the settings say. Raises SMTPException, OSError."""
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=self.trust)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.tls == "starttls":
                server.starttls(context=self.trust)
            if self.user:
                server.login(self.user, self.password)
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
        return server


class SMTP:
    """Mail, off the event loop."""

    def __init__(self, server: MailServer, sender: str) -> None:
        self._server, self._sender = server, sender

    async def __call__(self, message: Message) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._sender, message.recipient, message.subject
        if message.key:  # mail servers and readers drop a second letter of the same name
            mail["Message-ID"] = f"<{message.key}@{_domain_of(self._sender)}>"
        mail.set_content(message.body)
        await asyncio.to_thread(self._send, mail)

    def _send(self, mail: EmailMessage) -> None:
        try:
            with self._server.open() as server:
                server.send_message(mail)
        except smtplib.SMTPException as fault:
            raise ConnectionError(type(fault).__name__) from fault


def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"


class _Answered(ConnectionError):
    """A provider that answered, but not with success."""

    def __init__(self, status: int) -> None:
        self.status = status
        super().__init__("HTTPStatusError")


def _fate(answer: Mapping[str, object]) -> Delivery | None:
    status = str(answer.get("status", "")).lower()
    return Delivery(status) if status in (Delivery.DELIVERED, Delivery.FAILED) else None


async def _post(url: str, body: Mapping[str, str], headers: Mapping[str, str] | None = None) -> Mapping[str, object]:
    return await _ask("POST", url, headers or {}, body)


async def _get(url: str, headers: Mapping[str, str]) -> Mapping[str, object]:
    return await _ask("GET", url, headers)


async def _ask(
    method: str, url: str, headers: Mapping[str, str], body: Mapping[str, str] | None = None
) -> Mapping[str, object]:
    """The JSON object of an answer; an empty one when it is something else. Raises ConnectionError."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            response = await client.request(method, url, headers=dict(headers), json=body)
            response.raise_for_status()
    except httpx.HTTPStatusError as fault:
        raise _Answered(fault.response.status_code) from fault
    except (httpx.HTTPError, httpx.InvalidURL) as fault:
        raise ConnectionError(type(fault).__name__) from fault
    try:
        answer = msgspec.json.decode(response.content)
    except UNREADABLE:
        return {}
    return answer if isinstance(answer, dict) else {}


def senders(settings: Settings) -> Mapping[str, Sender]:
    """Channel → sender: in the sandbox both lead to the inbox, elsewhere to what the settings name."""
    if settings.sandbox:
        inbox = Inbox(settings.url("inbox"))
        return {"sms": inbox, "mail": inbox}
    server = MailServer(
        settings.text("ESOZ_SMTP_HOST"),
        settings.number("ESOZ_SMTP_PORT"),
        settings.text("ESOZ_SMTP_TLS"),
        settings.text("ESOZ_SMTP_USER"),
        settings.text("ESOZ_SMTP_PASSWORD"),
    )
    return {
        "sms": sms_providers(settings),
        "mail": SMTP(server, settings.text("ESOZ_MAIL_FROM")),
    }


def tracers(settings: Settings) -> Mapping[str, Tracer]:
    """Channel → whom to ask about deliveries."""
    if settings.sandbox:
        return {"sms": Inbox(settings.url("inbox")).trace}
    return {"sms": sms_providers(settings).trace}


def senders_to_people(settings: Settings, clock: Clock) -> tuple[Mapping[str, Sender], Mapping[str, Tracer]]:
    """The same with the ways that patients are told by besides, as far as they are set up."""
    sending, tracing = dict(senders(settings)), dict(tracers(settings))
    push = diia_push.of_settings(settings, clock)
    if push is not None:
        sending["push"], tracing["push"] = push, push.trace
    if settings.sandbox:
        inbox = Inbox(settings.url("inbox"))
        sending["viber"], tracing["viber"] = inbox, inbox.trace
    elif url := settings.text("ESOZ_VIBER_URL"):
        viber = ViberGateway(url, settings.text("ESOZ_VIBER_TOKEN"))
        sending["viber"], tracing["viber"] = viber, viber.trace
    return sending, tracing


def sms_providers(settings: Settings) -> InTurn:
    """The providers of SMS, the preferred one first."""
    names = [name for name in ("ESOZ_SMS", "ESOZ_SMS_SECOND") if settings.text(f"{name}_URL")]
    return InTurn(*(SMSGateway(settings.text(f"{name}_URL"), settings.text(f"{name}_TOKEN")) for name in names))
