"""Signing in C takes the same path through the code and the memory whatever the secrets are.

Stronger than measuring times: the compiler puts a call at every basic block and at every access of memory, and the
digests of all those calls must be equal for secrets as unlike as can be. It says nothing about instructions whose own
time depends on their operands; multiplication and PCLMULQDQ are not such on the processors of today.
"""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from esoz.signature import curves
from esoz.signature.curves import Curve

HERE = Path(__file__).parent / "constant_time"
NATIVE = Path(curves.__file__).parent / "native"
FLAGS = ("-O3", "-std=c99", "-Wall", "-Wextra", "-Wno-unused-function")
TRACING = ("-fsanitize=thread", "-fsanitize-coverage=trace-pc")
SIZE = 56
CHANCE = random.Random(4)


@pytest.fixture(scope="module")
def tracer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program that signs and tells what it went through."""
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("no gcc to trace the C code with: apt-get install gcc")
    folder = tmp_path_factory.mktemp("tracer")
    compile_only = [compiler, *FLAGS, *TRACING, f"-I{NATIVE}", "-c", str(HERE / "trace.c"), "-o", f"{folder}/trace.o"]
    subprocess.run(compile_only, check=True, timeout=120)
    subprocess.run([compiler, f"{folder}/trace.o", "-o", f"{folder}/trace"], check=True, timeout=60)
    return folder / "trace"


def secrets_of(curve: Curve) -> list[tuple[int, int]]:
    """Pairs of a private key and a one-time number: few ones, many ones, short, long, any."""
    n = curve.order
    top = 1 << (n.bit_length() - 2)
    unlike = [1, 2, 3, top, top - 1, n - 2, n // 3]
    pairs = [(d, e) for d in unlike[:3] + unlike[-2:] for e in unlike]
    return pairs + [(CHANCE.randrange(1, n - 1), CHANCE.randrange(1, n - 1)) for _ in range(20)]


def traces(tracer: Path, curve: Curve, *, portable: bool) -> dict[str, list[str]]:
    """What was traced, by the name of the function."""
    numbers = [curve.b, curve.order, *curve.base, *(number for pair in secrets_of(curve) for number in pair)]
    arguments = [curve.field.m, curve.a, int(portable), *curve.field.exponents]
    done = subprocess.run(
        [tracer, *map(str, arguments)],
        input=b"".join(number.to_bytes(SIZE, "little") for number in numbers),
        capture_output=True,
        check=True,
        timeout=300,
    )
    found: dict[str, list[str]] = {}
    for line in done.stdout.decode().splitlines():
        name, _, trace = line.partition(" ")
        found.setdefault(name, []).append(trace)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("portable", [False, True], ids=["this processor", "portable"])
@pytest.mark.parametrize("number", range(10))
def test_trace_of_signing_is_the_same_for_all_secrets(tracer: Path, number: int, portable: bool) -> None:
    curve = curves.named(number)
    found = traces(tracer, curve, portable=portable)
    expected = len(secrets_of(curve))
    for name in ("sign", "base_times"):
        assert len(found[name]) == expected
        assert len(set(found[name])) == 1, f"{name} depends on its secrets"
        assert int(found[name][0].split()[0]) > 10_000


@pytest.mark.slow
def test_trace_of_verification_differs(tracer: Path) -> None:
    """The tracer sees what there is to see: verification is for public numbers and does depend on them."""
    assert len(set(traces(tracer, curves.named(6), portable=False)["verify"])) > 20
