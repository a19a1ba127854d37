"""A document judged later than it came: providers are asked now, whether it was to be trusted then."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from esoz.gateways.verifier import Mode, TrustListVerifier
from esoz.kernel.errors import Rejected
from esoz.kernel.work import NeedsExternal, SignedContent
from esoz.signature import Authority, Issued, Revocation, sign
from tests.factories.keys import Keys

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
CAME = NOW - timedelta(hours=3)


@pytest.fixture(scope="module")
def keys() -> Keys:
    source = random.Random(7)
    return Keys(Authority.create("КНЕДП", scheme="dstu-gost", random=source.randbytes, at=NOW.replace(year=2025)), NOW)


async def judged(verifier: TrustListVerifier, signer: Issued) -> SignedContent:
    document = sign(b"{}", signer.key, signer.certificate, at=CAME)
    try:
        return verifier(document, at=CAME, now=NOW)
    except NeedsExternal as need:
        await need.asking()
    return verifier(document, at=CAME, now=NOW)


# SG-9, JB-1
@pytest.mark.parametrize("mode", [Mode.SOFT, Mode.HARD])
async def test_good_then_proven_by_an_answer_of_now(keys: Keys, mode: Mode) -> None:
    found = await judged(keys.verifier(mode=mode), keys.person())
    assert not found.asks_again, "an answer given after the document came is believed"


@pytest.mark.parametrize(("since", "is_taken"), [(timedelta(hours=1), True), (timedelta(hours=4), False)])
async def test_revoked_after_or_before_it_came_then_taken_or_refused(
    keys: Keys, since: timedelta, is_taken: bool
) -> None:
    signer = keys.person()
    keys.revoked[signer.certificate.serial_number] = Revocation(NOW - since, None)
    if is_taken:
        assert (await judged(keys.verifier(), signer)).content == b"{}"
    else:
        with pytest.raises(Rejected) as refusal:
            await judged(keys.verifier(), signer)
        assert refusal.value.invalid[0].rule == "revoked"
