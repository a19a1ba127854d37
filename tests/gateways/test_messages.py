"""Mail to a server over TLS, with a login: against a small mail server of the test's own."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from esoz.gateways.messages import SMTP, MailServer
from esoz.kernel.outbox import Message

HOST, USER, PASSWORD = "127.0.0.1", "esoz", "a password"
LOGIN = base64.b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode()
MAIL = Message("mail", "worker@clinic.example", "Посилання діє 30 хвилин.", "Новий пароль")


class Letterbox:
    """A mail server that takes one login and keeps what it was given."""

    def __init__(self, contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
        self.context, self.trust = contexts
        self.mails: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        is_in = False
        writer.write(b"220 here\r\n")
        while line := (await reader.readline()).decode().strip():
            word = line.split()[0].upper()
            if word == "STARTTLS":
                writer.write(b"220 go\r\n")
                await writer.start_tls(self.context)
            elif word == "AUTH":
                is_in = line.endswith(LOGIN)
                writer.write(b"235 in\r\n" if is_in else b"535 wrong\r\n")
            elif word == "EHLO":
                writer.write(b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n")
            elif word == "DATA" and is_in:
                writer.write(b"354 go on\r\n")
                self.mails.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                writer.write(b"250 kept\r\n")
            elif word == "QUIT":
                writer.write(b"221 bye\r\n")
            else:
                writer.write(b"250 well\r\n" if is_in else b"530 log in first\r\n")
        writer.close()


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The server's own certificate, and a client that trusts it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file: Path = tmp_path_factory.mktemp("mail") / "server.pem"
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, form, plain) + certificate.public_bytes(pem))
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(file)
    return own, ssl.create_default_context(cafile=file)


@pytest.fixture
def letterbox(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> Letterbox:
    return Letterbox(contexts)


@pytest.fixture
async def port(letterbox: Letterbox, tls: str) -> AsyncIterator[int]:
    context = letterbox.context if tls == "tls" else None
    async with await asyncio.start_server(letterbox.serve, HOST, 0, ssl=context) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("tls", ["tls", "starttls"])
class TestServer:
    async def test_trusted_then_logged_in_and_mail_handed_over(self, letterbox: Letterbox, port: int, tls: str) -> None:
        await SMTP(MailServer(HOST, port, tls, USER, PASSWORD, trust=letterbox.trust), "esoz@clinic.example")(MAIL)
        [mail] = letterbox.mails
        assert "To: worker@clinic.example" in mail and "From: esoz@clinic.example" in mail

    async def test_wrong_password_then_not_handed_over(self, letterbox: Letterbox, port: int, tls: str) -> None:
        with pytest.raises(ConnectionError, match="SMTPAuthenticationError"):
            await SMTP(MailServer(HOST, port, tls, USER, "another", trust=letterbox.trust), "esoz@clinic.example")(MAIL)
        assert letterbox.mails == []

    async def test_of_an_unknown_certificate_then_no_password_is_sent(
        self, letterbox: Letterbox, port: int, tls: str
    ) -> None:
        with pytest.raises(ssl.SSLCertVerificationError):
            await SMTP(MailServer(HOST, port, tls, USER, PASSWORD), "esoz@clinic.example")(MAIL)
        assert letterbox.mails == []


@pytest.mark.parametrize(("tls", "user"), [("", USER), ("ssl", "")])
def test_settings_that_make_no_sense_then_refused(tls: str, user: str) -> None:
    with pytest.raises(ValueError, match="ESOZ_SMTP_TLS"):
        MailServer(HOST, 25, tls, user, PASSWORD)
