"""Bytes of strangers are decoded with every fault of decoding in mind: bad JSON, not UTF-8, nested without end."""

from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "src" / "esoz"
# Where the faults are named together; the sdk knows no kernel.
NAMED = {"kernel/payload.py", "sdk/client.py"}


def test_fault_of_decoding_is_caught_with_its_siblings() -> None:
    files = {path.relative_to(SOURCE).as_posix(): path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    assert {name for name, text in files.items() if "msgspec.DecodeError" in text} == NAMED
    assert all("UnicodeDecodeError, RecursionError" in files[name] for name in NAMED)
