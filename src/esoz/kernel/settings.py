"""Settings from the environment: one table, documented once, read once at start."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
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
    Setting(
        "ESOZ_TRUST_CENTRE_DATABASE",
        "",
        "URL of the test trust centre's PostgreSQL; empty = the embedded server",
        secret=True,
    ),
    Setting(
        "ESOZ_DIIA_DATABASE", "", "URL of the PostgreSQL of Diia's simulator; empty = the embedded server", secret=True
    ),
    Setting(
        "ESOZ_GOVID_DATABASE",
        "",
        "URL of the PostgreSQL of id.gov.ua's simulator; empty = the embedded server",
        secret=True,
    ),
    Setting("ESOZ_PORTAL_DATABASE", "", "URL of the portal's PostgreSQL; empty = the embedded server", secret=True),
    Setting("ESOZ_POSTGRES_PORT", "5480", "Port of the embedded PostgreSQL on 127.0.0.1 and its unix socket"),
    Setting("ESOZ_CENTRAL_PORT", "8400", "Port of central"),
    Setting("ESOZ_MIS_PORT", "8410", "Port of mis"),
    Setting("ESOZ_CABINET_PORT", "8420", "Port of cabinet"),
    Setting("ESOZ_INBOX_PORT", "8430", "Port of the development inbox (sandbox only)"),
    Setting("ESOZ_TRUST_CENTRE_PORT", "8450", "Port of the test trust centre"),
    Setting("ESOZ_PORTAL_PORT", "8460", "Port of the portal (sandbox only)"),
    Setting("ESOZ_PORTAL_URL", "", "Public address of the portal; empty = http://HOST:PORT"),
    Setting("ESOZ_GOVID_PORT", "8470", "Port of the simulator of id.gov.ua (sandbox only)"),
    Setting("ESOZ_GOVID_URL", "", "Address of id.gov.ua for the portal; empty = the simulator"),
    Setting("ESOZ_CENTRAL_URL", "", "Public address of central; empty = http://HOST:PORT"),
    Setting("ESOZ_MIS_URL", "", "Public address of mis; empty = http://HOST:PORT"),
    Setting("ESOZ_CABINET_URL", "", "Public address of cabinet; empty = http://HOST:PORT"),
    Setting("ESOZ_INBOX_URL", "", "Address of the development inbox; empty = http://HOST:PORT"),
    Setting(
        "ESOZ_CERTIFICATE_DIRECTORIES",
        "",
        "Where to ask for certificates of keys, with spaces: https://HOST/{key}.cer or cmp+https://HOST/PATH",
    ),
    Setting("ESOZ_DIIA_PORT", "8440", "Port of the simulator of Diia (sandbox only)"),
    Setting("ESOZ_DIIA_URL", "", "Address of Diia's API; empty = no signing with Diia, in the sandbox the simulator"),
    Setting("ESOZ_DIIA_TOKEN", "", "Acquirer token at Diia", secret=True),
    Setting("ESOZ_DIIA_AUTH_TOKEN", "", "Authorisation token of the acquirer at Diia", secret=True),
    Setting("ESOZ_DIIA_BRANCH", "", "Our branch at Diia; mis and cabinet have one each"),
    Setting("ESOZ_DIIA_OFFER", "", "Offer of the branch with the scope hashedFilesSigning"),
    Setting("ESOZ_DIIA_DIGEST", "gost34311", "What Diia signs: gost34311, kupyna256 (DSTU) or sha256 (ECDSA)"),
    Setting(
        "ESOZ_DIIA_CALLBACK_KEY",
        "",
        "Secret end of the address told to Diia: https://HOST/signing/callback/KEY",
        secret=True,
    ),
    Setting(
        "ESOZ_TRUST_CENTRE_URL", "", "Address of the trust centre, as certificates print it; empty = http://HOST:PORT"
    ),
    Setting("ESOZ_TRUST_CENTRE_PASSWORD", "", "Opens the keys of the test trust centre's authorities", secret=True),
    Setting("ESOZ_TRUST_CENTRE_API_KEY", "", "API-key of the operator of the test trust centre", secret=True),
    Setting("ESOZ_REVOCATION", "soft", "No word on revocation: soft = accept and note, hard = refuse; off: never ask"),
    Setting("ESOZ_REVOCATION_SECONDS", "3", "Longest asking about the revocation of one signer's certificate, seconds"),
    Setting("ESOZ_REVOCATION_HOSTS", "", "host:port to be asked about revocation besides those of TRUST/CAs.json"),
    Setting("ESOZ_TEST_KEYS", "", "mis: 1 = keys of test authorities may sign; otherwise only in the sandbox"),
    Setting("ESOZ_SUPPORT_PHONE", "", "mis: phone of its support, shown at sign-in and on /help"),
    Setting("ESOZ_SUPPORT_EMAIL", "", "mis: mail of its support"),
    Setting("ESOZ_SUPPORT_HOURS", "", "mis: when its support answers, in words"),
    Setting("ESOZ_SUPPORT_URL", "", "mis: address of its support's site; https://…"),
    Setting("ESOZ_OBJECTS", "", "Where signed documents are kept: a folder or an s3:// URL; empty = VAR/objects"),
    Setting(
        "ESOZ_TRUST",
        "",
        "Folder with certificates of trusted authorities, read anew when it changes; empty = VAR/trust",
    ),
    Setting("ESOZ_SECRET", "", "Signs nonces and cookies, 32+ characters; made in VAR when empty", secret=True),
    Setting(
        "ESOZ_SMS_URL",
        "http://127.0.0.1:8431",
        "SMS gateway that takes POST {phone_number, body}, once for each Idempotency-Key",
    ),
    Setting("ESOZ_SMS_TOKEN", "", "Bearer token of the SMS gateway", secret=True),
    Setting("ESOZ_SMS_SECOND_URL", "", "Gateway of a second SMS provider, asked when the first one fails"),
    Setting("ESOZ_SMS_SECOND_TOKEN", "", "Bearer token of the second SMS gateway", secret=True),
    Setting("ESOZ_VIBER_URL", "", "Viber gateway, spoken to as the SMS gateway is, 404 = no Viber; empty = no Viber"),
    Setting("ESOZ_VIBER_TOKEN", "", "Bearer token of the Viber gateway", secret=True),
    Setting(
        "ESOZ_DIIA_PUSH_URL", "", "Address of Diia's API of notifications; empty = none, in the sandbox the simulator"
    ),
    Setting("ESOZ_DIIA_PUSH_TOKEN", "", "Partner token at Diia, for notifications", secret=True),
    Setting("ESOZ_DIIA_PUSH_TEMPLATE", "", "Template of notifications at Diia: its one parameter is `text`"),
    Setting(
        "ESOZ_MESSAGE_WAYS", "push,viber,sms", "Ways of telling patients, the first one first; sms is always the last"
    ),
    Setting(
        "ESOZ_MESSAGE_SILENCE_SECONDS", "300", "A way that tells of no delivery for so long passes to the next one"
    ),
    Setting("ESOZ_MESSAGE_URGENT_SILENCE_SECONDS", "30", "The same for what somebody waits for"),
    Setting("ESOZ_SERVICE_REQUEST_DAYS", "365", "Days in which a referral may be taken, after the day it was written"),
    Setting(
        "ESOZ_SEAL_KEY", "", "Key file of central's seal, which signs where the audit log stands; empty = unsealed"
    ),
    Setting("ESOZ_SEAL_PASSWORD", "", "Password of the seal's key file", secret=True),
    Setting("ESOZ_TSP_URL", "", "Timestamp service for what the seal signs; empty = without timestamps"),
    Setting(
        "ESOZ_AUDIT_BEHIND_HOURS", "0", "central serves nobody once lines wait so long to be sealed; 0 = it always does"
    ),
    Setting("ESOZ_ARCHIVE", "", "Folder, best on another machine, with copies of the embedded database and documents"),
    Setting("ESOZ_ARCHIVE_WAITS", "1", "1 = a commit is answered once `esoz archive` has it on its disk; 0 = at once"),
    Setting("ESOZ_SMTP_HOST", "127.0.0.1", "Mail server"),
    Setting("ESOZ_SMTP_PORT", "25", "Port of the mail server"),
    Setting("ESOZ_SMTP_TLS", "", "To the mail server: starttls, or tls from the first byte; empty = in the clear"),
    Setting("ESOZ_SMTP_USER", "", "Login at the mail server, only over TLS; empty = without a login"),
    Setting("ESOZ_SMTP_PASSWORD", "", "Password of that login", secret=True),
    Setting("ESOZ_MAIL_FROM", "esoz@localhost", "Sender of mails"),
    Setting("ESOZ_MIS_API_KEY", "", "API-key of this MIS at central", secret=True),
    Setting("ESOZ_MIS_PSK", "", "Its pre-shared key (X-Custom-PSK), given with the API-key; empty = none", secret=True),
    Setting("ESOZ_POOL_SIZE", "8", "Database connections of one process"),
    Setting("ESOZ_CONNECTIONS", "1000", "Open connections to one process; beyond them the longest idle one is closed"),
    Setting("ESOZ_ADDRESS_CONNECTIONS", "250", "The same for one network address; a clinic often has only one"),
    Setting(
        "ESOZ_PROXIES",
        "127.0.0.1 ::1",
        "Addresses of reverse proxies: their X-Forwarded-For is believed, and ESOZ_CONNECTIONS alone bounds them",
    ),
    Setting(
        "ESOZ_REQUESTS_AT_ONCE",
        "0",
        "Requests that one process works on at once; the next wait up to a second; 0 = twice ESOZ_POOL_SIZE",
    ),
    Setting("ESOZ_MIGRATION_LOCK_SECONDS", "3", "How long one try of a migration waits for the lock of a table"),
    Setting("ESOZ_MAX_BODY", "10485760", "Largest request body, bytes"),
    Setting("ESOZ_STATISTICS_LEAST", "5", "The smallest number of prescriptions that public statistics tell; 1 = all"),
    Setting(
        "ESOZ_PAPER_LATE_DAYS",
        "14",
        "How old a handing over on paper or without a prescription may be when it is entered after an outage, days",
    ),
    Setting(
        "ESOZ_MARTIAL_LAW_UNTIL",
        "",
        "Last day of martial law (2026-11-22): wholesale supply without a prescription ends with it; empty = unknown",
    ),
    Setting(
        "ESOZ_DECLARATION_LIMITS",
        "PEDIATRICIAN=900 THERAPIST=2000 FAMILY_DOCTOR=1800",
        "Declarations that a doctor may have, by speciality; who has none of these takes none",
    ),
    Setting("ESOZ_ASSORTMENT_HOURS", "24", "How long patients are shown what a pharmacy told of its stock"),
    Setting(
        "ESOZ_DISPENSE_LATE_DAYS",
        "3",
        "How many days after the handing over a dispense may be recorded, with why",
    ),
    Setting(
        "ESOZ_PRICE_CATALOGUE_URL",
        "",
        "Where prices of a medicine stand, with {medication_id} in it; empty = central's own page /prices",
    ),
    Setting("ESOZ_DECLARATION_REQUEST_HOURS", "24", "How long a request for a declaration waits for its signature"),
    Setting(
        "ESOZ_DECLARATION_CHECK_HOURS",
        "24",
        "How long the НСЗУ has for a declaration on paper; then it is taken for good",
    ),
    Setting("ESOZ_RATE_LIMIT", "9000", "API: calls of one bearer to one operation in a minute; 0 = no limit"),
    Setting("ESOZ_PROCESSES", "1", "Processes of `esoz central`, on one port, and of `esoz worker`, on this machine"),
    Setting(
        "ESOZ_PROCESS_PORT",
        "0",
        "First port of central's processes one by one, for /metrics and /health of each; 0 = none",
    ),
    Setting("ESOZ_MACHINES", "1", "Machines that run central: the processes of all of them count calls together"),
    Setting("ESOZ_REFRESH_GRACE_SECONDS", "60", "A spent refresh token gets its answer again for so long; 0 = never"),
    Setting("ESOZ_PASSWORD_DAYS", "90", "Term of a password at central and in mis, days; 0 = passwords do not expire"),
    Setting("ESOZ_LOGIN_FAILURES", "3", "Wrong passwords that are forgiven before sign-in pauses"),
    Setting("ESOZ_LOGIN_PAUSE_MINUTES", "10", "How long wrong passwords are counted, and how long the pause lasts"),
    Setting(
        "ESOZ_CAPTCHA_FAILURES",
        "0",
        "central: wrong passwords from one address before its tries take a captcha; 0 = never",
    ),
    Setting("ESOZ_LOGIN_ADDRESS_FAILURES", "60", "mis: wrong passwords from one network address before it has to wait"),
    Setting("ESOZ_SHARE_HOURS", "24", "cabinet: a link that hands a prescription to somebody else lives so many hours"),
    Setting("ESOZ_SESSION_IDLE_MINUTES", "60", "Pages: a session ends after so many minutes without a request"),
    Setting("ESOZ_SESSION_HOURS", "12", "Pages: a session ends after so many hours in any case"),
    Setting("ESOZ_CONSENT_DAYS", "37", "mis: how long a refresh token of central lives, days; its end is announced"),
    Setting("ESOZ_LOG_LEVEL", "INFO", "Least level of log lines: DEBUG, INFO, WARNING, ERROR"),
)


class Settings:
    """Values of the table; unknown names raise KeyError, so a typing mistake is found at start."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        source = os.environ if environ is None else environ
        self._values = {row.name: source.get(row.name) or _from_file(row, source) or row.default for row in TABLE}

    def text(self, name: str) -> str:
        return self._values[name]

    def number(self, name: str) -> int:
        return int(self._values[name])

    def day(self, name: str) -> date | None:
        """A day written as 2026-11-22; None when it is empty."""
        return date.fromisoformat(self._values[name]) if self._values[name] else None

    def flag(self, name: str) -> bool:
        return self._values[name] == "1"

    @property
    def var(self) -> Path:
        return Path(self._values["ESOZ_VAR"]).resolve()

    @property
    def sandbox(self) -> bool:
        return self.flag("ESOZ_SANDBOX")

    @property
    def processes(self) -> int:
        """How many processes of central count calls together."""
        return self.number("ESOZ_PROCESSES") * self.number("ESOZ_MACHINES")

    def url(self, part: str) -> str:
        """Public address of `central`, `mis`, `cabinet`, `inbox` or `trust-centre`, without the last slash."""
        given = self._values[f"ESOZ_{_in_capitals(part)}_URL"]
        return given.rstrip("/") or f"http://{self.text('ESOZ_HOST')}:{self.port(part)}"

    def port(self, part: str) -> int:
        """The port of a part."""
        return self.number(f"ESOZ_{_in_capitals(part)}_PORT")

    def folder(self, name: str, inside_var: str) -> Path:
        """A folder from the setting `name`, or VAR/`inside_var`."""
        return Path(self._values[name]) if self._values[name] else self.var / inside_var

    def secret(self) -> bytes:
        """The signing secret; made once and kept in VAR (mode 600) when the setting is empty."""
        if given := self._values["ESOZ_SECRET"]:
            return given.encode()
        path = self.var / "secret"
        if not path.exists():
            _keep(path, os.urandom(32).hex().encode())
        return path.read_bytes()


def _from_file(row: Setting, source: Mapping[str, str]) -> str:
    """The value of a secret from the file that NAME_FILE names: what runs a service gives secrets as files.

    Raises ValueError when it cannot be read: a service must not start with another secret than it was given.
    """
    path = source.get(f"{row.name}_FILE", "") if row.secret else ""
    if not path:
        return ""
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise ValueError(f"{row.name}_FILE: {path} cannot be read") from fault


def _keep(path: Path, secret: bytes) -> None:
    """Make the file in one step: of several processes that start at once, all read what the first one made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
    with suppress(FileExistsError):
        os.link(part, path)
    part.unlink()


def _in_capitals(part: str) -> str:
    """The part as names of settings have it."""
    return part.upper().replace("-", "_")
