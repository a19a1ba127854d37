"""What `python -m bench.signature` measures: primitives on every curve, hashes, whole documents; one process, one way.

`python -m bench.signature_cases SECONDS` prints one JSON line for each case; the parent runs it once with the C code
and once without.
"""

import gc
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from esoz.signature import (
    Authority,
    Certificate,
    Issued,
    Subject,
    TrustList,
    accelerated,
    curves,
    dstu4145,
    gost34311,
    kupyna,
    sign,
    verify,
)
from esoz.signature.curves import Curve

CURVES = {number: curves.named(number).field.m for number in range(10)}
SCHEMES = {"dstu-gost": "GOST 34.311", "dstu-kupyna": "Kupyna"}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
CHANCE = random.Random(4145)
WINDOW = 0.01
FEWEST_WINDOWS = 15
CONTENT = 500
SIGNERS = 60

Call = Callable[[], object]


@dataclass(frozen=True)
class Measured:
    """The least times of one call in seconds: of the processor, and by the clock."""

    name: str
    cpu: float
    wall: float


def main() -> None:
    """Measure every case and print it."""
    seconds = float(sys.argv[1])
    for name, call in cases():
        print(json.dumps(asdict(measure(name, call, seconds))), flush=True)


def measure(name: str, call: Call, seconds: float) -> Measured:
    """The best of many short windows: a neighbour on the machine can only make a call slower."""
    call()
    start = time.perf_counter()
    call()
    calls = max(1, round(WINDOW / (time.perf_counter() - start)))
    cpu = wall = float("inf")
    windows, end = 0, time.perf_counter() + seconds
    gc.disable()
    while windows < FEWEST_WINDOWS or time.perf_counter() < end:
        cpu_start, wall_start = time.process_time(), time.perf_counter()
        for _ in range(calls):
            call()
        cpu = min(cpu, (time.process_time() - cpu_start) / calls)
        wall = min(wall, (time.perf_counter() - wall_start) / calls)
        windows += 1
        gc.collect(0)
    gc.enable()
    return Measured(name, cpu, wall)


def cases() -> Iterator[tuple[str, Call]]:
    """Names and what to call."""
    for number, m in CURVES.items():
        yield from _curve_cases(curves.named(number), f"m={m}")
    yield from _hash_cases()
    for scheme, words in SCHEMES.items():
        yield from _document_cases(scheme, words)


def _curve_cases(curve: Curve, name: str) -> Iterator[tuple[str, Call]]:
    secret = CHANCE.randrange(1, curve.order)
    public, digest = dstu4145.public_key(curve, secret), CHANCE.randbytes(32)
    signature, packed = dstu4145.sign(curve, secret, digest), curve.compress(public)

    def check() -> None:
        if not dstu4145.verify(curve, public, digest, signature):
            raise ValueError("a right signature was refused")

    def check_new() -> None:
        curve.forget_keys()
        check()

    yield f"sign {name}", lambda: dstu4145.sign(curve, secret, digest)
    yield f"verify new {name}", check_new
    yield f"verify known {name}", check
    yield f"expand {name}", lambda: curve.expand(packed)


def _hash_cases() -> Iterator[tuple[str, Call]]:
    data = CHANCE.randbytes(hash_size(native=accelerated))
    yield "hash GOST 34.311", lambda: gost34311.digest(data)
    yield "hash Kupyna-256", lambda: kupyna.digest(data, 256)
    yield "hash Kupyna-512", lambda: kupyna.digest(data, 512)
    yield "hash SHA-256", lambda: hashlib.sha256(data).digest()


def hash_size(*, native: bool) -> int:
    """Bytes that a hash is measured over."""
    return 1_000_000 if native else 20_000


def _document_cases(scheme: str, words: str) -> Iterator[tuple[str, Call]]:
    centre = Authority.create("Центр", scheme=scheme, random=CHANCE.randbytes, at=NOW - YEAR)
    issued = [_signer(centre) for _ in range(SIGNERS)]
    content = CHANCE.randbytes(CONTENT)
    documents = [sign(content, each.key, each.certificate, at=NOW) for each in issued]
    trust = _fresh_trust(centre)
    turn = _turns(centre)

    def new_signer() -> None:
        document, believed = next(turn)
        verify(documents[document], believed, at=NOW)

    yield f"sign document {words}", lambda: sign(content, issued[0].key, issued[0].certificate, at=NOW)
    yield f"known signer {words}", lambda: verify(documents[0], trust, at=NOW)
    yield f"known authority {words}", new_signer
    yield f"whole chain {words}", lambda: verify(documents[0], _fresh_trust(centre), at=NOW)


def _signer(centre: Authority) -> Issued:
    person = Subject("Кобилянська", "Ольга", "2222222222", organization="Амбулаторія", edrpou="22222222")
    return centre.issue(person, valid_from=NOW - YEAR / 2, valid_to=NOW + YEAR)


def _fresh_trust(centre: Authority) -> TrustList:
    """A trust list that has verified nothing yet, as after a start of the process."""
    for number in (6, 9):
        curves.named(number).forget_keys()
    return TrustList([Certificate.parse(certificate.der) for certificate in centre.certificates])


def _turns(centre: Authority) -> Iterator[tuple[int, TrustList]]:
    """Every signer for the first time, then all is forgotten but the authority (its share is in the time)."""
    while True:
        trust = _fresh_trust(centre)
        trust.chain(trust.certificates[-1])
        yield from ((number, trust) for number in range(SIGNERS))


if __name__ == "__main__":
    main()
