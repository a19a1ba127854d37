"""A finished dispense taken back: what comes back and why, the document shown, signed by the pharmacist."""

from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.responses import Response

from esoz.kernel.errors import Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain, field_faults
from esoz.sdk import CentralRefused, CentralUnavailable

from .. import commands, queries
from ..forms import RETURN_REASONS, read_return, still_given
from .counter import DISPENSING
from .registry import pages

RETURNED = _("Повернення записано. Ліки за рецептом можна відпустити знову, доки він дійсний.")


async def _dispense(page: MisPage) -> Mapping[str, Any] | None:
    """The dispense that may be taken back; None of any other."""
    found = await queries.dispense(page, await calling(page), page.id())
    return found if found["status"] == "PROCESSED" and still_given(found) else None


def _back(page: MisPage) -> Response:
    return page.redirect(f"/pharmacy/dispenses/{page.id()}")


@pages.add("GET /pharmacy/dispenses/{id}/return", roles=DISPENSING)
async def return_form(page: MisPage) -> Response:
    found = await _dispense(page)
    if found is None:
        return _back(page)
    return _form(page, found, {f"qty-{id}": f"{left.normalize():f}" for id, left in still_given(found).items()}, {})


def _form(
    page: MisPage,
    found: Mapping[str, Any],
    values: Mapping[str, str],
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
) -> Response:
    return page.render(
        "pharmacy/return.html",
        status=422 if errors or refused else 200,
        keep=False,
        dispense=found,
        left=still_given(found),
        reasons=RETURN_REASONS,
        values=values,
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add("POST /pharmacy/dispenses/{id}/return", roles=DISPENSING)
async def prepare(page: MisPage) -> Response:
    """The document to be signed, shown in full."""
    found, values = await _dispense(page), page.form.values()
    if found is None:
        return _back(page)
    asked, errors = read_return(values, found)
    return _form(page, found, values, errors) if errors else _to_sign(page, found, asked, values)


def _to_sign(
    page: MisPage,
    found: Mapping[str, Any],
    asked: Mapping[str, Any],
    values: Mapping[str, str],
    *,
    errors: Mapping[str, str] | None = None,
    lost: bool = False,
) -> Response:
    kept = {name: text for name, text in values.items() if name.startswith(("qty-", "return_reason"))}
    back = {each["program_medication_id"]: each["medication_qty"] for each in asked.get("returned", ())}
    return page.render(
        "pharmacy/return_sign.html",
        status=503 if lost else 422 if errors else 200,
        keep=False,
        dispense=found,
        back=back or {id: str(left) for id, left in still_given(found).items()},
        asked=asked,
        content=_content(found, asked),
        reasons=RETURN_REASONS,
        kept=kept,
        errors=errors or {},
        lost=lost,
    )


def _content(found: Mapping[str, Any], asked: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({**found, **asked})


@pages.add("POST /pharmacy/dispenses/{id}/return/sign", roles=DISPENSING)
async def sign_return(page: MisPage) -> Response:
    found, values = await _dispense(page), page.form.values()
    if found is None:
        return _back(page)
    asked, errors = read_return(values, found)
    if errors:
        return _form(page, found, values, errors)
    try:
        signed = await receive_signed(page, _content(found, asked))
        await commands.take_back(page, page.id(), signed)
    except Rejected as problem:
        return _to_sign(page, found, asked, values, errors=faults(problem))
    except CentralRefused as refused:
        known = {
            f"$.returned[{place}].medication_qty": f"qty-{each['program_medication_id']}"
            for place, each in enumerate(asked.get("returned", ()))
        }
        fields = {field: text for field, text in field_faults(page, refused, known).items() if field}
        return _form(page, found, values, fields, refused)
    except CentralUnavailable:
        return _to_sign(page, found, asked, values, lost=True)
    page.flash(RETURNED)
    return _back(page)
