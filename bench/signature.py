"""`python -m bench.signature`: how fast КЕП is verified and made, with the C code and without; prints tables."""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from esoz.signature import accelerated

from .machine import Cores, facts
from .signature_cases import CONTENT, CURVES, SCHEMES, Measured, hash_size

ROOT = Path(__file__).parent.parent
# What is asked for, in milliseconds of one core: with the C code, in Python alone.
TARGETS = {"verify new m=257": (1 / 3, None), "known authority": (1.2, 30.0), "whole chain": (3.0, 90.0)}
KINDS = {
    "known signer": "document of a signer met before",
    "known authority": "document of a new signer, authority met before",
    "whole chain": "the same, nothing met before, to a root with m=431",
    "sign document": "sign a document",
}

Results = dict[str, Measured]


def main() -> int:
    """Measure in two processes and print; 1 when a target is missed."""
    arguments = _arguments()
    machine = facts(Cores.of_this_machine())
    kept = {"cpu", "cores", "system", "python", "load_before"}
    fast = _run(arguments.seconds, pure=False) if accelerated else {}
    slow = _run(arguments.seconds, pure=True)
    shown = {name: value for name, value in machine.items() if name in kept}
    shown["load_after"] = round(os.getloadavg()[0], 2)
    print("\n".join(f"{name:12} {value}" for name, value in shown.items()))
    for table in (_curves(fast, slow), _hashes(fast, slow), _documents(fast, slow)):
        print("\n" + "\n".join(_markdown(table)))
    missed = [line for results, place in ((fast, 0), (slow, 1)) for line in _missed(results, place)]
    print("\n" + ("\n".join(missed) or "Every target is met."))
    if arguments.json:
        _save(arguments.json, shown, fast, slow)
    return 1 if missed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.signature", description="Measure signatures, one process on one core.")
    parser.add_argument("--seconds", type=float, default=1.0, help="length of one measurement (1)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured to a file")
    return parser.parse_args()


def _run(seconds: float, *, pure: bool) -> Results:
    print(f"Measuring {'Python alone' if pure else 'the C code'}", file=sys.stderr)
    environment = {name: value for name, value in os.environ.items() if name != "ESOZ_SIGNATURE_PURE"}
    environment |= {"ESOZ_SIGNATURE_PURE": "1"} if pure else {}
    command = [sys.executable, "-m", "bench.signature_cases", str(seconds)]
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    measured = [Measured(**json.loads(line)) for line in done.stdout.splitlines()]
    return {each.name: each for each in measured}


def _curves(fast: Results, slow: Results) -> list[Sequence[str]]:
    quick = ("sign/s", "verify/s, key met", "verify/s, new key", "expand/s")
    head = ("curve", *quick, "Python: sign ms", "verify ms, key met", "verify ms, new key")
    verbs = ("sign", "verify known", "verify new")
    return [
        head,
        *(
            (
                f"m={m}",
                *(_rate(fast.get(f"{verb} m={m}")) for verb in (*verbs, "expand")),
                *(_milliseconds(slow.get(f"{verb} m={m}")) for verb in verbs),
            )
            for m in CURVES.values()
        ),
    ]


def _hashes(fast: Results, slow: Results) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [("hash", "MB/s", "Python: MB/s")]
    for name in slow:
        if name.startswith("hash"):
            quick = fast.get(name)
            per_second = f"{hash_size(native=True) / quick.cpu / 1e6:,.0f}" if quick else "—"
            alone = f"{hash_size(native=False) / slow[name].cpu / 1e6:.2f}"
            rows.append((name.removeprefix("hash "), per_second, alone))
    return rows


def _documents(fast: Results, slow: Results) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [(f"CAdES-BES, {CONTENT:,} bytes", "CPU ms", "wall ms", "Python: CPU ms", "wall ms")]
    for kind, words in KINDS.items():
        for scheme in SCHEMES.values():
            found = fast.get(f"{kind} {scheme}"), slow.get(f"{kind} {scheme}")
            times = [_milliseconds(each, at) for each in found for at in ("cpu", "wall")]
            rows.append((f"{words}, {scheme}", *times))
    return rows


def _rate(measured: Measured | None) -> str:
    return f"{1 / measured.cpu:,.0f}" if measured else "—"


def _milliseconds(measured: Measured | None, kind: str = "cpu") -> str:
    if measured is None:
        return "—"
    value = 1e3 * (measured.cpu if kind == "cpu" else measured.wall)
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _missed(results: Results, place: int) -> Iterable[str]:
    for begins, targets in TARGETS.items():
        target = targets[place]
        for name, measured in results.items():
            if target is not None and name.startswith(begins) and 1e3 * measured.cpu > target:
                way = ("C", "Python")[place]
                yield f"Missed: {name} ({way}) takes {_milliseconds(measured)} ms, {target:.2f} are allowed"


def _markdown(rows: list[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [f"| {' | '.join(cells)} |" for cells in padded]
    return [lines[0], "| --- |" + " ---: |" * (len(widths) - 1), *lines[1:]]


def _save(path: Path, machine: dict[str, object], fast: Results, slow: Results) -> None:
    times = {
        way: {each.name: [each.cpu, each.wall] for each in found.values()}
        for way, found in (("c", fast), ("python", slow))
    }
    path.write_text(json.dumps({"machine": machine, "seconds": times}, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
