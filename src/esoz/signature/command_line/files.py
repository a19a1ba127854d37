"""Files of the command line: bytes in any of the usual wrappings, passwords, trust lists, moments."""

import argparse
import getpass
import sys
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from ..certificate import Certificate
from ..containers import KeyFile, open_key_file
from ..trust import TrustList, read_certificates
from . import words


def read(name: str) -> bytes:
    """The bytes of a file; - is standard input."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def write(name: str, data: bytes, *, secret: bool = False) -> None:
    """Write a file; one with keys is readable by its owner only."""
    if name == "-":
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    target = Path(name)
    if secret:
        target.touch(mode=0o600)
        target.chmod(0o600)
    target.write_bytes(data)


def armored(label: str, data: bytes) -> bytes:
    """PEM."""
    lines = "\n".join(wrap(b64encode(data).decode(), 64))
    return f"-----BEGIN {label}-----\n{lines}\n-----END {label}-----\n".encode()


def password_of(arguments: argparse.Namespace) -> str:
    """The password that was given, else asked for when a person sits at the terminal, else empty."""
    given = given_password(arguments)
    if given is not None:
        return given
    if sys.stdin.isatty() and arguments.file != "-":
        return getpass.getpass(words.say("password", arguments.lang) + " ")
    return ""


def given_password(arguments: argparse.Namespace) -> str | None:
    """The password of the options; None when there is none."""
    if arguments.password_file is not None:
        return first_line(arguments.password_file)
    return None if arguments.password is None else str(arguments.password)


def first_line(name: str) -> str:
    """The first line of a file, without its end."""
    return next(iter(read(name).decode("utf-8", errors="replace").splitlines()), "")


def certificates(names: list[str]) -> list[Certificate]:
    """Certificates of several files, bundles among them."""
    return [certificate for name in names for certificate in read_certificates(read(name))]


def keys(name: str, more: list[str], password: str) -> KeyFile:
    """An opened key file with the certificates given apart."""
    opened = open_key_file(read(name), password)
    found = certificates(more)
    return opened.with_certificates(found) if found else opened


def trust_of(arguments: argparse.Namespace, embedded: tuple[Certificate, ...]) -> TrustList | None:
    """The trust list that was named; None when nobody named one."""
    listed = TrustList.from_folder(arguments.trust).certificates if arguments.trust is not None else ()
    if arguments.trust is None and not arguments.trust_embedded:
        return None
    return TrustList((*listed, *embedded) if arguments.trust_embedded else listed)


def parsed_time(text: str) -> datetime:
    """ISO 8601, also a day alone; without a zone it is UTC. `ValueError` when it is not a time."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def now() -> datetime:
    """The clock of the command line; the library itself has none."""
    return datetime.now(UTC)
