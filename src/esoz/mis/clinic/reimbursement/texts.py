"""Central's words about periods of reimbursement → what happened and what to do."""

from esoz.kernel.pages import mark as _
from esoz.mis.base.explanations import ErrorPattern

KNOWN: tuple[ErrorPattern, ...] = (
    ErrorPattern(
        r"^The period must be no longer than (\d+) days",
        _("Період задовгий."),
        _("Оберіть не більше року й покажіть ще раз."),
    ),
    ErrorPattern(
        r"^must be greater than or equal to date_from_(?:dispense|request)",
        _("Останній день періоду раніший за перший."),
        _("Виправте дати й покажіть ще раз."),
    ),
)
