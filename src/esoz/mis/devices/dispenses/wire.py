"""The journal of devices as a table of a spreadsheet."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from esoz.kernel.pages import mark as _

from .model import price_of

HEADS = (
    *(_("Записано"), _("Підрозділ"), _("Виріб"), _("Кількість"), _("Сума")),
    *(_("Відшкодування"), _("Програма"), _("Фармацевт"), _("Стан")),
)


def rows(dispense: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[tuple[object, ...]]:
    """A row for each device of a dispense."""
    for line in dispense["details"]:
        yield (
            datetime.fromisoformat(dispense["inserted_at"]),
            dispense["location"].get("display_value") or "",
            line["device"].get("display_value") or "",
            Decimal(str(line["quantity"]["value"])),
            price_of(line) if line.get("sell_price") is not None else "",
            Decimal(str(line["discount_amount"])) if line.get("discount_amount") is not None else "",
            (dispense.get("program") or {}).get("display_value") or "",
            dispense["performer"].get("display_value") or "",
            words.get(dispense["status"], dispense["status"]),
        )
