"""By what somebody who helps a patient looks for them: fewer facts than a clinic's search needs."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """What is given must all fit; `phone` is one by which the person confirms their acts."""

    tax_id: str | None = None
    unzr: str | None = None
    phone: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    birth_date: date | None = None

    @property
    def has_number(self) -> bool:
        return any((self.tax_id, self.unzr, self.phone))

    @property
    def has_name(self) -> bool:
        return all((self.last_name, self.first_name, self.birth_date))
