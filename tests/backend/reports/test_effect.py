"""Before and after: equal lengths of whole days, only where there is enough, and never called a cause."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backend.audit.models import AuditEvent
from backend.display.models import DisplaySlot
from backend.markets.codes import Market
from backend.reports.schemas import Verdict
from tests.backend.operations.conftest import add_group, add_listing, add_product
from tests.backend.reports.conftest import LAST, days, noon, ran, renamed, sell, sell_on

CHANGED = date(2026, 11, 4)  # Wednesday of the week before: seven whole days lie between it and the end of LAST


def test_the_days_around_a_change_are_compared_and_its_own_day_left_out(session, shop, products, read) -> None:
    renamed(session, shop, products[:2], CHANGED)
    for product in products[:2]:
        sell(session, product, days(CHANGED - timedelta(days=20), 13), orders=50)  # before the days that count
        sell(session, product, days(CHANGED - timedelta(days=7), 7), orders=1)
        sell(session, product, [CHANGED], orders=90)
        sell(session, product, days(CHANGED + timedelta(days=1), 7), orders=2, views=200)
        sell(session, product, days(CHANGED + timedelta(days=8), 4), orders=70)
    sell(session, products[2], days(CHANGED - timedelta(days=7), 15), orders=3)
    (one,) = read().effect.compared
    assert (one.verdict, one.days, one.changed_on, one.products) == (Verdict.MEASURED, 7, CHANGED, 2)
    assert (one.before_from, one.before_to) == (date(2026, 10, 28), date(2026, 11, 3))
    assert (one.after_from, one.after_to) == (date(2026, 11, 5), date(2026, 11, 11))
    assert (one.before.orders, one.before.sales, one.before.views) == (14, 140_000, 1_400)
    assert (one.after.orders, one.after.units, one.after.views) == (28, 28, 2_800)
    assert (one.before.conversion, one.after.conversion) == (0.01, 0.01)
    assert (one.rest_before, one.rest_after) == (21, 21)
    assert one.within_chance is False and read().effect.widest == one.run_id


def test_two_weeks_are_compared_once_two_weeks_have_passed(session, shop, products, read) -> None:
    changed = LAST.sunday - timedelta(days=14)
    renamed(session, shop, products[:1], changed)
    sell(session, products[0], days(changed - timedelta(days=14), 29), orders=1)
    (one,) = read().effect.compared
    assert (one.days, one.before.orders, one.after.orders, one.within_chance) == (14, 14, 14, True)


@pytest.mark.parametrize(("since", "verdict"), [(0, "too_early"), (6, "too_early"), (7, "measured")])
def test_fewer_than_seven_whole_days_are_too_early(session, shop, products, read, since, verdict) -> None:
    changed = LAST.sunday - timedelta(days=since)
    renamed(session, shop, products[:1], changed)
    sell(session, products[0], days(changed - timedelta(days=14), 29), orders=5)
    (one,) = read().effect.compared
    assert (one.verdict, one.days_since) == (verdict, since)
    assert (one.before is None) == (verdict == "too_early")


def test_nine_orders_are_too_few_and_ten_are_not(session, shop, products, read) -> None:
    renamed(session, shop, products[:1], CHANGED)
    sell(session, products[0], days(CHANGED - timedelta(days=8), 1), orders=0)
    sell(session, products[0], days(CHANGED - timedelta(days=3), 1), orders=4)
    sell(session, products[0], days(CHANGED + timedelta(days=3), 1), orders=5)
    told = read().effect
    assert (told.compared[0].verdict, told.widest) == (Verdict.TOO_FEW, None)
    sell(session, products[0], days(CHANGED + timedelta(days=4), 1), orders=1)
    assert read().effect.compared[0].verdict is Verdict.MEASURED


def test_without_records_before_the_change_nothing_is_compared(session, shop, products, read) -> None:
    renamed(session, shop, products[:1], CHANGED)
    sell(session, products[0], days(CHANGED - timedelta(days=3), 15), orders=9)
    assert read().effect.compared[0].verdict is Verdict.NO_RECORD


def test_a_product_registered_too_late_is_left_out(session, shop, products, read) -> None:
    late = add_product(session, shop, 9, registered_on=CHANGED - timedelta(days=6))
    renamed(session, shop, [products[0], late], CHANGED)
    for product in (products[0], late):
        sell(session, product, days(CHANGED - timedelta(days=8), 20), orders=2)
    (one,) = read().effect.compared
    assert (one.products, one.left_out, one.before.orders) == (2, 1, 14)


def test_a_change_on_a_market_is_measured_by_that_markets_orders(session, shop, products, read) -> None:
    renamed(session, shop, products[:1], CHANGED, Market.COUPANG)
    sell(session, products[0], days(CHANGED - timedelta(days=20), 40), orders=30)  # the own mall, which saw nothing
    sell_on(session, products[0], Market.SMARTSTORE, CHANGED + timedelta(days=2), 8)
    sell_on(session, products[0], Market.COUPANG, CHANGED - timedelta(days=12), 1)
    sell_on(session, products[0], Market.COUPANG, CHANGED - timedelta(days=2), 4)
    sell_on(session, products[0], Market.COUPANG, CHANGED + timedelta(days=2), 6, quantity=2)
    sell_on(session, products[1], Market.COUPANG, CHANGED + timedelta(days=2), 3)
    (one,) = read().effect.compared
    assert (one.market, one.before.orders, one.after.orders, one.after.units) == ("coupang", 4, 6, 12)
    assert (one.after.sales, one.after.views, one.after.conversion) == (240_000, None, None)
    assert (one.rest_before, one.rest_after) == (0, 3)


def test_a_rate_of_orders_is_told_only_with_enough_views_on_both_sides(session, shop, products, read) -> None:
    renamed(session, shop, products[:1], CHANGED)
    sell(session, products[0], days(CHANGED - timedelta(days=7), 7), orders=2, views=10)
    sell(session, products[0], days(CHANGED, 9), orders=2, views=900)
    (one,) = read().effect.compared
    assert (one.before.views, one.before.conversion, one.after.conversion) == (70, None, None)


def test_what_was_put_back_has_no_effect_to_compare(session, shop, products, read) -> None:
    run = renamed(session, shop, products, CHANGED)
    sell(session, products[0], days(CHANGED - timedelta(days=8), 20), orders=5)
    for event in session.scalars(select(AuditEvent).where(AuditEvent.source_id == run.id)):
        event.undone_by = "plan_x"
    assert read().effect.compared == []


def test_another_operation_on_the_same_products_and_market_is_told(session, shop, products, read) -> None:
    renamed(session, shop, products[:2], CHANGED)
    renamed(session, shop, products[:1], CHANGED + timedelta(days=2))
    renamed(session, shop, products[1:2], CHANGED + timedelta(days=2), Market.COUPANG)
    sell(session, products[0], days(CHANGED - timedelta(days=12), 25), orders=5)
    shared = {(one.market, one.changed_on): one.shared for one in read().effect.compared}
    assert shared[("mall", CHANGED)] == 1


def test_of_a_main_page_only_what_came_to_it_counts(session, shop, products, read) -> None:
    from backend.access.actor import pro_actor
    from backend.audit.record import Source
    from backend.changes.apply import apply
    from backend.changes.change import Change
    from backend.kit import clock

    first, second, third = products
    group = add_group(session, shop, 2, "추천상품", [first, second])
    slots = session.scalars(select(DisplaySlot).where(DisplaySlot.group_id == group.id).order_by(DisplaySlot.position))
    one, two = (slot.id for slot in slots)
    run = ran(session, shop, "main_display", None, CHANGED)
    changes = [
        Change("display_slot", one, "product_id", first.id, third.id, "1"),
        Change("display_slot", two, "product_id", second.id, first.id, "2"),
    ]
    with clock.frozen(noon(CHANGED)):
        apply(session, pro_actor(shop.id), "run.main_display", Source("run", run.id, "x"), changes)
    sell(session, third, days(CHANGED - timedelta(days=8), 20), orders=2)
    (told,) = read().effect.compared
    assert (told.products, told.examples, told.before.orders) == (1, [third.name], 14)
    assert told.verdict is Verdict.MEASURED and told.chosen_by_sales
    assert read().effect.widest is None, "what was picked for selling well is no headline"


def test_linking_a_listing_is_no_change_of_its_product(session, shop, products, read) -> None:
    from backend.access.actor import pro_actor
    from backend.audit.record import Source
    from backend.changes.apply import apply
    from backend.changes.change import Change
    from backend.kit import clock

    listing = add_listing(session, products[0], Market.COUPANG)
    listing.product_id = None
    session.flush()
    run = ran(session, shop, "market_linking", Market.COUPANG, CHANGED)
    linked = Change("listing", listing.id, "product_id", None, products[0].id, listing.title)
    with clock.frozen(noon(CHANGED)):
        apply(session, pro_actor(shop.id), "run.market_linking", Source("run", run.id, "x"), [linked])
    assert listing.product_id == products[0].id and read().effect.compared == []


def test_a_shop_with_nothing_measurable_is_told_so_on_the_page(session, shop, products, read) -> None:
    ran(session, shop, "promotion_coupon", None, CHANGED)
    ran(session, shop, "cs_reply", None, LAST.monday)
    told = read()
    assert (told.runs.done, told.effect.compared, told.effect.widest) == (1, [], None)
