"""Nothing was handed over after all: the reason, the text that is signed, the signature."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from esoz.kernel.errors import NotFound, Rejected
from esoz.kernel.pages import faults
from esoz.kernel.pages import mark as _
from esoz.mis.base.services import MisPage
from esoz.mis.documents.signing import receive_signed
from esoz.mis.link.access import calling
from esoz.mis.link.errors import explain
from esoz.sdk import CentralRefused

from .. import commands, model, queries
from ..model import Act
from ..texts import MISTAKEN
from .dispense import back
from .registry import DISPENSING, ONE, pages

NO_REASON = _("Оберіть причину.")


async def _given(page: MisPage) -> Mapping[str, Any] | None:
    """The dispense that may be said to be a mistake; None of any other. Raises NotFound."""
    found = await queries.dispense(page, await calling(page), page.id("patient"), page.id())
    if found is None:
        raise NotFound()
    return found if found["status"] == "completed" else None


@pages.add(f"GET {ONE}/mistake", roles=DISPENSING)
async def mistake_form(page: MisPage) -> Response:
    found = await _given(page)
    return back(page) if found is None else _mistake(page, found, "", {})


def _mistake(
    page: MisPage,
    found: Mapping[str, Any],
    reason: str,
    errors: Mapping[str, str],
    refused: CentralRefused | None = None,
) -> Response:
    """The reason; once it is chosen, the whole text that is signed."""
    reasons = dict(page.services.dictionaries.choices(model.REASONS))
    return page.render(
        "device_dispenses/mistake.html",
        status=422 if errors or refused else 200,
        keep=False,
        dispense=found,
        values={"reason": reason},
        content=model.mistake(found, reason) if reason in reasons else None,
        reasons=reasons,
        price_of=model.price_of,
        errors=errors,
        refused=explain(page, refused) if refused else [],
    )


@pages.add(f"POST {ONE}/mistake", roles=DISPENSING)
async def mistake(page: MisPage) -> Response:
    found, reason = await _given(page), page.form.text("reason")
    if found is None:
        return back(page)
    known = reason in dict(page.services.dictionaries.choices(model.REASONS))
    return _mistake(page, found, reason, {} if known else {"reason": NO_REASON})


@pages.add(f"POST {ONE}/mistake/sign", roles=DISPENSING)
async def sign_mistake(page: MisPage) -> Response:
    found, reason = await _given(page), page.form.text("reason")
    if found is None:
        return back(page)
    if reason not in dict(page.services.dictionaries.choices(model.REASONS)):
        return _mistake(page, found, reason, {"reason": NO_REASON})
    content = model.mistake(found, reason)
    try:
        signed = await receive_signed(page, content)
        begun = await commands.adopt(page, page.id("patient"), "", found, Act.MISTAKE)
        if begun.act is Act.MISTAKE and begun.signed is not None:
            return back(page)  # a second click
        await commands.take_back(page, begun, content, signed)
    except Rejected as problem:
        return _mistake(page, found, reason, faults(problem))
    except CentralRefused as refused:
        return _mistake(page, found, reason, {}, refused)
    page.flash(MISTAKEN)
    return back(page)
