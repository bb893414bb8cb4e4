"""The main page follows recent reactions, and keeps what was pinned."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.display.models import DisplaySlot
from backend.kit import clock
from backend.operations import gate
from backend.operations.catalogue.loader import operations
from backend.operations.catalogue.main_display.operation import next_arrangement
from backend.operations.catalogue.main_display.reactions import Rules, reactions
from backend.operations.scope import Unit
from backend.products.models import Product, ProductDay, SaleStatus
from tests.backend.operations.conftest import TODAY, add_group, add_product, react

UNIT = Unit("main_display", None)


def config():
    return operations()["main_display"].config


def arranged(session, shop, number: int = 2) -> list[str | None]:
    made = next(a for a in next_arrangement(session, shop, clock.now(), config()) if a.group.number == number)
    return [placed.after.id if placed.after else None for placed in made.placed]


def test_the_best_reactions_come_first_around_the_pinned_product(session, shop, display) -> None:
    ids = [product.id for product in display]
    assert arranged(session, shop) == [ids[7], ids[1], ids[6], ids[5]]


def test_only_what_differs_is_planned_and_pinned_slots_never_are(session, shop, display) -> None:
    plan = gate.compute(session, shop, UNIT, clock.now()).plan
    assert [change.target_id[-1] for change in plan.changes] == ["1", "3", "4"]
    assert {change.field for change in plan.changes} == {"product_id"}
    assert plan.rule["code"] == "recent_reaction"


def test_a_reaction_counts_half_after_a_week(session, shop) -> None:
    new, old = add_product(session, shop, 1), add_product(session, shop, 2)
    react(session, new, 0, views=100)
    react(session, old, 7, views=100)
    found = reactions(session, shop.id, TODAY, Rules.model_validate(config().rules))
    assert found[new.id].score == 100
    assert found[old.id].score == 50


def test_reactions_outside_the_window_and_of_the_future_do_not_count(session, shop) -> None:
    product = add_product(session, shop, 1)
    react(session, product, 28, views=1_000)
    react(session, product, -1, views=1_000)
    assert reactions(session, shop.id, TODAY, Rules.model_validate(config().rules)) == {}


def test_an_old_product_that_sells_beats_a_new_one_that_does_not(session, shop, display) -> None:
    oldest = add_product(session, shop, 90, registered_on=TODAY.replace(year=2019))
    newest = add_product(session, shop, 91, registered_on=TODAY)
    react(session, oldest, 1, views=500, orders=40)
    react(session, newest, 1, views=5)
    assert arranged(session, shop)[0] == oldest.id
    assert newest.id not in arranged(session, shop)


def test_sold_out_and_hidden_products_are_not_shown(session, shop, display) -> None:
    display[7].status, display[6].status = SaleStatus.SOLD_OUT, SaleStatus.HIDDEN
    assert not {display[7].id, display[6].id} & set(arranged(session, shop))


def test_a_shown_product_that_sold_out_is_replaced_however_small_the_gain(session, shop) -> None:
    best, second, third = (add_product(session, shop, n) for n in (1, 2, 3))
    for product, views in ((best, 100), (second, 50), (third, 49)):
        react(session, product, 1, views=views)
    add_group(session, shop, 2, "추천상품", [best, second])
    second.status = SaleStatus.SOLD_OUT
    session.flush()
    computed = gate.compute(session, shop, UNIT, clock.now())
    assert [finding.code for finding in computed.findings] == ["not_sellable", "more_popular_waiting"]
    assert arranged(session, shop) == [best.id, third.id]


def test_a_group_is_left_alone_below_the_least_gain(session, shop) -> None:
    shown_first, better = add_product(session, shop, 1), add_product(session, shop, 2)
    react(session, shown_first, 1, views=1000)
    react(session, better, 1, views=1001)
    add_group(session, shop, 2, "추천상품", [shown_first, better])
    assert gate.compute(session, shop, UNIT, clock.now()).plan.changes == []


def test_a_group_that_is_not_automatic_is_not_touched(session, shop, display) -> None:
    assert [a.group.number for a in next_arrangement(session, shop, clock.now(), config())] == [2]


def test_the_group_of_new_products_prefers_them_and_fills_up_with_popular_ones(session, shop, display) -> None:
    new = add_product(session, shop, 50, registered_on=TODAY)
    react(session, new, 1, views=1)
    add_group(session, shop, 3, "신상품", [display[4], None])
    assert arranged(session, shop, 3)[0] == new.id
    assert arranged(session, shop, 3)[1] == display[4].id


def test_no_product_stands_in_two_places_that_were_arranged(session, shop, display) -> None:
    add_group(session, shop, 3, "신상품", [display[0], display[7]])
    both = arranged(session, shop) + arranged(session, shop, 3)
    assert len(both) == len(set(both))


def test_arranging_again_after_a_run_changes_nothing(session, shop, display) -> None:
    for change in gate.compute(session, shop, UNIT, clock.now()).plan.changes:
        session.get_one(DisplaySlot, change.target_id).product_id = change.after
    session.flush()
    assert gate.compute(session, shop, UNIT, clock.now()).plan.changes == []


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    scores=st.lists(st.integers(0, 60), min_size=8, max_size=8),
    status=st.lists(st.sampled_from(list(SaleStatus)), min_size=8, max_size=8),
    pinned=st.sets(st.integers(1, 4)),
)
def test_whatever_the_numbers_the_arrangement_is_sound(session, shop, display, scores, status, pinned) -> None:
    with session.begin_nested() as savepoint:
        for product, views, state in zip(display, scores, status, strict=True):
            product.status = state
            for day in session.scalars(select(ProductDay).where(ProductDay.product_id == product.id)):
                day.views, day.orders = views, 0
        for slot in session.scalars(select(DisplaySlot).where(DisplaySlot.group_id == f"dgr_{shop.mall_id}_2")):
            slot.pinned = slot.position in pinned
        session.flush()
        made = next_arrangement(session, shop, clock.now(), config())[0]
        after = [placed.after for placed in made.placed]
        for placed in made.placed:
            assert not placed.slot.pinned or not placed.changed
        new = [p for p, placed in zip(after, made.placed, strict=True) if p and placed.changed]
        assert all(p.status is SaleStatus.ON_SALE for p in new)
        ids = [p.id for p in after if p]
        assert len(ids) == len(set(ids))
        savepoint.rollback()
    session.expire_all()
    assert session.get_one(Product, display[0].id).status is SaleStatus.ON_SALE
