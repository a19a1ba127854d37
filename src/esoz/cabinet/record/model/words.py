"""Values of medical records in words: codes by their dictionaries, quantities with short units, people by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from esoz.kernel.pages import mark as _

# Units as they are written beside a number; any other is told by its dictionary. Codes of eHealth/ucum/units.
SHORT_UNITS: Mapping[str, str] = {
    "%": "%",
    "Cel": "°C",
    "mm[Hg]": _("мм рт. ст."),
    "/min": _("/хв"),
    "{Beats}/min": _("уд./хв"),
    "{Breaths}/min": _("вдихів/хв"),
    "kg": _("кг"),
    "g": _("г"),
    "mg": _("мг"),
    "cm": _("см"),
    "kg/m2": _("кг/м²"),
    "mmol/L": _("ммоль/л"),
    "L": _("л"),
    "mL": _("мл"),
    "h": _("год"),
}
UNITS = "eHealth/ucum/units"
BETWEEN = "–"


@dataclass(frozen=True, slots=True)
class Words:
    """How a page tells values: `described` a code by its dictionary, `translate` our own words into its language."""

    described: Callable[[str, str], str]
    translate: Callable[[str], str]
    quantity: Callable[[Any, str], str]
    moment: Callable[[str], str]
    day: Callable[[str], str]

    def of(self, value: Any, dictionary: str = "") -> str:
        """Any value of a record; an empty string for what says nothing. `dictionary` is that of a bare code."""
        match value:
            case None | "":
                return ""
            case bool():
                return self.translate(_("так") if value else _("ні"))
            case str():
                return self.described(dictionary, value) if dictionary else value
            case int() | float():
                return self.quantity(value, "")
            case list():
                return "; ".join(filter(None, (self.of(each, dictionary) for each in value)))
        return self._of_parts(value)

    def _of_parts(self, value: Mapping[str, Any]) -> str:
        return next((tell(self, value) for names, tell in _FORMS if any(name in value for name in names)), "")

    def _measured(self, value: Mapping[str, Any]) -> str:
        code = str(value.get("code") or "")
        unit = SHORT_UNITS.get(code)
        words = self.translate(unit) if unit else self.described(str(value.get("system") or UNITS), code)
        return f"{value.get('comparator') or ''}{self.quantity(value['value'], words if code else '')}"

    def _concept(self, value: Mapping[str, Any]) -> str:
        return str(value.get("text") or "") or self.of(value["coding"])

    def _coding(self, value: Mapping[str, Any]) -> str:
        return self.described(str(value.get("system") or ""), value["code"])

    def _ratio(self, value: Mapping[str, Any]) -> str:
        return f"{self.of(value['numerator'])} / {self.of(value.get('denominator'))}"

    def _range(self, value: Mapping[str, Any]) -> str:
        return BETWEEN.join(self.of(value.get(end)) for end in ("low", "high"))

    def _period(self, value: Mapping[str, Any]) -> str:
        return f" {BETWEEN} ".join(self.moment(value[end]) for end in ("start", "end") if value.get(end))

    def _named(self, value: Mapping[str, Any]) -> str:
        return str(value.get("display_value") or value.get("text") or "") or self.of(value.get("reference"))

    def coded(self, value: Any) -> str:
        """A concept with the code that doctors know it by: «Грип (R80)»; a reference by its words."""
        words = self.of(value)
        codes = [str(each["code"]) for each in value.get("coding") or ()] if isinstance(value, Mapping) else []
        return f"{words} ({', '.join(codes)})" if codes and words not in codes else words


# What a value is, by the member that only such values have: the first row that fits tells it.
_FORMS: Sequence[tuple[Sequence[str], Callable[[Words, Mapping[str, Any]], str]]] = (
    (("value",), Words._measured),
    (("coding",), Words._concept),
    (("code",), Words._coding),
    (("numerator",), Words._ratio),
    (("low", "high"), Words._range),
    (("start", "end"), Words._period),
    (("display_value", "text", "reference"), Words._named),
)


def place(document: Mapping[str, Any], path: str) -> Any:
    """What stands in a document at a dotted path, of a list what stands in its first member; None for nothing."""
    found: Any = document
    for name in path.split("."):
        if isinstance(found, list):
            found = found[0] if found else None
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
