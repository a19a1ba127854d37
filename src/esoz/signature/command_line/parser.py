"""What the commands are called and which options they take."""

import argparse
import os
import sys
from collections.abc import Callable

from ..errors import SignatureError, Unreadable
from . import converting, inspecting, messages, signing, verifying
from .files import parsed_time

# Exit statuses: what was asked is so; it is not; the files cannot be read or are not what they should be.
DONE, REFUSED, UNREADABLE = 0, 1, 2

_MOMENT = "moment of judgement: 2026-12-31, 2026-12-31T23:59Z, 31.12.2026; UTC without a zone, now when absent"

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
    _verify(_command(commands, "verify", "who signed a document, and whether the signatures are valid"))
    _sign(_command(commands, "sign", "sign a document with a key file"))
    _inspect(_command(commands, "inspect", "what is inside any file of electronic signatures"))
    _convert(_command(commands, "convert", "key files, PEM and DER, attached and detached signatures"))


_EXAMPLES = {
    "verify": """examples:
  verify document.p7s --trust certificates/
  verify document.p7s --content document.pdf --trust CACertificates.p7b --at 2026-12-31 --json
exit status: 0 all signatures are valid, 1 they are not, 2 a file cannot be read or is no signature""",
    "sign": """examples:
  sign document.pdf --key key.p12 --output document.pdf.p7s
  sign document.pdf --key Key-6.dat --certificate me.cer --detached --level T --output document.pdf.p7s
exit status: 0 signed, 1 refused (a wrong password, no certificate), 2 a file cannot be read""",
    "inspect": """examples:
  inspect anything.p7s
  inspect key.p12 --password-file password.txt --json
exit status: 0 told, 1 refused (a wrong password), 2 nothing that is known""",
    "convert": """examples:
  convert key.jks --to pkcs12 --output key.p12
  convert document.p7s --to content --output document.pdf
exit status: 0 written, 1 refused (a wrong password, no document), 2 a file cannot be read""",
}


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, about: str
) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    return commands.add_parser(name, help=about, description=about, epilog=_EXAMPLES[name], formatter_class=raw)


def _verify(parser: argparse.ArgumentParser) -> None:
    about = "the signature: DER, PEM, base64, S/MIME, ASiC or a signed PDF; - is standard input"
    _common(parser, verifying.run, about, verifying.refused)
    parser.add_argument("--content", metavar="FILE", help="the document of a detached signature")
    parser.add_argument("--nested", action="store_true", help="also verify signed files inside the signed file")
    _trust(parser)
    parser.add_argument("--revocations", metavar="FILE", nargs="+", default=[], help="revocation lists, OCSP answers")
    parser.add_argument("--at", type=parsed_time, metavar="TIME", help=_MOMENT)
    parser.add_argument("--json", action="store_true", help="for programs")


def _sign(parser: argparse.ArgumentParser) -> None:
    _common(parser, signing.run, "the document, or the signature to add to")
    parser.add_argument("--key", metavar="FILE", required=True, help="PKCS#12, JKS, JCEKS, PKCS#8, PEM, Key-6.dat")
    _password(parser)
    parser.add_argument("--certificate", metavar="FILE", nargs="+", default=[], help="when the key file has none")
    _output(parser)
    parser.add_argument("--detached", action="store_true", help="leave the document apart")
    asic = "write an archive (ASiC-E) of FILE and these further files with their signature"
    parser.add_argument("--asic", metavar="FILE", nargs="*", help=asic)
    parser.add_argument("--pem", action="store_true", help="write PEM instead of DER")
    parser.add_argument("--add", action="store_true", help="FILE is a signature: sign its document in parallel")
    parser.add_argument("--counter", action="store_true", help="FILE is a signature: sign the signatures in it")
    parser.add_argument("--content", metavar="FILE", help="the document of a detached signature, for --add")
    parser.add_argument("--level", choices=signing.LEVELS, default="BES", help="how much proof to collect")
    timestamp = "a timestamp over the document as well; from level T on it is there unless it is turned off"
    parser.add_argument("--content-timestamp", action=argparse.BooleanOptionalAction, help=timestamp)
    parser.add_argument("--tsp", metavar="URL", help="timestamp service; the certificate names it when absent")
    parser.add_argument("--ocsp", metavar="URL", help="OCSP service; the certificates name it when absent")
    parser.add_argument("--crl", metavar="URL", help="revocation list where OCSP cannot tell; likewise")
    _trust(parser)
    parser.add_argument("--at", type=parsed_time, metavar="TIME", help="claimed signing time; now when absent")


def _inspect(parser: argparse.ArgumentParser) -> None:
    _common(parser, inspecting.run, "certificate, key file, signature, CRL, OCSP or TSP request or answer, PKCS#10")
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


def _common(
    parser: argparse.ArgumentParser, run: Command, about: str, refused: Callable[[str], None] = inspecting.refused
) -> None:
    parser.add_argument("file", metavar="FILE", help=about)
    parser.add_argument("--lang", choices=("uk", "en"), default="uk", help="language of the answers")
    parser.set_defaults(signature_command=_guarded(run, refused))


def _trust(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--trust", metavar="DIR", help="folder of trusted certificates, or CACertificates.p7b")
    parser.add_argument("--trust-embedded", action="store_true", help="believe the certificates inside the signature")


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", metavar="FILE", default="-", help="where to write; standard output when absent")


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-file", metavar="FILE", help="first line is the password; asked for when absent")
    parser.add_argument("--password", metavar="TEXT", help="the password itself: others on the machine can see it")
    parser.add_argument(
        "--key-password-file", metavar="FILE", help="when the keys of a Java store have a password of their own"
    )


def _guarded(run: Command, refused: Callable[[str], None]) -> Command:
    """Every refusal as a sentence and an exit status, and as JSON where that was asked for."""

    def guarded(arguments: argparse.Namespace) -> int:
        try:
            status = run(arguments)
            sys.stdout.flush()
            return status
        except SignatureError as fault:
            notes = getattr(fault, "__notes__", [])
            sentence = ": ".join([*notes, messages.reason(fault, arguments.lang)])
            status = UNREADABLE if isinstance(fault, Unreadable) else REFUSED
        except BrokenPipeError:
            # Whoever reads the answer has read enough, as `head` does; what is left must not be written at the exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return REFUSED
        except OSError as fault:
            sentence, status = messages.file_reason(fault, arguments.lang), UNREADABLE
        if getattr(arguments, "json", False):
            refused(sentence)
        print(sentence, file=sys.stderr)
        return status

    return guarded
