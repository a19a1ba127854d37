"""Pure rules of the stock: what goes first, what never goes, what the books lack."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from esoz.mis.pharmacy.model import Offer, in_order
from esoz.mis.stock.model.batches import AtHand, Batch, Counted, take

TODAY = date(2026, 11, 30)
MADE = datetime(2026, 11, 1, tzinfo=UTC)


def batch(number: int, quantity: str, days: int) -> Batch:
    return Batch(
        id=UUID(int=number),
        medication_id=UUID(int=1),
        series=str(number),
        expires_on=TODAY + timedelta(days=days),
        price=Decimal(10),
        quantity=Decimal(quantity),
        created_at=MADE,
    )


# PH-1, PH-2, PH-3
class TestTake:
    def test_of_two_batches_then_from_the_one_that_expires_first(self) -> None:
        taken = take([batch(1, "10", 90), batch(2, "4", 30)], Decimal(6), TODAY)
        assert [(each.batch_id, each.quantity) for each in taken] == [(UUID(int=2), 4), (UUID(int=1), 2)]

    def test_on_the_last_day_then_taken_and_on_the_next_not(self) -> None:
        assert take([batch(1, "5", 0)], Decimal(5), TODAY)[0].batch_id == UUID(int=1)
        assert take([batch(1, "5", -1)], Decimal(5), TODAY)[0].batch_id is None

    def test_more_than_there_is_then_the_rest_is_told(self) -> None:
        taken = take([batch(1, "5", 9)], Decimal("7.5"), TODAY)
        assert [(each.batch_id, each.quantity) for each in taken] == [(UUID(int=1), 5), (None, Decimal("2.5"))]

    @given(
        st.lists(st.tuples(st.decimals(0, 100, places=4), st.integers(-40, 400)), max_size=12),
        st.decimals(0, 500, places=4),
    )
    def test_of_anything_then_exact_never_more_than_a_batch_has_and_in_order(
        self, shelf: list[tuple[Decimal, int]], wanted: Decimal
    ) -> None:
        ours = {UUID(int=n): batch(n, str(quantity), days) for n, (quantity, days) in enumerate(shelf, 1)}
        taken = take(ours.values(), wanted, TODAY)
        assert sum((each.quantity for each in taken), Decimal(0)) == wanted
        known = [ours[each.batch_id] for each in taken if each.batch_id]
        assert all(each.quantity <= ours[each.batch_id].quantity for each in taken if each.batch_id)
        assert all(not each.is_expired(TODAY) for each in known)
        assert [each.expires_on for each in known] == sorted(each.expires_on for each in known)


# PH-4
def test_difference_of_a_count_is_to_what_the_books_said_then() -> None:
    counted = Counted(batch_id=UUID(int=1), booked=Decimal(30), counted=Decimal(20))
    assert counted.difference == -10


# PH-6
def test_offers_then_what_is_in_stock_first_and_the_cheapest_unit_at_the_top() -> None:
    def offer(number: int, qty: int) -> Offer:
        size = Decimal(qty)
        return Offer(
            id=UUID(int=number),
            medication_id=UUID(int=number),
            name=str(number),
            manufacturer="",
            form="CAPSULE",
            unit="PILL",
            qty=size,
            min_qty=size,
        )

    def have(price: int) -> AtHand:
        return AtHand(quantity=Decimal(1), price=Decimal(price), series="A", expires_on=TODAY)

    found = in_order([offer(1, 10), offer(2, 10), offer(3, 20)], {UUID(int=2): have(100), UUID(int=3): have(150)}, {})
    assert [each.id.int for each in found] == [3, 2, 1]
