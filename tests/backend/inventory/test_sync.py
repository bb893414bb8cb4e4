"""The stock list follows the mall's products, as far as the shop wants it to."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import NothingToChange
from backend.inventory.models import StockItem
from backend.inventory.states import ItemState
from backend.inventory.sync import options_of, sync_due, sync_products
from backend.products.models import Product
from tests.backend.inventory.conftest import Set, carry_out, effect, stock, unbalanced, undo

Ids = dict[str, str]


def items_of(session: Session, product_id: str) -> list[StockItem]:
    session.expire_all()
    return list(session.scalars(select(StockItem).where(StockItem.product_id == product_id).order_by(StockItem.code)))


def colour(session: Session, product_id: str, *colours: str) -> Product:
    product = session.get_one(Product, product_id)
    product.attributes = {"색상": list(colours), "사이즈": ["S", "M"], "소재": "면"}
    session.flush()
    return product


def test_options_are_every_combination_of_what_can_be_chosen() -> None:
    assert options_of({"색상": ["블랙", "핑크"], "사이즈": ["S"], "소재": "면"}) == [
        {"색상": "블랙", "사이즈": "S"}, {"색상": "핑크", "사이즈": "S"},
    ]  # fmt: skip
    assert options_of({"소재": "면"}) == [{}], "a product without options is one item"


def test_new_products_and_new_options_are_added_and_new_names_taken_over(
    session: Session, owner: Actor, ids: Ids
) -> None:
    product = colour(session, "prd_oneul_02", "블랙")
    assert sync_products(session, owner.shop_id, [product.id]) == 2
    product.name = "새 이름"
    colour(session, product.id, "블랙", "핑크")
    sync_products(session, owner.shop_id, [product.id])
    items = items_of(session, product.id)
    assert [item.code for item in items] == [f"{product.code}-{n:02d}" for n in range(1, 5)]
    assert items[0].name == "새 이름 / 블랙 / S"
    assert sync_products(session, owner.shop_id, [product.id]) == 0, "once is enough"


def test_switched_off_nothing_follows_by_itself_but_a_person_may_still_do_it(
    session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    setting("product_sync", False)
    assert sync_products(session, owner.shop_id) == 0
    plan = carry_out(session, owner, "items.sync", product_ids=["prd_oneul_02"])
    assert effect(plan, "items_sync")["new"] == 1  # type: ignore[index]
    undo(session, owner, plan)
    assert [item.state for item in items_of(session, "prd_oneul_02")] == [ItemState.REMOVED]


def test_excluded_names_are_left_alone(session: Session, owner: Actor, ids: Ids, setting: Set) -> None:
    product = session.get_one(Product, "prd_oneul_02")
    product.name = "개인결제창 김"
    setting("product_update_excluded", ["개인결제"])
    assert sync_products(session, owner.shop_id, [product.id]) == 0
    with pytest.raises(NothingToChange) as told:
        carry_out(session, owner, "items.sync", product_ids=[product.id])
    assert told.value.data["excluded"] == 1


def test_removed_items_stay_away_until_a_person_syncs_and_then_take_the_malls_quantity(
    session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    """Source 002: delete all of the list with the quantity sync on, update, and the mall's stock is taken over."""
    session.get_one(StockItem, ids["item"]).mall_quantity = 77
    session.flush()
    product = session.get_one(StockItem, ids["item"]).product_id
    carry_out(session, owner, "item.remove", item_ids=[ids["item"]])
    sync_products(session, owner.shop_id)
    assert session.get_one(StockItem, ids["item"]).state is ItemState.REMOVED
    plan = carry_out(session, owner, "items.sync", product_ids=[product])
    assert stock(session, ids["item"]) == 10, "without the quantity sync stock stays what it was"
    undo(session, owner, plan)
    setting("mall_quantity_sync", True)
    carry_out(session, owner, "items.sync", product_ids=[product])
    assert stock(session, ids["item"]) == 77
    assert session.get_one(StockItem, ids["item"]).state is ItemState.ACTIVE
    assert not unbalanced(session)


def test_new_items_start_with_the_malls_quantity_where_the_shop_wants_it(
    session: Session, owner: Actor, ids: Ids, setting: Set
) -> None:
    setting("mall_quantity_sync", True)
    product = session.get_one(Product, "prd_oneul_02")
    sync_products(session, owner.shop_id, [product.id], {f"{product.code}-01": 12})
    (item,) = items_of(session, product.id)
    assert (item.stocked, item.mall_quantity) == (12, 12)
    assert not unbalanced(session)


def test_the_workers_round_finds_what_is_out_of_step_and_then_nothing_more(
    session: Session, owner: Actor, ids: Ids
) -> None:
    session.get_one(Product, "prd_oneul_03").name = "바뀐 이름"
    session.commit()
    assert sync_due() > 0
    assert items_of(session, "prd_oneul_03")[0].name == "바뀐 이름"
    session.rollback()
    assert sync_due() == 0
