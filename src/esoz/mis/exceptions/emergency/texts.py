"""What central's refusals of handing over without a prescription mean, and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

NOT_SENT = _("ЕСОЗ не відповіла. Запис підписано й збережено тут: надішліть його ще раз, коли з’явиться зв’язок.")
UNANSWERED = _("Запис уже підписано, але відповіді ЕСОЗ не було. Надішліть його ще раз: двічі його не врахують.")
CANCELLED = _("Запис позначено як помилковий.")
FORGOTTEN = _("Чернетку видалено.")

KNOWN = (
    ErrorPattern(
        r"^Dispensing without a prescription is not allowed",
        _("У цьому місці в цей день без рецепта відпускати не можна: територія не в переліку бойових дій чи окупації."),
        _("Перевірте день і підрозділ. Якщо вони правильні, потрібен рецепт."),
    ),
    ErrorPattern(
        r"^Only antibacterial medicines are dispensed",
        _("Без рецепта на цих територіях відпускають лише антибіотики."),
        _("Відпускайте за електронним або паперовим рецептом."),
    ),
)
