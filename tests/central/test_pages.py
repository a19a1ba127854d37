"""Pages of central: every text has its words in both languages."""

import pytest

from esoz.kernel.pages import translations


@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_text_has_its_words(language: str) -> None:
    assert translations.untranslated("esoz.central", language) == []
