#!/usr/bin/env bash
# asn1crypto 1.5.1: a certificate whose public key is of an algorithm it does not list.
#
# Input      a valid X.509 certificate, made with Bouncy Castle, with a DSTU 4145 key (RFC 5280 allows any algorithm).
# Guess      the class PublicKeyInfo has no entry for an unknown algorithm, as AlgorithmIdentifier of signatures has; what was
#            read of the certificate until then is kept half done, and is not begun anew.
# Seen       certificate.native             KeyError('1.2.804.2.1.1.1.1.3.1.1.1.1')
#            then certificate.native        an empty OrderedDict, without an error
#            then certificate.subject       KeyError('No field numbered 0 is present in this asn1crypto.x509.Certificate')
#            subject of another copy, whose `native` was not asked for: right
# Ends with 0 while it is so, with 1 when the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "asn1crypto==1.5.1"
"$folder/venv/bin/python" - <<'PYTHON'
import base64
import sys

import asn1crypto
from asn1crypto.x509 import Certificate

RAW = base64.b64decode(
    """
    MIIBUzCB+qADAgECAgYBogD6CCQwDwYNKoYkAgEBAQEDAQEBATAtMRAwDgYDVQQDDAdkc3R1NmJl
    MQwwCgYDVQQKDANPcmcxCzAJBgNVBAYTAlVBMB4XDTI2MTEyMjAxNTgzNVoXDTI3MTEyMjAxNTgz
    NVowLTEQMA4GA1UEAwwHZHN0dTZiZTEMMAoGA1UECgwDT3JnMQswCQYDVQQGEwJVQTBIMCAGDSqG
    JAIBAQEBAwEBAQEwDwYNKoYkAgEBAQEDAQECBgMkAAQhAWxpbBk88umMTQv489INljiiW2Kk92ZZ
    /5LeCxs0KsQhoxIwEDAOBgNVHQ8BAf8EBAMCBsAwDwYNKoYkAgEBAQEDAQEBAQNDAARAGO0tJqkY
    gWovw8scOhHTqJFVsnfNl79ZPU8iP7zG8tJJuFb1ZwEFmwTBhUlZuI9mBOfJdoQ4Rtu0XzVfFKVE
    qA==
    """
)


def tried(what):
    try:
        return repr(what())
    except Exception as fault:
        return repr(fault)


print("asn1crypto", asn1crypto.__version__)
untouched, certificate = Certificate.load(RAW), Certificate.load(RAW)
seen = [
    ("subject of a copy", tried(lambda: untouched.subject.human_friendly)),
    ("native", tried(lambda: certificate.native)),
    ("native again", tried(lambda: certificate.native)),
    ("subject", tried(lambda: certificate.subject)),
]
for name, answer in seen:
    print(f"{name:18} {answer}")
expected = [
    "'Common Name: dstu6be, Organization: Org, Country: UA'",
    "KeyError('1.2.804.2.1.1.1.1.3.1.1.1.1')",
    "OrderedDict()",
    "KeyError('No field numbered 0 is present in this asn1crypto.x509.Certificate')",
]
sys.exit([answer for _, answer in seen] != expected)
PYTHON
