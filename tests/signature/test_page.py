"""The page for strangers: every example runs, one after another, and every public name stands in its table."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import esoz.signature as library
from esoz.signature import SignatureError, write_pkcs12

from .centre import centre, doctor_of
from .services import TimestampService
from .test_unsigned import container

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "signatures-in-python.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the page supposes to be there."""
    doctor, authority = doctor_of("ecdsa"), centre("ecdsa")
    (tmp_path / "trust").mkdir()
    for place, certificate in enumerate(authority.certificates):
        (tmp_path / "trust" / f"{place}.cer").write_bytes(certificate.der)
    (tmp_path / "document.p7s").write_bytes(container(library.Level.BES))
    (tmp_path / "key.p12").write_bytes(write_pkcs12(doctor.key, doctor.chain, "password"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_examples_run_one_after_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    service = TimestampService.create(centre("ecdsa"), at=now - timedelta(days=1))
    names: dict[str, object] = {"__name__": "page", "send": partial(service.answer, at=now)}
    assert len(EXAMPLES) >= 6
    for example in EXAMPLES:
        exec(compile(example, "signatures-in-python.md", "exec"), names)
    told = capsys.readouterr().out
    assert "Кобилянська" in told
    assert "T\n" in told
    assert (folder / "mine.p7s").is_file()


def test_every_public_name_stands_in_the_table() -> None:
    table = PAGE.partition("## What there is")[2]
    kinds = {name for name in library.__all__ if _is_error(name)}
    missing = [name for name in library.__all__ if f"`{name}`" not in table and name not in kinds]
    assert missing == ["accelerated"]


def _is_error(name: str) -> bool:
    found = getattr(library, name)
    return isinstance(found, type) and issubclass(found, SignatureError)
