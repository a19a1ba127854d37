"""Settings from the environment: one table, documented once, read once at start."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: name in the environment, default, what it is for."""

    name: str
    default: str
    about: str
    secret: bool = False


TABLE = (
    Setting("ESOZ_VAR", "var", "Folder of the embedded database, signed documents and demo files"),
    Setting("ESOZ_HOST", "127.0.0.1", "Address that the servers listen on"),
    Setting("ESOZ_SANDBOX", "", "1 turns the sandbox on: demo country, test trust centre, known secrets"),
    Setting("ESOZ_CENTRAL_DATABASE", "", "URL of central's PostgreSQL; empty = the embedded server", secret=True),
    Setting("ESOZ_MIS_DATABASE", "", "URL of mis's PostgreSQL; empty = the embedded server", secret=True),
    Setting("ESOZ_CABINET_DATABASE", "", "URL of cabinet's PostgreSQL; empty = the embedded server", secret=True),
    Setting("ESOZ_POSTGRES_PORT", "5480", "Port of the embedded PostgreSQL on 127.0.0.1 and its unix socket"),
    Setting("ESOZ_CENTRAL_PORT", "8400", "Port of central"),
    Setting("ESOZ_MIS_PORT", "8410", "Port of mis"),
    Setting("ESOZ_CABINET_PORT", "8420", "Port of cabinet"),
    Setting("ESOZ_INBOX_PORT", "8430", "Port of the development inbox (sandbox only)"),
    Setting("ESOZ_CENTRAL_URL", "", "Public address of central; empty = http://HOST:PORT"),
    Setting("ESOZ_MIS_URL", "", "Public address of mis; empty = http://HOST:PORT"),
    Setting("ESOZ_CABINET_URL", "", "Public address of cabinet; empty = http://HOST:PORT"),
    Setting("ESOZ_INBOX_URL", "", "Address of the development inbox; empty = http://HOST:PORT"),
    Setting("ESOZ_OBJECTS", "", "Where signed documents are kept: a folder or an s3:// URL; empty = VAR/objects"),
    Setting("ESOZ_TRUST", "", "Folder with certificates of trusted authorities; empty = VAR/trust"),
    Setting("ESOZ_SECRET", "", "Signs nonces and cookies, 32+ characters; made in VAR when empty", secret=True),
    Setting("ESOZ_SMS_URL", "http://127.0.0.1:8431", "SMS gateway that takes POST {phone_number, body}"),
    Setting("ESOZ_SMS_TOKEN", "", "Bearer token of the SMS gateway", secret=True),
    Setting("ESOZ_SMTP_HOST", "127.0.0.1", "Mail server"),
    Setting("ESOZ_SMTP_PORT", "25", "Port of the mail server"),
    Setting("ESOZ_MAIL_FROM", "esoz@localhost", "Sender of mails"),
    Setting("ESOZ_MIS_API_KEY", "", "API-key of this MIS at central", secret=True),
    Setting("ESOZ_POOL_SIZE", "8", "Database connections of one process"),
    Setting("ESOZ_MAX_BODY", "10485760", "Largest request body, bytes"),
    Setting("ESOZ_SESSION_IDLE_MINUTES", "60", "Pages: a session ends after so many minutes without a request"),
    Setting("ESOZ_SESSION_HOURS", "12", "Pages: a session ends after so many hours in any case"),
    Setting("ESOZ_LOG_LEVEL", "INFO", "Least level of log lines: DEBUG, INFO, WARNING, ERROR"),
)


class Settings:
    """Values of the table; unknown names raise KeyError, so a typing mistake is found at start."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        source = os.environ if environ is None else environ
        self._values = {row.name: source.get(row.name) or row.default for row in TABLE}

    def text(self, name: str) -> str:
        return self._values[name]

    def number(self, name: str) -> int:
        return int(self._values[name])

    def flag(self, name: str) -> bool:
        return self._values[name] == "1"

    @property
    def var(self) -> Path:
        return Path(self._values["ESOZ_VAR"]).resolve()

    @property
    def sandbox(self) -> bool:
        return self.flag("ESOZ_SANDBOX")

    def url(self, part: str) -> str:
        """Public address of `central`, `mis`, `cabinet` or `inbox`, without the last slash."""
        name = part.upper()
        given = self._values[f"ESOZ_{name}_URL"]
        return given.rstrip("/") or f"http://{self.text('ESOZ_HOST')}:{self.number(f'ESOZ_{name}_PORT')}"

    def folder(self, name: str, inside_var: str) -> Path:
        """A folder from the setting `name`, or VAR/`inside_var`."""
        return Path(self._values[name]) if self._values[name] else self.var / inside_var

    def secret(self) -> bytes:
        """The signing secret; made once and kept in VAR (mode 600) when the setting is empty."""
        if given := self._values["ESOZ_SECRET"]:
            return given.encode()
        path = self.var / "secret"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(os.urandom(32).hex().encode())
        return path.read_bytes()
