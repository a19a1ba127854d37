"""The programme of the demo that pays for services: referrals are written by it, and by no programme beside."""

from uuid import uuid5

from esoz.central import programmes, services
from esoz.kernel.errors import NotFound
from esoz.kernel.work import Work
from esoz.spec.drugs.tree import NAMESPACE

GUARANTEES = programmes.Definition(
    id=uuid5(NAMESPACE, "PROGRAMME guarantees"),
    name="Програма медичних гарантій",
    type="SERVICE",
    funding_source="NHS",
    mr_blank_type="F-1",
    medical_program_settings=programmes.Settings(),
    source="Закон України № 2168-VIII: послуги за направленням оплачує держава",
)
# An electrocardiogram and a Holter, endoscopies, pictures, a consultation; other services of the catalogue it refuses.
CODES = ("96037-00", "11700-00", "11709-00", "32090-00", "30473-00", "58500-00", "55036-00", "56001-00", "13839-00")


async def offer(work: Work) -> None:
    """Make the programme where it is not there yet; what somebody has decided about it since stays."""
    try:
        await programmes.find_programme(work.db, GUARANTEES.id)
    except NotFound:
        await programmes.make_programmes(work, [GUARANTEES])
        await services.offer_services(work, GUARANTEES.id, CODES)
