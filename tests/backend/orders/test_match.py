"""Lines are matched by memory, code and name; two that fit alike are a person's choice, and it is remembered."""

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.errors import Conflict, NotFound, NothingToChange
from backend.inventory.models import StockItem
from backend.markets.codes import Market
from backend.markets.models import Listing
from backend.orders.allocate import allocate_waiting
from backend.orders.collected import CollectedLine
from backend.orders.names import is_excluded, market_key, option_values
from backend.orders.rematch import match_waiting
from backend.orders.unmatched import unmatched
from backend.shops.models import Shop
from tests.backend.operations.conftest import add_product
from tests.backend.orders.build import add_item, check_books, do, effects, line, lines_of, order, put, took, undo


def unknown(number: int | str, **over: object) -> CollectedLine:
    return line(number, **{"seller_code": None, "name": "겨울 가디건", "option": "색상: 블랙", **over})


def matched(session: Session, number: int) -> list[tuple[str | None, str | None]]:
    return [(one.item_id, one.matched_by.value if one.matched_by else None) for one in lines_of(session, number)]


def test_the_code_decides_before_the_name(session: Session, shop: Shop) -> None:
    by_code, by_name = add_item(session, shop, 1), add_item(session, shop, 2, name="겨울 가디건 / 블랙")
    took(session, shop, order(1, unknown("a", seller_code=" p00001-01 "), unknown("b")))
    assert matched(session, 1) == [(by_code.id, "code"), (by_name.id, "name")]


@pytest.mark.parametrize(
    ("basis", "found"), [("code", ["code", None]), ("name", [None, "name"]), ("code_then_name", ["code", "name"])]
)
def test_the_setting_says_what_is_matched_by(session: Session, shop: Shop, basis: str, found: list[str | None]) -> None:
    put(session, shop, "matching_basis", basis)
    add_item(session, shop, 1)
    add_item(session, shop, 2, name="겨울 가디건 / 블랙")
    took(session, shop, order(1, unknown("a", seller_code="P00001-01", name="모르는 이름"), unknown("b")))
    assert [by for _, by in matched(session, 1)] == found


@pytest.mark.parametrize("said", ["겨울가디건", "[겨울] 가디건", "겨울　가디건", "(겨울)가디건"])
def test_spaces_and_brackets_do_not_matter(session: Session, shop: Shop, said: str) -> None:
    item = add_item(session, shop, 1, name="겨울 가디건 / Black")
    took(session, shop, order(1, unknown("a", name=said, option="색상=BLACK")))
    assert matched(session, 1) == [(item.id, "name")]


def test_two_that_fit_alike_are_no_match(session: Session, shop: Shop) -> None:
    add_item(session, shop, 1, name="겨울 가디건 / 블랙")
    add_item(session, shop, 2, name="겨울가디건 / 블랙")
    taken = took(session, shop, order(1, unknown("a")))
    assert (matched(session, 1), taken.unmatched) == ([(None, None)], 1)


def test_a_listing_leads_to_its_product_and_the_option_to_the_item(session: Session, shop: Shop) -> None:
    product = add_product(session, shop, 1)
    black, white = (
        add_item(session, shop, n, product_id=product.id, option_name=option, name=f"{product.name} / {option}")
        for n, option in ((1, "블랙"), (2, "화이트"))
    )
    session.add(
        Listing(
            id="lst_1",
            shop_id=shop.id,
            product_id=product.id,
            market=Market.SMARTSTORE,
            market_product_no="900",
            title="x",
        )
    )
    session.flush()
    took(
        session,
        shop,
        order(
            1,
            *(
                unknown(n, market_product_no="900", name="다른 이름", option=o)
                for n, o in enumerate(("색상: 화이트", "블랙", "레드"))
            ),
        ),
    )
    assert matched(session, 1) == [(white.id, "code"), (black.id, "code"), (None, None)]
    assert [one.product_id for one in lines_of(session, 1)] == [product.id] * 3, "the product is known, the item is not"


def test_a_persons_match_is_remembered_for_that_market(session: Session, shop: Shop, owner: Actor) -> None:
    item = add_item(session, shop, 1, stocked=5)
    took(session, shop, order(1, unknown("a", market_product_no="7")))
    plan = do(session, owner, "order.match", line_ids=[lines_of(session, 1)[0].id], item_id=item.id)
    assert effects(plan)["lines_matched"]["lines"] == 1
    took(
        session, shop, order(2, unknown("b", market_product_no="7", name="겨울가디건")),
        order(3, unknown("c", market_product_no="7"), market=Market.COUPANG),
    )  # fmt: skip
    assert matched(session, 2) == [(item.id, "memory")]
    assert matched(session, 3) == [(None, None)]
    allocate_waiting(session, shop.id)
    check_books(session, shop)
    undo(session, owner, plan)
    assert matched(session, 1) == [(None, None)]
    took(session, shop, order(4, unknown("d", market_product_no="7")))
    assert matched(session, 4) == [(None, None)], "what is put back is forgotten"
    check_books(session, shop)


def test_unmatched_products_are_told_once_with_what_is_spelt_like_them(
    session: Session, shop: Shop, owner: Actor
) -> None:
    item = add_item(session, shop, 1, name="겨울 가디간 / 블랙")
    add_item(session, shop, 2, name="면 티셔츠 / 화이트")
    took(session, shop, order(1, unknown("a")), order(2, unknown("b"), unknown("c", name="전혀 다른 것")))
    first = unmatched(session, shop.id)[0]
    assert (first.lines, first.orders) == (2, ["20261118001", "20261118002"])
    assert [one.item_id for one in first.suggestions] == [item.id]
    do(session, owner, "order.match", market="smartstore", market_key=first.market_key, item_id=item.code)
    assert matched(session, 1) == [(item.id, "hand")]
    assert [one.name for one in unmatched(session, shop.id)] == ["전혀 다른 것"]


def test_matching_to_another_item_frees_what_was_promised(session: Session, shop: Shop, owner: Actor) -> None:
    first, second = add_item(session, shop, 1, stocked=5), add_item(session, shop, 2, stocked=5)
    took(session, shop, order(1))
    allocate_waiting(session, shop.id)
    plan = do(session, owner, "order.match", line_ids=[lines_of(session, 1)[0].id], item_id=second.id)
    assert effects(plan)["promise_is_lost"] == {"units": 1}
    allocate_waiting(session, shop.id)
    check_books(session, shop)
    assert (session.get_one(StockItem, first.id).reserved, session.get_one(StockItem, second.id).reserved) == (0, 1)


def test_new_items_are_found_when_it_is_matched_again(session: Session, shop: Shop, owner: Actor) -> None:
    took(session, shop, order(1, unknown("a"), unknown("b", name="없는 것")))
    with pytest.raises(NothingToChange, match="none of them"):
        do(session, owner, "orders.rematch")
    item = add_item(session, shop, 1, name="겨울 가디건 / 블랙")
    plan = do(session, owner, "orders.rematch")
    assert effects(plan)["lines_rematched"] == {"lines": 1, "left": 1}
    undo(session, owner, plan)
    assert matched(session, 1) == [(None, None)] * 2
    assert match_waiting(session, shop.id) == 1
    assert matched(session, 1)[0] == (item.id, "name")


def test_nothing_of_another_shop_is_matched(session: Session, shop: Shop, owner: Actor) -> None:
    theirs = add_item(session, session.get_one(Shop, "shop_other"), 1)
    took(session, shop, order(1))
    assert matched(session, 1) == [(None, None)]
    with pytest.raises(NotFound) as refused:
        do(session, owner, "order.match", line_ids=[lines_of(session, 1)[0].id], item_id=theirs.id)
    assert refused.value.error_code == "item_not_found"


def test_what_has_left_cannot_be_matched_otherwise(session: Session, shop: Shop, owner: Actor) -> None:
    from backend.orders.states import F

    item = add_item(session, shop, 1)
    took(session, shop, order(1, unknown("a", fulfilment=F.SHIPPED)))
    with pytest.raises(Conflict) as refused:
        do(session, owner, "order.match", line_ids=[lines_of(session, 1)[0].id], item_id=item.id)
    assert refused.value.error_code == "already_left"


def test_names_are_compared_without_their_dress() -> None:
    assert option_values("색상: 블랙 / 사이즈=M") == option_values("블랙/M") == "블랙m"
    assert market_key(None, "A b", None) == market_key("", "[AB]", "")
    assert market_key("1", "ab", None) != market_key("2", "ab", None)
    assert not is_excluded("니트", [])
    assert is_excluded("[Sample] lip", ["sample"])
