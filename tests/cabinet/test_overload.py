"""The cabinet under pressure: its places are bounded, and what was typed outlives a central that is away."""

import re
from html import unescape

from esoz.cabinet.app import Cabinet

from .conftest import Browser, Road


def test_site_then_its_places_are_bounded(cabinet: Cabinet) -> None:
    assert cabinet.site.admission.at_once == 16


async def test_central_away_then_the_page_carries_the_form_which_then_passes(visitor: Browser, road: Road) -> None:
    await visitor.open("/sign-in")
    document = visitor.world.patient.sign(visitor.to_be_signed)
    road.is_cut = True
    answer = await visitor.send_signed(document)
    assert answer.status_code == 503
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', answer.text)
    fields = {unescape(name): unescape(value) for name, value in pairs}
    assert fields["signed_content"] == document
    road.is_cut = False
    assert (await visitor.client.post("/sign-in", data=fields)).status_code == 303
