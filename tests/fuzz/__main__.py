"""`python -m tests.fuzz READER FOLDER [options of libFuzzer]`: searches with Atheris, coverage-guided, from the seeds.

What breaks a bound is written to FOLDER; put it into tests/fuzz/found as READER.what-it-is and mend the reader.
"""

import random
import sys
from contextlib import suppress
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["esoz.signature"]):
    from .mutations import LARGEST, mutated
    from .readers import READERS, TooCostly, feed
    from .seeds import seeds


def main() -> None:
    """Search until libFuzzer's options say that it is enough."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()[name]):
        (corpus / f"seed-{number}").write_bytes(data)
        with suppress(TooCostly):
            # Tables are made at the first use; their price is not that of an input.
            feed(READERS[name], data)
    options = [f"-artifact_prefix={folder}/", f"-max_len={LARGEST}", "-timeout=10", "-rss_limit_mb=1024", *sys.argv[3:]]
    arguments = [sys.argv[0], *options, str(corpus)]
    atheris.Setup(arguments, lambda data: feed(READERS[name], bytes(data)), custom_mutator=_mutate)
    atheris.Fuzz()


def _mutate(data: bytes, most: int, seed: int) -> bytes:
    """Half of the time our own mutation, which keeps lengths right; else that of libFuzzer."""
    chance = random.Random(seed)
    return mutated(bytes(data), chance)[:most] if chance.randrange(2) else atheris.Mutate(data, most)


if __name__ == "__main__":
    main()
