"""The settings of product sync and stock change what happens."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import Conflict, InvalidInput
from backend.inventory.barcode_sheet import BarcodeParams, labels_of
from backend.inventory.inbounds import inbound_out
from backend.inventory.labels import market_quantity
from backend.inventory.models import Inbound, StockItem
from backend.inventory.reminders import remind_due
from backend.inventory.states import InboundState
from backend.inventory.sync import sync_products
from backend.inventory_settings.read import value_of
from backend.kit import clock
from backend.orders.models import GiftRule
from backend.orders.states import F
from backend.plans import service
from backend.shops.models import Shop
from tests.backend.inventory_settings.behaviour.coverage import differs_by
from tests.backend.inventory_settings.trading import change, item, undo
from tests.backend.operations.conftest import add_product
from tests.backend.orders.build import add_item, do, line, lines_of, order, took


def codes(session: Session, shop: Shop) -> list[str]:
    return sorted(session.scalars(select(StockItem.code).where(StockItem.shop_id == shop.id)))


@differs_by("product_sync")
def test_without_product_sync_the_list_does_not_follow_the_mall(session: Session, owner: Actor, shop: Shop) -> None:
    change(session, owner, "product_sync", value=False)
    add_product(session, shop, 1)
    assert sync_products(session, shop.id) == 0
    assert codes(session, shop) == []
    change(session, owner, "product_sync", value=True)
    assert codes(session, shop) == ["P00001-01"]  # at once, with the change itself


@differs_by("product_update_excluded")
def test_an_excluded_product_stays_out_until_its_word_goes(session: Session, owner: Actor, shop: Shop) -> None:
    change(session, owner, "product_update_excluded", add="샘플")
    add_product(session, shop, 1, name="[샘플] 립밤")
    sync_products(session, shop.id)
    assert codes(session, shop) == []
    change(session, owner, "product_update_excluded", remove="샘플")
    assert codes(session, shop) == ["P00001-01"]


@differs_by("mall_quantity_sync")
def test_a_new_item_begins_with_the_malls_quantity_or_with_none(session: Session, owner: Actor, shop: Shop) -> None:
    add_product(session, shop, 1)
    sync_products(session, shop.id, quantities={"P00001-01": 7})
    change(session, owner, "mall_quantity_sync", value=True)
    add_product(session, shop, 2)
    sync_products(session, shop.id, quantities={"P00002-01": 7})
    session.expire_all()
    stocked = dict(session.execute(select(StockItem.code, StockItem.stocked)).tuples().all())
    assert stocked == {"P00001-01": 0, "P00002-01": 7}


@differs_by("allocation_basis")
def test_without_a_limit_what_waits_is_allocated_at_once(session: Session, owner: Actor, shop: Shop) -> None:
    stock = add_item(session, shop, 1)
    took(session, shop, order(1))
    with pytest.raises(Conflict):
        do(session, owner, "order.allocate", all=True)
    done = change(session, owner, "allocation_basis", value="unlimited")
    session.expire_all()
    assert [one.fulfilment for one in lines_of(session, 1)] == [F.ALLOCATED]
    assert (stock.stocked, stock.reserved) == (0, 1)
    undo(session, owner, done)
    session.expire_all()
    assert lines_of(session, 1)[0].allocated == 1  # what was promised stays promised
    took(session, shop, order(2))
    with pytest.raises(Conflict):
        do(session, owner, "order.allocate", all=True)


@differs_by("market_stock_basis", "market_stock_arbitrary")
def test_a_market_is_told_the_number_of_the_basis(session: Session, owner: Actor, shop: Shop) -> None:
    stock = add_item(session, shop, 1, stocked=10, mall_quantity=33)
    took(session, shop, order(1))
    do(session, owner, "order.allocate", all=True)
    told = {}
    for basis in ("current", "mall", "available", "arbitrary"):
        if value_of(session, shop.id, "market_stock_basis").value != basis:
            change(session, owner, "market_stock_basis", value=basis)
        told[basis] = market_quantity(session, shop.id, stock)
    assert told == {"current": 10, "mall": 33, "available": 9, "arbitrary": 9999}
    change(session, owner, "market_stock_arbitrary", value=500)
    assert market_quantity(session, shop.id, stock) == 500


@differs_by("option_tags")
def test_only_tags_of_the_vocabulary_can_be_given(session: Session, owner: Actor) -> None:
    stock = item(session, owner)
    wish = {"item_ids": [stock.id], "add_tags": ["한정판매"]}
    with pytest.raises(InvalidInput) as refused:
        service.preview(session, owner, "item.update", wish)
    assert refused.value.error_code == "tag_unknown"
    change(session, owner, "option_tags", add="한정판매")
    assert service.preview(session, owner, "item.update", wish).changes


@differs_by("overdue_display")
def test_days_past_the_due_day_are_told_or_not(session: Session, owner: Actor, client) -> None:
    stock = item(session, owner)
    due = clock.today() - timedelta(days=3)
    session.add(Inbound(
        id="inb_1", shop_id=owner.shop_id, item_id=stock.id, quantity=5, due_on=due, state=InboundState.EXPECTED,
        created_at=clock.now(),
    ))  # fmt: skip
    session.commit()
    http = client(owner)
    told = lambda: http.get("/api/inventory/inbounds").json()["inbounds"][0]  # noqa: E731
    assert (told()["overdue"], told()["overdue_days"]) == (True, 3)
    change(session, owner, "overdue_display", value=False)
    session.commit()
    assert (told()["overdue"], told()["overdue_days"]) == (True, None)
    assert inbound_out(session.get_one(Inbound, "inb_1"), "c", "n", None, True).overdue_days == 3


@differs_by("gift_allocation")
def test_a_gift_goes_with_the_first_part_or_waits_for_the_whole(session: Session, owner: Actor, shop: Shop) -> None:
    add_item(session, shop, 1, stocked=5)
    add_item(session, shop, 2)
    gift = item(session, owner, "GIFT", stocked=5)
    session.add(GiftRule(id="gft_1", shop_id=shop.id, name="사은품", item_id=gift.id))
    session.flush()
    took(session, shop, order(1, line("a"), line("b", name="울 가디건 2", seller_code="P00002-01")))
    do(session, owner, "order.allocate", all=True)
    gift_line = lambda: next(one for one in lines_of(session, 1) if one.gift_rule_id)  # noqa: E731
    assert gift_line().fulfilment is F.UNALLOCATED
    change(session, owner, "gift_allocation", value="partial_too")
    session.expire_all()
    assert gift_line().fulfilment is F.ALLOCATED


@differs_by("barcode_form")
def test_a_barcode_sheet_has_the_form_that_is_set(session: Session, owner: Actor) -> None:
    stock = item(session, owner, "A-01", barcode="8801234567893", option_name="블랙")
    params = BarcodeParams.model_validate({"items": [{"item_id": stock.id, "copies": 2}]})
    form, before = labels_of(session, owner.shop_id, params)
    assert (form.columns * form.rows, before[0]["option"]) == (24, "블랙")
    change(session, owner, "barcode_form", part={"columns": 2, "rows": 5, "symbology": "ean13", "show_option": False})
    form, after = labels_of(session, owner.shop_id, params)
    assert (form.columns * form.rows, after[0]["option"], len(after)) == (10, None, 2)
    assert before[0]["picture"] != after[0]["picture"]


def reminded(session: Session) -> int:
    session.commit()
    return remind_due()


@differs_by("low_stock_reminder")
def test_who_does_not_want_to_hear_of_low_stock_hears_nothing(session: Session, owner: Actor) -> None:
    item(session, owner, safety=3)
    change(session, owner, "stock_check_reminder", part={"on": False})
    off = change(session, owner, "low_stock_reminder", value=False)
    assert reminded(session) == 0
    undo(session, owner, off)
    assert reminded(session) == 1


@differs_by("stock_check_reminder")
def test_the_monthly_stock_check_comes_on_its_day(session: Session, owner: Actor) -> None:
    item(session, owner, stocked=10)
    change(session, owner, "low_stock_reminder", value=False)
    change(session, owner, "stock_check_reminder", part={"day": 25})
    assert clock.today() == date(2026, 11, 18)
    assert reminded(session) == 0
    change(session, owner, "stock_check_reminder", part={"day": 18, "on": False})
    assert reminded(session) == 0
    change(session, owner, "stock_check_reminder", part={"on": True})
    assert reminded(session) == 1
