"""What the commands are called and which options they take."""

import argparse
import sys
from collections.abc import Callable

from ..errors import SignatureError, Unreadable
from . import converting, judging, looking, making, words
from .files import parsed_time

# Exit statuses: what was asked is so; it is not; the files cannot be read or are not what they should be.
DONE, REFUSED, UNREADABLE = 0, 1, 2

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run one command of `python -m esoz.signature`; the exit status is 0, 1 or 2."""
    parser = argparse.ArgumentParser(prog="python -m esoz.signature", description=ABOUT)
    add_to(parser)
    chosen = parser.parse_args(arguments)
    return int(chosen.signature_command(chosen))


ABOUT = "Electronic signatures (КЕП): verify, sign, inspect, convert."


def add_to(parser: argparse.ArgumentParser) -> None:
    """Put the commands under a parser; `signature_command` of the parsed arguments runs the one that was chosen."""
    commands = parser.add_subparsers(required=True, metavar="verify|sign|inspect|convert")
    _verify(commands.add_parser("verify", help="who signed a document, and whether the signatures are valid"))
    _sign(commands.add_parser("sign", help="sign a document with a key file"))
    _inspect(commands.add_parser("inspect", help="what is inside any file of electronic signatures"))
    _convert(commands.add_parser("convert", help="key files, PEM and DER, attached and detached signatures"))


def _verify(parser: argparse.ArgumentParser) -> None:
    _common(parser, judging.run, "the signature: DER, PEM or base64; - is standard input")
    parser.add_argument("--content", metavar="FILE", help="the document of a detached signature")
    _trust(parser)
    parser.add_argument("--revocations", metavar="FILE", nargs="+", default=[], help="revocation lists, OCSP answers")
    parser.add_argument("--at", type=parsed_time, metavar="TIME", help="moment of judgement, ISO 8601; now when absent")
    parser.add_argument("--json", action="store_true", help="for programs")


def _sign(parser: argparse.ArgumentParser) -> None:
    _common(parser, making.run, "the document, or the signature to add to")
    parser.add_argument("--key", metavar="FILE", required=True, help="JKS, PKCS#12, PKCS#8, PEM, Key-6.dat")
    _password(parser)
    parser.add_argument("--certificate", metavar="FILE", nargs="+", default=[], help="when the key file has none")
    _output(parser)
    parser.add_argument("--detached", action="store_true", help="leave the document apart")
    parser.add_argument("--pem", action="store_true", help="write PEM instead of DER")
    parser.add_argument("--add", action="store_true", help="FILE is a signature: sign its document in parallel")
    parser.add_argument("--counter", action="store_true", help="FILE is a signature: sign the signatures in it")
    parser.add_argument("--content", metavar="FILE", help="the document of a detached signature, for --add")
    parser.add_argument("--level", choices=("BES", "T", "XL"), default="BES", help="how much proof to collect")
    parser.add_argument("--tsp", metavar="URL", help="timestamp service; the certificate names it when absent")
    parser.add_argument("--ocsp", metavar="URL", help="OCSP service; the certificates name it when absent")
    _trust(parser)
    parser.add_argument("--at", type=parsed_time, metavar="TIME", help="claimed signing time; now when absent")


def _inspect(parser: argparse.ArgumentParser) -> None:
    _common(parser, looking.run, "certificate, key file, signature, CRL, OCSP or TSP request or answer, PKCS#10")
    _password(parser)
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--asn1", action="store_true", help="every byte of the structure")


def _convert(parser: argparse.ArgumentParser) -> None:
    _common(parser, converting.run, "what to convert")
    parser.add_argument("--to", choices=tuple(converting.FORMS), required=True, help="the form to write")
    _output(parser)
    _password(parser)
    parser.add_argument("--new-password-file", metavar="FILE", help="password of the new key file; the same if absent")
    parser.add_argument("--certificate", metavar="FILE", nargs="+", default=[], help="certificates to put in")
    parser.add_argument("--content", metavar="FILE", help="the document to put into a detached signature")


def _common(parser: argparse.ArgumentParser, run: Command, about: str) -> None:
    parser.add_argument("file", metavar="FILE", help=about)
    parser.add_argument("--lang", choices=("uk", "en"), default="uk", help="language of the answers")
    parser.set_defaults(signature_command=_guarded(run))


def _trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trust", metavar="DIR", help="folder of trusted certificates, or CACertificates.p7b")
    parser.add_argument("--trust-embedded", action="store_true", help="believe the certificates inside the signature")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", default="-", help="where to write; standard output when absent")


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-file", metavar="FILE", help="first line is the password; asked for when absent")
    parser.add_argument("--password", metavar="TEXT", help="the password itself: others on the machine can see it")


def _guarded(run: Command) -> Command:
    """Every refusal as a sentence and an exit status."""

    def guarded(arguments: argparse.Namespace) -> int:
        try:
            return run(arguments)
        except SignatureError as fault:
            print(words.reason(fault, arguments.lang), file=sys.stderr)
            return UNREADABLE if isinstance(fault, Unreadable) else REFUSED
        except OSError as fault:
            sentence = words.say("no_file", arguments.lang)
            print(f"{sentence} {fault.filename or ''} ({fault.strerror or fault})", file=sys.stderr)
            return UNREADABLE

    return guarded
