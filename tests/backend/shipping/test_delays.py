"""Late is counted in business days after the payment, or from the market's own deadline; what keeps a parcel is named."""

from datetime import date, datetime, timedelta

import pytest

from backend.kit import clock
from backend.kit.wording import wording
from backend.orders.states import Fulfilment
from backend.shipping.business_days import business_day_after, business_days_between, is_business_day
from backend.shipping.delays import delayed
from tests.backend.conftest import NOW
from tests.backend.shipping.build import add_item, add_order, label, parcel_of, set_to

DAY = timedelta(days=1)


@pytest.mark.parametrize("day, after, expected", [
    (date(2026, 11, 18), 2, date(2026, 11, 20)), (date(2026, 11, 20), 1, date(2026, 11, 23)),
    (date(2026, 12, 24), 1, date(2026, 12, 28)), (date(2026, 9, 23), 1, date(2026, 9, 28)),
])  # fmt: skip
def test_weekends_and_holidays_do_not_count(day: date, after: int, expected: date) -> None:
    assert business_day_after(day, after) == expected
    assert is_business_day(expected) and business_days_between(day, expected) == after


@pytest.mark.parametrize("paid_days_ago, late", [(2, False), (3, True), (5, True)])
def test_after_the_shops_days_a_parcel_is_late(session, shop, paid_days_ago, late) -> None:
    paid = NOW - paid_days_ago * DAY
    add_order(session, shop, [(add_item(session, shop), 1)], paid_at=paid)
    found = delayed(session, shop.id, 20, 0)
    assert bool(found.items) is late and found.total == int(late)


def test_the_markets_deadline_comes_first_where_it_is_earlier(session, shop) -> None:
    add_order(session, shop, [(add_item(session, shop), 1)], ship_by=date(2026, 11, 16), paid_at=NOW - 2 * DAY)
    (late,) = delayed(session, shop.id, 20, 0).items
    assert (late.by, late.due_on, late.days_late) == ("market", date(2026, 11, 16), 2)


def test_the_setting_decides_how_late_and_whether_at_all(session, shop) -> None:
    add_order(session, shop, [(add_item(session, shop), 1)], paid_at=NOW - 6 * DAY)
    assert delayed(session, shop.id, 20, 0).total == 1
    set_to(session, shop, "delay_marking", {"on": True, "days": 5})
    assert delayed(session, shop.id, 20, 0).total == 0
    set_to(session, shop, "delay_marking", {"on": False, "days": 1})
    assert delayed(session, shop.id, 20, 0).on is False


@pytest.mark.parametrize(
    "state", [Fulfilment.SHIPPED, Fulfilment.DELIVERED, Fulfilment.AWAITING_PAYMENT, Fulfilment.CANCELLED]
)
def test_only_what_is_paid_and_still_here_can_be_late(session, shop, state) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 1)], state=state)
    order.paid_at = order.paid_at and NOW - 9 * DAY
    session.flush()
    assert delayed(session, shop.id, 20, 0).items == []


def test_what_keeps_it_is_named_by_the_predicates_that_decide(session, shop, owner) -> None:
    long_ago = NOW - 9 * DAY
    item = add_item(session, shop)
    add_order(session, shop, [(item, 1)], 1, state=Fulfilment.UNALLOCATED, paid_at=long_ago)
    held = add_order(session, shop, [(item, 1)], 2, paid_at=long_ago)
    parcel_of(session, held).held = True
    add_order(session, shop, [(item, 1)], 3, paid_at=long_ago)
    label(session, owner, add_order(session, shop, [(item, 1)], 4, paid_at=long_ago - DAY))
    found = delayed(session, shop.id, 20, 0).items
    assert [[b.code for b in row.blockers] for row in found] == [
        [], ["shipment_not_allocated"], ["shipment_held"], ["shipment_not_labelled"],
    ]  # fmt: skip
    for row in found:
        for blocker in row.blockers:
            assert wording().say(f"problem.{blocker.code}", data=blocker.data)
    assert delayed(session, shop.id, 1, 1).items[0].order_no == found[1].order_no


def test_a_deadline_is_over_at_midnight_in_seoul(session, shop) -> None:
    add_order(session, shop, [(add_item(session, shop), 1)], ship_by=date(2026, 11, 18), paid_at=NOW - DAY)
    midnight = datetime(2026, 11, 19, tzinfo=clock.SEOUL)
    for at, late in ((midnight - timedelta(seconds=1), 0), (midnight, 1)):
        with clock.frozen(at):
            assert delayed(session, shop.id, 20, 0).total == late
