"""Secrets come in the environment or as files."""

from pathlib import Path

import pytest

from esoz.kernel.settings import Settings


def test_secret_from_a_file_then_without_its_line_end(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("пароль з файла\n", "utf-8")
    settings = Settings({"ESOZ_SMTP_PASSWORD_FILE": str(path), "ESOZ_SECRET_FILE": str(path)})
    assert settings.text("ESOZ_SMTP_PASSWORD") == "пароль з файла"
    assert settings.secret() == "пароль з файла".encode()


def test_both_given_then_the_environment_counts(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("from the file")
    given = {"ESOZ_SMTP_PASSWORD_FILE": str(path), "ESOZ_SMTP_PASSWORD": "given"}
    assert Settings(given).text("ESOZ_SMTP_PASSWORD") == "given"


def test_file_that_cannot_be_read_then_told_at_start_without_a_secret(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none", tmp_path, tmp_path / "odd"):
        with pytest.raises(ValueError, match="ESOZ_SMTP_PASSWORD_FILE"):
            Settings({"ESOZ_SMTP_PASSWORD_FILE": str(path)})


def test_what_is_no_secret_then_no_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "host").write_text("elsewhere")
    assert Settings({"ESOZ_SMTP_HOST_FILE": str(tmp_path / "host")}).text("ESOZ_SMTP_HOST") == "127.0.0.1"
