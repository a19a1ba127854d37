"""The pages of this section, gathered."""

from esoz.mis.base.services import MisPages
from esoz.mis.base.workplace import PHARMACY, holders
from esoz.mis.pharmacy import DEVICES

pages: MisPages = MisPages()

DISPENSING = PHARMACY & holders("device_dispense:write") & holders("device_request:read")
READING = PHARMACY & holders("device_dispense:read")
NUMBER, ONE = f"{DEVICES}/number/{{number}}", f"{DEVICES}/{{patient}}/{{id}}"
