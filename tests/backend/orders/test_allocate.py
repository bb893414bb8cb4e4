"""Stock goes to waiting orders in the order of the shop's setting, never more than there is, and gifts follow what was bought."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import Conflict, NothingToChange, OpsTalkError
from backend.inventory.models import StockItem
from backend.kit import clock
from backend.orders.allocate import allocate_waiting
from backend.orders.models import GiftRule
from backend.orders.states import ClaimKind, ClaimState, F
from backend.shops.models import Shop
from tests.backend.orders.build import (  # fmt: skip
    add_item,
    check_books,
    do,
    effects,
    line,
    lines_of,
    order,
    parcels_of,
    put,
    receive,
    took,
    undo,
)


@pytest.fixture
def items(session: Session, shop: Shop) -> list[StockItem]:
    return [add_item(session, shop, n) for n in (1, 2)]


def second(number: str, **over: object):  # type: ignore[no-untyped-def]
    return line(number, seller_code="P00002-01", **over)


def had(session: Session, *numbers: int) -> list[list[int]]:
    return [[one.allocated for one in lines_of(session, n)] for n in numbers]


PRIORITIES = {
    "oldest": [[[2]], [[0]], [[0]]], "deadline": [[[0]], [[2]], [[0]]], "dearest": [[[0]], [[0]], [[2]]],
}  # fmt: skip


@pytest.mark.parametrize("priority", sorted(PRIORITIES))
def test_who_is_served_first_is_the_shops_choice(
    session: Session, shop: Shop, items: list[StockItem], priority: str
) -> None:
    put(session, shop, "allocation_priority", priority)
    now = clock.now()
    took(
        session, shop, order(1, line("a", quantity=2), paid_at=now - timedelta(days=3)),
        order(2, line("b", quantity=2), paid_at=now - timedelta(days=2), ship_by=clock.today()),
        order(3, line("c", quantity=2, amount=90_000), paid_at=now - timedelta(days=1), ship_by=clock.today() + timedelta(days=3)),
    )  # fmt: skip
    receive(session, shop, items[0], 2)
    assert allocate_waiting(session, shop.id) == 2
    assert [[one] for one in had(session, 1, 2, 3)] == PRIORITIES[priority]
    check_books(session, shop)


def test_orders_that_can_be_served_whole_come_first(session: Session, shop: Shop, items: list[StockItem]) -> None:
    put(session, shop, "allocation_priority", "complete_first")
    took(session, shop, order(1, line("a"), second("b")), order(2, line("c")))
    receive(session, shop, items[0], 1)
    allocate_waiting(session, shop.id)
    assert had(session, 1, 2) == [[0, 0], [1]], "the older one lacks another item anyway"
    receive(session, shop, items[0], 1)
    allocate_waiting(session, shop.id)
    assert had(session, 1, 2) == [[1, 0], [1]], "what nobody can use whole goes to whoever waits"
    check_books(session, shop)


def test_a_part_is_promised_and_the_rest_follows(session: Session, shop: Shop, items: list[StockItem]) -> None:
    took(session, shop, order(1, line("a", quantity=5)))
    receive(session, shop, items[0], 3)
    allocate_waiting(session, shop.id)
    assert lines_of(session, 1)[0].fulfilment is F.PARTLY_ALLOCATED
    receive(session, shop, items[0], 9)
    assert allocate_waiting(session, shop.id, [items[0].id]) == 2
    assert lines_of(session, 1)[0].fulfilment is F.ALLOCATED
    assert allocate_waiting(session, shop.id) == 0
    check_books(session, shop)


def test_without_a_limit_everyone_is_served(session: Session, shop: Shop, items: list[StockItem], owner: Actor) -> None:
    put(session, shop, "allocation_basis", "unlimited")
    took(session, shop, order(1, line("a", quantity=5)), order(2, line("b", quantity=5)))
    do(session, owner, "order.allocate", order_ids=["20261118002"])
    assert allocate_waiting(session, shop.id) == 5
    assert had(session, 1, 2) == [[5], [5]]
    session.refresh(items[0])
    assert (items[0].stocked, items[0].reserved) == (0, 10)
    check_books(session, shop)


def test_held_removed_and_cancelling_orders_get_nothing(
    session: Session, shop: Shop, items: list[StockItem], owner: Actor
) -> None:
    receive(session, shop, items[0], 9)
    took(session, shop, *(order(n) for n in (1, 2, 3, 4)))
    do(session, owner, "order.hold", order_id="20261118001", reason="주소 확인")
    do(session, owner, "order.remove", order_id="20261118002")
    asking = lines_of(session, 3)[0]
    asking.claim_kind, asking.claim_state = ClaimKind.CANCEL, ClaimState.REQUESTED
    session.flush()
    assert allocate_waiting(session, shop.id) == 1
    assert had(session, 1, 2, 3, 4) == [[0], [0], [0], [1]]


def test_only_the_named_items_are_looked_at(session: Session, shop: Shop, items: list[StockItem]) -> None:
    for item in items:
        receive(session, shop, item, 5)
    took(session, shop, order(1, line("a"), second("b")))
    assert allocate_waiting(session, shop.id, [items[1].id]) == 1
    assert had(session, 1) == [[0, 1]]


@pytest.mark.parametrize(
    ("policy", "first", "then"), [("full_only", [1, 0, 0], [1, 1, 1]), ("partial_too", [1, 0, 1], [1, 1, 1])]
)
def test_a_gift_waits_for_all_or_for_any_as_the_setting_says(
    session: Session, shop: Shop, items: list[StockItem], policy: str, first: list[int], then: list[int]
) -> None:
    put(session, shop, "gift_allocation", policy)
    pouch = add_item(session, shop, 9, stocked=5)
    session.add(GiftRule(id="gft_1", shop_id=shop.id, name="파우치", item_id=pouch.id))
    session.flush()
    took(session, shop, order(1, line("a"), second("b")))
    receive(session, shop, items[0], 1)
    allocate_waiting(session, shop.id)
    assert had(session, 1) == [first]
    receive(session, shop, items[1], 1)
    allocate_waiting(session, shop.id)
    assert had(session, 1) == [then]
    check_books(session, shop)


def test_a_person_may_serve_an_order_before_its_turn(
    session: Session, shop: Shop, items: list[StockItem], owner: Actor
) -> None:
    took(session, shop, order(1), order(2, second("x"), line("y", quantity=2)))
    receive(session, shop, items[0], 1)
    plan = do(session, owner, "order.allocate", order_ids=["20261118002"])
    assert effects(plan)["orders_allocated"] == {"orders": ["20261118002"], "count": 1, "lines": 1, "units": 1}
    assert effects(plan)["orders_left_short"]["why"] == {"out_of_stock": 2}
    assert had(session, 1, 2) == [[0], [0, 1]]
    undo(session, owner, plan)
    assert had(session, 1, 2) == [[0], [0, 0]]
    check_books(session, shop)


def test_all_that_waits_is_allocated_as_the_engine_would(
    session: Session, shop: Shop, items: list[StockItem], owner: Actor
) -> None:
    took(session, shop, order(1), order(2), order(3))
    receive(session, shop, items[0], 2)
    do(session, owner, "order.allocate", all=True)
    assert had(session, 1, 2, 3) == [[1], [1], [0]]
    check_books(session, shop)


def test_what_is_in_the_way_is_said(session: Session, shop: Shop, items: list[StockItem], owner: Actor) -> None:
    took(session, shop, order(1, line("a", seller_code="?", name="모름"), line("b")))
    with pytest.raises(Conflict) as refused:
        do(session, owner, "order.allocate", order_ids=["20261118001"])
    assert refused.value.error_code == "nothing_to_allocate"
    assert refused.value.data["why"] == {"unmatched": 1, "out_of_stock": 1}
    receive(session, shop, items[0], 1)
    do(session, owner, "order.allocate", order_ids=["20261118001"])
    do(session, owner, "order.match", line_ids=[lines_of(session, 1)[0].id], item_id=items[0].id)
    receive(session, shop, items[0], 1)
    do(session, owner, "order.allocate", order_ids=["20261118001"])
    with pytest.raises(NothingToChange) as done:
        do(session, owner, "order.allocate", order_ids=["20261118001"])
    assert done.value.error_code == "already_allocated"


def test_what_is_deallocated_is_free_and_held_if_wished(
    session: Session, shop: Shop, items: list[StockItem], owner: Actor
) -> None:
    receive(session, shop, items[0], 2)
    took(session, shop, order(1), order(2))
    allocate_waiting(session, shop.id)
    plan = do(session, owner, "order.deallocate", order_ids=["20261118001"], hold=True)
    assert effects(plan)["orders_deallocated"]["units"] == 1
    assert allocate_waiting(session, shop.id) == 0
    assert parcels_of(session, 1)[0].held
    session.refresh(items[0])
    assert items[0].available == 1
    undo(session, owner, plan)
    assert had(session, 1, 2) == [[1], [1]]
    check_books(session, shop)


def test_undoing_a_deallocation_is_refused_once_the_stock_is_gone(
    session: Session, shop: Shop, items: list[StockItem], owner: Actor
) -> None:
    receive(session, shop, items[0], 1)
    took(session, shop, order(1), order(2))
    allocate_waiting(session, shop.id)
    plan = do(session, owner, "order.deallocate", order_ids=["20261118001"], hold=True)
    allocate_waiting(session, shop.id)
    assert had(session, 1, 2) == [[0], [1]]
    session.commit()
    with pytest.raises(OpsTalkError) as refused:
        undo(session, owner, plan)
    assert refused.value.error_code == "stock_short"
    session.rollback()
    check_books(session, shop)
