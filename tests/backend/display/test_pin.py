"""Pinning a product: exactly the slots that move, nothing else, and back again."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.display.models import DisplayGroup, DisplaySlot
from backend.display.pin import PinParams, propose_pin
from backend.errors import Conflict, Forbidden, InvalidInput, NotFound, NothingToChange
from backend.plans import service as plans
from backend.plans.models import Plan, PlanState
from backend.products.models import SaleStatus
from backend.shops.models import Shop
from tests.backend.products.build import make_product

Client = Callable[[Actor | None], TestClient]
LETTERS = "abcdefgh"


def make_group(
    session: Session, shop: Shop, letters: str, pinned: str = "", number: int = 2, automatic: bool = True
) -> DisplayGroup:
    """One slot a letter, "-" for an empty one; products are named by their letter."""
    group = DisplayGroup(
        id=f"dgr_{shop.mall_id}_{number}", shop_id=shop.id, number=number, name=f"추천상품{number}", automatic=automatic
    )
    session.add(group)
    session.flush()
    for position, letter in enumerate(letters, 1):
        session.add(
            DisplaySlot(
                id=f"slot_{shop.mall_id}_{number}_{position}", shop_id=shop.id, group_id=group.id, position=position,
                product_id=None if letter == "-" else product_id(shop, letter), pinned=letter in pinned,
            )
        )  # fmt: skip
    session.commit()
    return group


def product_id(shop: Shop, letter: str) -> str:
    return f"prd_{shop.mall_id}_P0000{LETTERS.index(letter) + 1}"


@pytest.fixture
def products(session: Session, shop: Shop) -> None:
    for index, letter in enumerate(LETTERS, 1):
        make_product(session, shop, f"P0000{index}", letter)
    session.commit()


def arrangement(session: Session, number: int = 2) -> str:
    """The letters in order, pinned ones in capitals."""
    session.expire_all()
    query = (
        select(DisplaySlot)
        .join(DisplayGroup, DisplayGroup.id == DisplaySlot.group_id)
        .where(DisplayGroup.number == number, DisplaySlot.shop_id == "shop_oneul")
        .order_by(DisplaySlot.position)
    )
    shown = [
        (LETTERS[int(slot.product_id[-1]) - 1] if slot.product_id else "-", slot.pinned)
        for slot in session.scalars(query)
    ]
    return "".join(letter.upper() if pinned else letter for letter, pinned in shown)


def run(session: Session, actor: Actor, kind: str, **params: object) -> Plan:
    plan = plans.preview(session, actor, kind, params)
    before = plan.changes
    done = plans.confirm(session, actor, plan.id, "key")
    assert done.state is PlanState.EXECUTED
    assert done.changes == before
    return done


def pin(session: Session, actor: Actor, shop: Shop, letter: str, position: int, **more: object) -> Plan:
    return run(session, actor, "display.pin", product_id=product_id(shop, letter), position=position, **more)


@pytest.mark.parametrize(
    ("before", "pinned", "letter", "position", "after"),
    [
        ("abcd", "", "d", 2, "aDbc"),  # up: those between shift down
        ("abcd", "", "a", 3, "bcAd"),  # down: those between shift up
        ("abcd", "", "b", 2, "aBcd"),  # only pinned where it stands
        ("abcd", "b", "d", 1, "DBac"),  # a pinned one in between stays
        ("abcd", "", "e", 1, "Eabc"),  # new to a full group: the last falls out
        ("abcd", "d", "e", 1, "EabD"),  # … the last unpinned one
        ("ab-d", "", "e", 1, "Eabd"),  # an empty place takes the shift up
        ("abcd", "a", "a", 3, "bcAd"),  # moved while pinned: the old place is free again
        ("a---", "", "a", 3, "--A-"),
    ],
)
def test_a_pin_moves_like_a_list(
    session: Session, shop: Shop, owner: Actor, products: None, before: str, pinned: str, letter: str, position: int, after: str
) -> None:  # fmt: skip
    make_group(session, shop, before, pinned)
    pin(session, owner, shop, letter, position)
    assert arrangement(session) == after


def test_the_effects_name_products_not_ids(session: Session, shop: Shop, owner: Actor, products: None) -> None:
    make_group(session, shop, "abcd", "b")
    plan = pin(session, owner, shop, "e", 1)
    assert plan.effects == [
        {"code": "display_pinned", "data": {"product": "e", "group": "추천상품2", "product_id": product_id(shop, "e"), "position": 1, "from_position": None}},
        {"code": "display_moves", "data": {"group": "추천상품2", "rows": [
            {"position": 1, "before": "a", "after": "e"},
            {"position": 3, "before": "c", "after": "a"},
            {"position": 4, "before": "d", "after": "c"},
        ]}},
        {"code": "display_falls_out", "data": {"product": "d", "group": "추천상품2"}},
        {"code": "display_kept", "data": {"group": "추천상품2"}},
    ]  # fmt: skip


def test_undo_puts_every_slot_back(session: Session, shop: Shop, owner: Actor, products: None) -> None:
    make_group(session, shop, "abcd", "b")
    plan = pin(session, owner, shop, "e", 1)
    run(session, owner, "undo", source_type="plan", source_id=plan.id)
    assert arrangement(session) == "aBcd"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_pinned_product_moves_and_no_product_is_doubled(
    session: Session, shop: Shop, owner: Actor, products: None, data: st.DataObject
) -> None:
    letters = data.draw(st.permutations("abcdef--").map(lambda drawn: "".join(drawn[:6])))
    pinned = data.draw(st.sets(st.sampled_from("abcdef"), max_size=3))
    letter, position = data.draw(st.sampled_from("abcdefgh")), data.draw(st.integers(1, 6))
    with session.begin_nested() as nested:
        make_group_rows(session, shop, letters, pinned)
        try:
            proposal = propose_pin(
                session, owner, PinParams(product_id=product_id(shop, letter), position=position, group=9)
            )
        except (Conflict, NothingToChange):
            nested.rollback()
            return
        slots = {
            f"slot_h_{at}": [None if c == "-" else product_id(shop, c), c in pinned] for at, c in enumerate(letters, 1)
        }
        for change in proposal.changes:
            column = 0 if change.field == "product_id" else 1
            assert slots[change.target_id][column] == change.before
            slots[change.target_id][column] = change.after
        nested.rollback()
    shown = [product for product, _ in slots.values() if product]
    assert len(set(shown)) == len(shown)
    assert slots[f"slot_h_{position}"] == [product_id(shop, letter), True]
    for at, c in enumerate(letters, 1):
        if c in pinned and c != letter:
            assert slots[f"slot_h_{at}"] == [product_id(shop, c), True]
    gone = {product_id(shop, c) for c in letters if c != "-"} - set(shown)
    assert len(gone) <= (0 if letter in letters or "-" in letters else 1)


def make_group_rows(session: Session, shop: Shop, letters: str, pinned: set[str]) -> None:
    session.add(DisplayGroup(id="dgr_h", shop_id=shop.id, number=9, name="시험", automatic=True))
    session.flush()
    for at, c in enumerate(letters, 1):
        session.add(
            DisplaySlot(
                id=f"slot_h_{at}", shop_id=shop.id, group_id="dgr_h", position=at,
                product_id=None if c == "-" else product_id(shop, c), pinned=c in pinned,
            )
        )  # fmt: skip
    session.flush()


def test_without_a_group_the_one_that_shows_it_is_meant(
    session: Session, shop: Shop, owner: Actor, products: None
) -> None:
    make_group(session, shop, "abcd", number=2)
    make_group(session, shop, "ef", number=3, automatic=False)
    plan = pin(session, owner, shop, "f", 1)
    assert arrangement(session, 3) == "Fe"
    assert plan.effects[-1] == {"code": "display_not_automatic", "data": {"group": "추천상품3"}}
    pin(session, owner, shop, "g", 1)
    assert arrangement(session, 2) == "Gabc"


@pytest.mark.parametrize("position", [0, -2, 5, 10**12])
def test_refuses_a_place_the_group_does_not_have(
    session: Session, shop: Shop, owner: Actor, products: None, position: int
) -> None:
    make_group(session, shop, "abcd")
    with pytest.raises(InvalidInput) as refused:
        pin(session, owner, shop, "a", position)
    assert refused.value.error_code == "position_out_of_range"
    assert refused.value.data["last"] == 4


def test_refuses_a_place_where_another_is_pinned(session: Session, shop: Shop, owner: Actor, products: None) -> None:
    make_group(session, shop, "abcd", "b")
    with pytest.raises(Conflict) as refused:
        pin(session, owner, shop, "c", 2)
    assert (refused.value.error_code, refused.value.data["product"]) == ("position_pinned", "b")


def test_refuses_what_already_is(session: Session, shop: Shop, owner: Actor, products: None) -> None:
    make_group(session, shop, "abcd", "b")
    with pytest.raises(NothingToChange) as already:
        pin(session, owner, shop, "b", 2)
    assert already.value.error_code == "already_pinned"
    with pytest.raises(NothingToChange) as loose:
        run(session, owner, "display.unpin", product_id=product_id(shop, "a"))
    assert loose.value.error_code == "not_pinned"


def test_refuses_a_hidden_product_and_warns_of_a_sold_out_one(
    session: Session, shop: Shop, owner: Actor, products: None
) -> None:
    make_group(session, shop, "abcd")
    make_product(session, shop, "P00011", "숨김", status=SaleStatus.HIDDEN)
    make_product(session, shop, "P00012", "품절", status=SaleStatus.SOLD_OUT)
    with pytest.raises(Conflict) as refused:
        plans.preview(session, owner, "display.pin", {"product_id": "P00011", "position": 1})
    assert refused.value.error_code == "product_hidden"
    plan = plans.preview(session, owner, "display.pin", {"product_id": "P00012", "position": 1})
    assert {"code": "product_sold_out", "data": {"product": "품절"}} in plan.effects


def test_unpin_leaves_the_product_where_it_stands(session: Session, shop: Shop, owner: Actor, products: None) -> None:
    make_group(session, shop, "abcd", "b")
    plan = run(session, owner, "display.unpin", product_id="P00002")
    assert arrangement(session) == "abcd"
    assert plan.effects[0]["data"] == {"product": "b", "position": 2, "group": "추천상품2", "automatic": True}


def test_a_sub_operator_may_pin_and_an_agent_may_not(
    session: Session, shop: Shop, sub_operator: Actor, agent: Actor, products: None
) -> None:
    make_group(session, shop, "abcd")
    with pytest.raises(Forbidden):
        pin(session, agent, shop, "d", 1)
    pin(session, sub_operator, shop, "d", 1)
    assert arrangement(session) == "Dabc"


def test_a_strangers_product_and_group_do_not_exist(
    session: Session, shop: Shop, owner: Actor, stranger: Actor, products: None
) -> None:
    group = make_group(session, shop, "abcd")
    with pytest.raises(NotFound) as no_product:
        plans.preview(session, stranger, "display.pin", {"product_id": product_id(shop, "a"), "position": 1})
    assert no_product.value.error_code == "product_not_found"
    make_product(session, session.get_one(Shop, "shop_other"), "P00001", "남의 상품")
    with pytest.raises(NotFound) as no_group:
        plans.preview(session, stranger, "display.pin", {"product_id": "P00001", "position": 1, "group": group.id})
    assert no_group.value.error_code == "group_not_found"


def test_the_api_shows_the_groups_of_the_caller(
    client: Client, session: Session, shop: Shop, owner: Actor, stranger: Actor, products: None
) -> None:
    make_group(session, shop, "a-", "a")
    [group] = client(owner).get("/api/display").json()
    assert (group["name"], group["automatic"]) == ("추천상품2", True)
    assert [(slot["position"], slot["name"], slot["pinned"]) for slot in group["slots"]] == [
        (1, "a", True),
        (2, None, False),
    ]
    assert client(stranger).get("/api/display").json() == []


def test_a_display_that_moved_since_the_preview_is_shown_again(
    session: Session, shop: Shop, owner: Actor, products: None
) -> None:
    make_group(session, shop, "abcd")
    plan = plans.preview(session, owner, "display.pin", {"product_id": product_id(shop, "d"), "position": 1})
    session.get_one(DisplaySlot, "slot_oneul_2_1").product_id = product_id(shop, "h")
    session.flush()
    assert plans.confirm(session, owner, plan.id, "key").state is PlanState.STALE
    assert arrangement(session) == "hbcd"


def test_the_last_place_is_found_whatever_the_length_of_the_group(session, shop, owner, products) -> None:
    make_group(session, shop, "abc")
    plan = plans.preview(session, owner, "display.pin", {"product_id": product_id(shop, "a"), "position": -1})
    plans.confirm(session, owner, plan.id, "k")
    assert arrangement(session) == "bcA"
