"""A preview's numbers are those of the shop."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory.models import Inbound
from backend.inventory_settings.catalogue import MonthlyReminder
from backend.inventory_settings.effects.stock import next_check
from backend.kit.ids import new_id
from backend.markets.codes import Market
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, ShipmentState
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.inventory_settings.trading import change, claim, effect, item, line, order, parcel, preview
from tests.backend.operations.conftest import add_listing, add_product

F = Fulfilment


def told(session: Session, owner: Actor, key: str, code: str, **how: Any) -> dict[str, Any]:
    return effect(preview(session, owner, key, **how), code)


def test_products_without_an_item_would_join(session: Session, owner: Actor, shop: Shop) -> None:
    first, _ = add_product(session, shop, 1), add_product(session, shop, 2)
    item(session, owner, product_id=first.id)
    assert told(session, owner, "product_sync", "setting_items_stop_following", value=False) == {"count": 1}
    change(session, owner, "product_sync", value=False)
    assert told(session, owner, "product_sync", "setting_products_join", value=True) == {"count": 1}


def test_orders_that_wait_when_collecting_stops(session: Session, owner: Actor, stranger: Actor) -> None:
    line(session, order(session, owner))
    line(session, order(session, owner), fulfilment=F.DELIVERED)
    line(session, order(session, owner, collected_at=None))
    line(session, order(session, owner, removed_at=NOW))
    line(session, order(session, stranger))
    assert told(session, owner, "integrated_orders", "setting_orders_not_collected", value=False) == {"count": 1}
    change(session, owner, "integrated_orders", value=False)
    assert told(session, owner, "integrated_orders", "setting_orders_collected", value=True) == {"count": 2}


def test_orders_that_lack_stock_would_be_allocated(session: Session, owner: Actor) -> None:
    stock = item(session, owner, stocked=1)
    short = order(session, owner)
    line(session, short, stock, quantity=3)
    line(session, short, stock, quantity=2, allocated=1, fulfilment=F.PARTLY_ALLOCATED)
    line(session, order(session, owner), None)  # unmatched
    held = order(session, owner)
    parcel(session, held, line(session, held, stock), held=True)
    line(session, order(session, owner), stock, quantity=2, cancelled=2)
    assert told(session, owner, "allocation_basis", "setting_allocated_anyway", value="unlimited") == {"count": 1}
    assert told(session, owner, "allocation_priority", "setting_queue_reordered", value="deadline") == {"count": 1}


def test_items_promised_beyond_their_stock(session: Session, owner: Actor) -> None:
    change(session, owner, "allocation_basis", value="unlimited")
    line(
        session, order(session, owner), item(session, owner, stocked=1), quantity=3, allocated=3, fulfilment=F.ALLOCATED
    )
    assert told(session, owner, "allocation_basis", "setting_promised_beyond", value="current") == {"count": 1}


def test_items_on_markets_are_told_anew(session: Session, owner: Actor, shop: Shop) -> None:
    listed, unlisted = add_product(session, shop, 1), add_product(session, shop, 2)
    add_listing(session, listed, Market.COUPANG)
    for number, product in enumerate((listed, listed, unlisted)):
        item(session, owner, f"A-{number}", product_id=product.id)
    assert told(session, owner, "market_stock_basis", "setting_market_stock_sent", value="current")["count"] == 2
    also = [{"key": "market_stock_arbitrary", "value": 500}]
    plan = preview(session, owner, "market_stock_basis", value="arbitrary", also=also)
    assert effect(plan, "setting_market_stock_becomes") == {"count": 2, "number": 500}
    assert [e["code"] for e in plan.effects].count("setting_market_stock_becomes") == 1


def test_products_that_a_word_leaves_out(session: Session, owner: Actor, shop: Shop) -> None:
    add_product(session, shop, 1, name="[샘플] 립밤")
    add_product(session, shop, 2, name="롱 패딩")
    assert told(session, owner, "product_update_excluded", "setting_products_left_out", add="샘플") == {"count": 1}
    change(session, owner, "product_update_excluded", add="샘플")
    assert told(session, owner, "product_update_excluded", "setting_products_left_out", add="롱") == {"count": 2}


def test_items_that_bear_a_tag_that_goes(session: Session, owner: Actor) -> None:
    change(session, owner, "option_tags", value=["한정", "신상"])
    item(session, owner, tags=["한정"])
    data = told(session, owner, "option_tags", "setting_tags_offered", remove="한정")
    assert data == {"gone": ["한정"], "count": 1, "offered": 1}


def test_arrivals_that_are_late(session: Session, owner: Actor) -> None:
    stock = item(session, owner)
    for days in (-3, 3):
        due = date(2026, 11, 18) + timedelta(days=days)
        session.add(
            Inbound(id=new_id("inb"), shop_id=owner.shop_id, item_id=stock.id, quantity=1, due_on=due, created_at=NOW)
        )
    assert told(session, owner, "overdue_display", "setting_overdue_shown", value=False) == {"on": False, "count": 1}


def test_gifts_that_are_in_parcels_already(session: Session, owner: Actor) -> None:
    line(session, order(session, owner), item(session, owner), gift_rule_id="gft_1")
    data = told(session, owner, "gift_allocation", "setting_gifts_go", value="partial_too")
    assert data == {"partial": True, "count": 1}


def test_labels_on_a_sheet_and_items_with_a_barcode(session: Session, owner: Actor) -> None:
    item(session, owner, "A", barcode="880")
    item(session, owner, "B")
    data = told(session, owner, "barcode_form", "setting_barcodes_printed", part={"columns": 4, "rows": 10})
    assert data == {"per_sheet": 40, "count": 1}


def test_items_at_or_below_their_safety_stock(session: Session, owner: Actor) -> None:
    item(session, owner, "A", stocked=3, safety=3)
    item(session, owner, "B", stocked=4, safety=3)
    assert told(session, owner, "low_stock_reminder", "setting_low_stock_told", value=False)["count"] == 1


@pytest.mark.parametrize(("today", "day", "due"), [
    ("2026-11-18", 18, "2026-11-18"), ("2026-11-18", 17, "2026-12-17"), ("2026-12-31", 1, "2027-01-01"),
    ("2026-01-31", 28, "2026-02-28"),
])  # fmt: skip
def test_the_next_stock_check(today: str, day: int, due: str) -> None:
    assert next_check(MonthlyReminder(day=day), date.fromisoformat(today)) == date.fromisoformat(due)


def test_lines_that_an_excluded_word_would_have_kept_out(session: Session, owner: Actor) -> None:
    line(session, order(session, owner), market_name="[샘플] 립밤")
    line(session, order(session, owner), market_name="롱 패딩")
    assert told(session, owner, "collection_excluded", "setting_collection_leaves_out", add="샘플") == {
        "words": 1,
        "count": 1,
    }


def test_lines_without_an_item_are_matched_again(session: Session, owner: Actor) -> None:
    line(session, order(session, owner))
    line(session, order(session, owner), item(session, owner))
    assert told(session, owner, "matching_basis", "setting_matched_again", value="code") == {"count": 1}


def test_parcels_of_a_courier_that_is_no_longer_linked(session: Session, owner: Actor) -> None:
    change(session, owner, "disruption_regions", add="63000")
    parcel(session, order(session, owner), courier="cj", state=ShipmentState.LABELLED, labelled_at=NOW)
    plan = preview(session, owner, "linked_couriers", remove="cj")
    assert effect(plan, "setting_couriers_linked") == {"gone": ["CJ대한통운"], "count": 1}
    assert effect(plan, "setting_disruptions_ignored") == {"count": 1}


def test_parcels_into_a_disrupted_region(session: Session, owner: Actor) -> None:
    for postcode in ("63000", "63644", "06236"):
        parcel(session, order(session, owner, postcode=postcode))
    parcel(session, order(session, owner, postcode="63001"), state=ShipmentState.LABELLED, labelled_at=NOW)
    data = told(session, owner, "disruption_regions", "setting_parcels_disrupted", add="63000-63644")
    assert data == {"count": 2, "regions": 1}


@pytest.mark.parametrize(("key", "how", "count"), [
    ("label_forms", {"part": {"cj": {"width": 100}}}, 1), ("label_forms", {"part": {"hanjin": {"width": 100}}}, 0),
    ("label_products", {"add": "barcode"}, 1), ("label_print_order", {"value": "product"}, 1),
])  # fmt: skip
def test_labels_that_are_still_to_be_printed(session: Session, owner: Actor, key: str, how: Any, count: int) -> None:
    parcel(session, order(session, owner), courier="cj", state=ShipmentState.LABELLED, labelled_at=NOW)
    parcel(session, order(session, owner), courier="cj", state=ShipmentState.LABELLED, labelled_at=NOW, printed_at=NOW)
    assert told(session, owner, key, "setting_labels_printed", **how) == {"count": count}


def test_orders_whose_split_would_forbid_merging(session: Session, owner: Actor) -> None:
    line(session, order(session, owner))
    line(session, order(session, owner), fulfilment=F.ALLOCATED)
    assert told(session, owner, "split_forbids_merge", "setting_splits_merge", value=True) == {"on": True, "count": 1}


def test_orders_that_become_late(session: Session, owner: Actor) -> None:
    for days in (1, 4, 6):
        of = order(session, owner, paid_at=NOW - timedelta(days=days))
        parcel(session, of, line(session, of))
    data = told(session, owner, "delay_marking", "setting_late_orders", part={"days": 5})
    assert (data["on"], data["before"] >= data["after"], data["after"] >= 0) == (True, True, True)
    off = told(session, owner, "delay_marking", "setting_late_orders", part={"on": False})
    assert (off["on"], off["after"]) == (False, 0)


@pytest.mark.parametrize(("key", "kind", "after"), [
    ("cancel_before_shipping", ClaimKind.CANCEL, False), ("exchange_before_shipping", ClaimKind.EXCHANGE, False),
    ("cancel_after_shipping", ClaimKind.RETURN, True), ("exchange_after_shipping", ClaimKind.EXCHANGE, True),
])  # fmt: skip
def test_claims_that_are_open_already(session: Session, owner: Actor, key: str, kind: ClaimKind, after: bool) -> None:
    one = line(session, order(session, owner))
    claim(session, one, kind, after_shipping=after)
    claim(session, one, kind, after_shipping=not after)
    claim(session, one, kind, after_shipping=after, state=ClaimState.DONE)
    assert told(session, owner, key, "setting_from_next_claim", part={"hold": False}) == {"count": 1}


def test_goods_that_are_on_their_way_back(session: Session, owner: Actor) -> None:
    one = line(session, order(session, owner))
    claim(session, one, state=ClaimState.COLLECTING)
    claim(session, one)
    assert told(session, owner, "restock_on_pickup", "setting_restock", value=True) == {"on": True, "count": 1}
