"""Ways for messages to leave: SMTP for mail, an HTTP gateway for SMS, and the development inbox that takes both."""

import asyncio
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage

import httpx

from esoz.kernel.outbox import Message, Sender
from esoz.kernel.settings import Settings

TIMEOUT_SECONDS = 10.0


class Inbox:
    """The development inbox: shows what would have been sent."""

    def __init__(self, url: str) -> None:
        self._url = f"{url}/messages"

    async def __call__(self, message: Message) -> None:
        body = {
            "channel": message.channel, "recipient": message.recipient, "subject": message.subject,
            "body": message.body,
        }
        await _post(self._url, body)


class SMSGateway:
    """A provider's HTTP gateway: POST {"phone_number", "body"} with a bearer token."""

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url, token

    async def __call__(self, message: Message) -> None:
        body = {"phone_number": message.recipient, "body": message.body}
        await _post(self._url, body, {"Authorization": f"Bearer {self._token}"})


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
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=TIMEOUT_SECONDS, context=self.trust
            )
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
        mail.set_content(message.body)
        await asyncio.to_thread(self._send, mail)

    def _send(self, mail: EmailMessage) -> None:
        try:
            with self._server.open() as server:
                server.send_message(mail)
        except smtplib.SMTPException as fault:
            raise ConnectionError(type(fault).__name__) from fault


async def _post(url: str, body: Mapping[str, str], headers: Mapping[str, str] | None = None) -> None:
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as client:
            response = await client.post(url, json=dict(body), headers=dict(headers or {}))
            response.raise_for_status()
    except httpx.HTTPError as fault:
        raise ConnectionError(type(fault).__name__) from fault


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
        "sms": SMSGateway(settings.text("ESOZ_SMS_URL"), settings.text("ESOZ_SMS_TOKEN")),
        "mail": SMTP(server, settings.text("ESOZ_MAIL_FROM")),
    }
