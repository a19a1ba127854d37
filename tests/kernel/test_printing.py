"""Printed documents: whatever the text, a page comes out, and nothing that matters vanishes in silence."""

import sys
import unicodedata

import pytest
import typst

from esoz.kernel import printing
from esoz.kernel.printing import MISSING, plain, printable, typeset

TEMPLATE = b"""#let note = json(bytes(sys.inputs.note))
#set document(title: note.text)
#set text(font: sys.inputs.font, lang: "uk")
#note.text *#note.text* #if note.replaced [replaced]"""

ODD = [
    *(
        "\uf0b7",
        "\uf0fc",
        "💊",
        "1️⃣",
        "👩‍⚕️",
        "药",
        "ع",
        "\N{ARABIC-INDIC DIGIT THREE}",
        "𝟓",
        "①",
        "℃",
        "½",
        "№",
        "☐",
        "≥",
    ),
    *(
        "\x00",
        "\x07",
        "\x1b",
        "\x7f",
        "\x85",
        "\t",
        "\r\n",
        "\x0b",
        "\u2028",
        "\ud800",
        "\uffff",
        "\U000f0000",
        "\U0003ffff",
    ),
    *(
        "\u200b",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\xad",
        "\ufe0f",
        "\U000e0041",
        "\u0301",
        "и\u0306",
        "a\u0331\u20dd",
    ),
    "ж" * 400,
    "\n" * 60,
]


class TestTypeset:
    @pytest.mark.parametrize("odd", ODD, ids=[f"U+{ord(text[0]):04X}" for text in ODD])
    def test_of_odd_signs_then_a_page(self, odd: str) -> None:
        pdf = typeset(TEMPLATE, {"text": f"По 1 {odd} табл."})
        assert pdf.startswith(b"%PDF-") and b"pdfuaid" in pdf

    def test_of_every_assigned_block_then_a_page(self) -> None:
        """The first sign of each hundred of all Unicode has, in one text and in a list."""
        signs = [chr(code) for code in range(0, sys.maxunicode + 1, 997)]
        pdf = typeset(TEMPLATE, {"text": " ".join(signs), "more": signs, "deep": {"inner": signs}})
        assert pdf.startswith(b"%PDF-")

    def test_when_accessible_form_is_impossible_then_printed_without_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(printing, "printable", lambda text: text)
        pdf = typeset(TEMPLATE, {"text": "💊"})
        assert pdf.startswith(b"%PDF-") and b"pdfuaid" not in pdf

    def test_of_a_broken_template_then_raised(self) -> None:
        with pytest.raises(typst.TypstError):
            typeset(b"#nothing", {})


class TestPlain:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("\uf0b7 двічі", "• двічі"),
            ("один\x07два", "одиндва"),
            ("один\tдва", "один два"),
            ("один\r\nдва\u2028три", "один\nдва\nтри"),
            ("\u202e52\u202c мг", "52 мг"),
            ("й", "й"),
            ("\ud800", MISSING),
            ("", ""),
        ],
    )
    def test_then_only_what_a_page_can_show(self, text: str, shown: str) -> None:
        assert plain(text) == shown

    def test_of_a_long_word_then_it_may_break_and_loses_nothing(self) -> None:
        word = "ж" * 100
        assert "\u200b" in plain(word) and plain(word).replace("\u200b", "") == word


class TestPrintable:
    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("1️⃣ табл.", "1 табл."),
            ("5 ㎎", "5 mg"),
            ("💊", MISSING),
            ("药 2 рази", f"{MISSING} 2 рази"),
            ("№ 5, ≥ 37 ℃, ½, ґ є ї", "№ 5, ≥ 37 ℃, ½, ґ є ї"),
        ],
    )
    def test_then_what_people_mean_or_the_mark(self, text: str, shown: str) -> None:
        assert printable(unicodedata.normalize("NFC", text)) == shown
