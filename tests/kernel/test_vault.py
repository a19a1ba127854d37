"""Marks by which sealed rows are found again."""

from esoz.kernel.vault import Vault

SECRET = b"the installation's secret, long enough"


class TestMark:
    def test_same_value_then_same_mark(self) -> None:
        assert Vault(SECRET, "a part").mark("3113200000", "row") == Vault(SECRET, "a part").mark("3113200000", "row")

    def test_another_value_purpose_part_or_secret_then_another_mark(self) -> None:
        vault = Vault(SECRET, "a part")
        marks = {
            vault.mark("3113200000", "row"),
            vault.mark("3113200001", "row"),
            vault.mark("3113200000", "other row"),
            Vault(SECRET, "other part").mark("3113200000", "row"),
            Vault(SECRET + b".", "a part").mark("3113200000", "row"),
        }
        assert len(marks) == 5
