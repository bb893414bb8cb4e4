"""The settings of collecting, matching and allocating change what happens."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.inventory_settings.remote_areas import disruptions
from backend.kit import clock
from backend.markets.codes import Market
from backend.orders.allocate import allocate_waiting
from backend.orders.models import Order
from backend.orders.states import F
from backend.shops.models import Shop
from tests.backend.inventory_settings.behaviour.coverage import differs_by
from tests.backend.inventory_settings.trading import change
from tests.backend.orders.build import add_item, line, lines_of, order, the_order, took


@differs_by("integrated_orders")
def test_without_integrated_orders_nothing_is_handled_here(session: Session, owner: Actor, shop: Shop) -> None:
    add_item(session, shop, 1, stocked=5)
    took(session, shop, order(1))
    assert the_order(session, 1).collected_at is not None
    change(session, owner, "integrated_orders", value=False)
    took(session, shop, order(2))
    assert the_order(session, 2).collected_at is None
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert [lines_of(session, n)[0].allocated for n in (1, 2)] == [1, 0]


@differs_by("duplicate_order_no")
@pytest.mark.parametrize(("policy", "orders"), [("skip", 1), ("add_suffix", 2)])
def test_another_order_with_the_same_number(
    session: Session, owner: Actor, shop: Shop, policy: str, orders: int
) -> None:
    if policy != "skip":
        change(session, owner, "duplicate_order_no", value=policy)
    taken = took(session, shop, order(1), order(1, market=Market.COUPANG))
    assert session.scalar(select(func.count()).select_from(Order)) == orders
    assert (taken.new, taken.duplicate) == (orders, 1)


@differs_by("duplicate_order_no")
def test_the_same_number_may_be_news_of_an_order_written_by_hand(session: Session, owner: Actor, shop: Shop) -> None:
    change(session, owner, "duplicate_order_no", value="update")
    by_hand = Order(
        id="ord_hand", shop_id=shop.id, order_no="20261118001", market=Market.SMARTSTORE, buyer_name="김민수",
        ordered_at=clock.now(), collected_at=clock.now(), total=1,
    )  # fmt: skip
    session.add(by_hand)
    session.flush()
    took(session, shop, order(1))
    assert session.scalars(select(Order.id)).all() == ["ord_hand"]


@differs_by("remote_area_marking", "remote_areas")
def test_an_order_to_an_island_is_marked_as_set(session: Session, owner: Actor, shop: Shop) -> None:
    took(session, shop, order(1, postcode="63000"), order(2, postcode="12345"))
    assert [the_order(session, n).remote_area for n in (1, 2)] == ["제주", None]
    change(session, owner, "remote_areas", add="12345 우리 섬")
    took(session, shop, order(3, postcode="12345"))
    assert the_order(session, 3).remote_area == "우리 섬"
    change(session, owner, "remote_area_marking", value=False)
    took(session, shop, order(4, postcode="63000"))
    assert the_order(session, 4).remote_area is None


@differs_by("collection_excluded")
def test_a_product_with_an_excluded_name_is_not_collected(session: Session, owner: Actor, shop: Shop) -> None:
    sample = line("s", name="[샘플] 립밤")
    took(session, shop, order(1, sample))
    assert lines_of(session, 1)
    change(session, owner, "collection_excluded", add="샘플")
    taken = took(session, shop, order(2, sample), order(3, line("x"), sample))
    assert taken.excluded == 1
    assert [one.market_name for one in lines_of(session, 3)] == ["울 가디건 1"]


@differs_by("matching_basis")
def test_lines_are_matched_by_what_is_set_and_again_when_it_changes(session: Session, owner: Actor, shop: Shop) -> None:
    add_item(session, shop, 1, stocked=5)
    by_name = line("n", seller_code="unknown")
    change(session, owner, "matching_basis", value="code")
    took(session, shop, order(1, by_name), order(2))
    assert [lines_of(session, n)[0].item_id is None for n in (1, 2)] == [True, False]
    change(session, owner, "matching_basis", value="name")
    session.expire_all()
    assert lines_of(session, 1)[0].item_id == "itm_oneul_01"
    assert lines_of(session, 1)[0].fulfilment is F.ALLOCATED  # matched, it gets what is there


@differs_by("allocation_priority")
@pytest.mark.parametrize(("priority", "served"), [("oldest", 1), ("deadline", 2), ("dearest", 3)])
def test_the_last_piece_goes_to_whom_the_priority_names(
    session: Session, owner: Actor, shop: Shop, priority: str, served: int
) -> None:
    add_item(session, shop, 1, stocked=1)
    now, today = clock.now(), clock.today()
    if priority != "oldest":
        change(session, owner, "allocation_priority", value=priority)
    took(
        session, shop,
        order(1, ordered_at=now - timedelta(days=3), ship_by=today + timedelta(days=9)),
        order(2, ordered_at=now - timedelta(days=1), ship_by=today),
        order(3, line("d", amount=90_000), ordered_at=now, ship_by=today + timedelta(days=9)),
    )  # fmt: skip
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert [n for n in (1, 2, 3) if lines_of(session, n)[0].allocated] == [served]


@differs_by("allocation_priority")
def test_an_order_that_can_be_served_whole_goes_first(session: Session, owner: Actor, shop: Shop) -> None:
    add_item(session, shop, 1, stocked=1)
    add_item(session, shop, 2)
    change(session, owner, "allocation_priority", value="complete_first")
    lacking = line("l", name="울 가디건 2", seller_code="P00002-01")
    took(session, shop, order(1, line("a"), lacking, ordered_at=clock.now() - timedelta(days=3)), order(2))
    allocate_waiting(session, shop.id)
    session.expire_all()
    assert [lines_of(session, n)[0].allocated for n in (1, 2)] == [0, 1]


@differs_by("linked_couriers", "disruption_regions")
def test_a_parcel_into_a_disrupted_region_gets_no_label_of_cj(session: Session, owner: Actor, shop: Shop) -> None:
    from backend.errors import Conflict
    from backend.plans import service

    add_item(session, shop, 1, stocked=5)
    took(session, shop, order(1, postcode="63100"))
    allocate_waiting(session, shop.id)
    session.expire_all()
    number = the_order(session, 1).order_no
    wish = {"items": [{"order_id": number, "courier": "cj", "tracking_no": "123456789012"}]}
    change(session, owner, "disruption_regions", add="63000-63644 태풍")
    with pytest.raises(Conflict) as refused:
        service.preview(session, owner, "invoice.register", wish)
    assert "disruption_region" in str(refused.value.error_code) + str(refused.value.data)
    assert disruptions(session, shop.id).at("63100")
    change(session, owner, "linked_couriers", remove="cj")
    assert service.preview(session, owner, "invoice.register", wish).changes
