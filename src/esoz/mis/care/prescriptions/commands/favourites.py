"""Keeping a course for the next patient, and throwing it away."""

from collections.abc import Sequence
from uuid import UUID

from esoz.kernel.clock import new_id
from esoz.kernel.errors import NotFound
from esoz.mis.base.journal import record
from esoz.mis.base.services import MisPage

from .. import store
from ..forms import course_in_any
from ..model.course import Course
from ..model.favourites import MOST_KEPT, Favourite, FavouriteEvent, kept
from ..model.prescriptions import Prescription


async def save(page: MisPage, rx: Prescription, *, is_shared: bool) -> bool:
    """Keep how a prescription is taken; False when its form is no course, or the user has too many already."""
    form = kept(rx.form)
    course = course_in_any(form, rx.drug, page.today, page.services.dictionaries, may_be_past=True)
    if not isinstance(course, Course):
        return False
    favourite = Favourite(
        id=new_id(),
        clinic_id=page.user.work.clinic_id,
        user_id=page.user.id,
        is_shared=is_shared,
        drug_id=rx.drug.id,
        drug_name=rx.drug.name,
        form=form,
        words=course.signature,
    )
    # Sharing what is kept already adds none.
    is_full = await store.count_favourites(page.db, favourite.user_id, favourite.clinic_id) >= MOST_KEPT
    if is_full and not await store.is_favourite(page.db, favourite):
        return False
    await store.keep_favourite(page.db, favourite, page.now)
    await record(page, FavouriteEvent.SAVED, favourite.id, shared=is_shared)
    return True


async def remove(page: MisPage, favourite_id: UUID) -> None:
    """Raises NotFound for one of another clinic, and a colleague's own."""
    if not await store.drop_favourite(page.db, favourite_id, page.user.id, page.user.work.clinic_id):
        raise NotFound()
    await record(page, FavouriteEvent.REMOVED, favourite_id)


async def mine(page: MisPage, *, limit: int = 2 * MOST_KEPT) -> Sequence[Favourite]:
    """The user's own and those of the clinic."""
    return await store.favourites(page.db, page.user.id, page.user.work.clinic_id, limit=limit)
