"""Files of the command line: bytes in any of the usual wrappings, passwords, trust lists, moments."""

import argparse
import getpass
import re
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap

from ..certificate import Certificate
from ..containers import KeyFile, open_key_file
from ..errors import NotAKeyFile, NotASignature, SignatureError, Unreadable
from ..trust import TrustList, read_certificates
from . import messages
from .recognising import kind_of

_UKRAINIAN_DAY = re.compile(r"(\d\d)\.(\d\d)\.(\d{4})")


def read(name: str) -> bytes:
    """The bytes of a file; - is standard input."""
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


@contextmanager
def about(name: str) -> Iterator[None]:
    """Says of which file a refusal speaks, where a command reads several."""
    try:
        yield
    except SignatureError as fault:
        fault.add_note(name)
        raise


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
    password = given_password(arguments)
    if password is not None:
        return password
    if sys.stdin.isatty() and arguments.file != "-":
        return getpass.getpass(messages.say("password", arguments.lang) + " ")
    return ""


def given_password(arguments: argparse.Namespace) -> str | None:
    """The password of the options; None when there is none."""
    if arguments.password_file is not None:
        return first_line(arguments.password_file)
    return None if arguments.password is None else str(arguments.password)


def _no_key_file(data: bytes, fault: Unreadable) -> Unreadable:
    """The same refusal, saying what the file is when it is something else."""
    try:
        return NotAKeyFile(kind_of(data))
    except NotASignature as other:
        return NotAKeyFile(other.detail)
    except SignatureError:
        return fault


def key_password(arguments: argparse.Namespace) -> str | None:
    """That of the keys in a Java store, where it is another one."""
    return None if arguments.key_password_file is None else first_line(arguments.key_password_file)


def first_line(name: str) -> str:
    """The first line of a file, without its end."""
    return next(iter(read(name).decode("utf-8", errors="replace").splitlines()), "")


def certificates(names: list[str]) -> list[Certificate]:
    """Certificates of several files, bundles among them."""
    found = []
    for name in names:
        with about(name):
            found += read_certificates(read(name))
    return found


def keys(name: str, arguments: argparse.Namespace, password: str) -> KeyFile:
    """An opened key file with the certificates given apart."""
    with about(name):
        data = read(name)
        try:
            opened = open_key_file(data, password, key_password(arguments))
        except Unreadable as fault:
            raise _no_key_file(data, fault) from fault
    found = certificates(arguments.certificate)
    return opened.with_certificates(found) if found else opened


def trust_of(arguments: argparse.Namespace, embedded: tuple[Certificate, ...]) -> TrustList | None:
    """The trust list that was named; None when nobody named one."""
    if arguments.trust is None and not arguments.trust_embedded:
        return None
    listed: tuple[Certificate, ...] = ()
    if arguments.trust is not None:
        # An absent file is told of as any other one.
        Path(arguments.trust).stat()
        with about(arguments.trust):
            listed = TrustList.from_folder(arguments.trust).certificates
    return TrustList((*listed, *embedded) if arguments.trust_embedded else listed)


def parsed_time(text: str) -> datetime:
    """ISO 8601, also a day alone, and 31.12.2026 with or without hours; without a zone it is UTC."""
    day = _UKRAINIAN_DAY.match(text)
    try:
        moment = datetime.fromisoformat(f"{day[3]}-{day[2]}-{day[1]}{text[day.end() :]}" if day else text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not a time: {text!r}; write 2026-12-31 or 2026-12-31T23:59Z") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def now() -> datetime:
    """The clock of the command line; the library itself has none."""
    return datetime.now(UTC).replace(microsecond=0)
