"""Switching on again, also under a wider OFF."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.errors import Forbidden, NotFound, NothingToChange
from backend.kit import clock
from backend.markets.codes import Market
from backend.operations import switches
from backend.operations.contract import place
from backend.operations.models import OffSwitch
from backend.operations.scope import Unit, all_units, covers
from backend.plans import service
from backend.shops.models import Shop
from tests.backend.operations.conftest import switch_off

FRIDAY = datetime(2026, 11, 27, 15, tzinfo=UTC)


def off_units(session, shop) -> set[Unit]:
    holding = switches.active(session, shop.id, clock.now())
    return {unit for unit in all_units() if switches.covering(holding, unit)}


def test_on_lifts_the_switch_and_names_who(session, shop, owner, carry_out) -> None:
    switch = switch_off(session, shop, operation="main_display")
    plan = carry_out(owner, "ops.on", operation="main_display")
    assert (switch.lifted_at, switch.lifted_by) == (clock.now(), owner.name)
    told = {effect["code"]: effect["data"] for effect in plan.effects}
    assert told["ops_on"]["units"] == [{"operation": "main_display", "market": None}]
    assert told["next_runs"]["runs"][0]["at"] == "2026-11-20T01:00:00+00:00"  # a day to announce it, then ten o'clock


def test_on_of_what_is_not_off_says_so(session, owner) -> None:
    with pytest.raises(NothingToChange) as refused:
        service.preview(session, owner, "ops.on", {"operation": "main_display"})
    assert refused.value.error_code == "not_off"


def test_a_switch_that_ended_by_itself_is_not_off_any_more(session, shop, owner) -> None:
    switch_off(session, shop, operation="main_display", until=clock.now())
    with pytest.raises(NothingToChange):
        service.preview(session, owner, "ops.on", {"operation": "main_display"})


def test_one_operation_under_a_wider_off_comes_back_alone(session, shop, owner, carry_out) -> None:
    wide = switch_off(session, shop, until=FRIDAY, reason="감사", set_at=clock.now() - timedelta(days=2))
    before = off_units(session, shop)
    plan = carry_out(owner, "ops.on", operation="main_display")
    assert off_units(session, shop) == before - {Unit("main_display", None)}
    rest = switches.active(session, shop.id, clock.now())
    assert {(s.until, s.reason, s.set_by, s.set_at) for s in rest} == {(FRIDAY, "감사", wide.set_by, wide.set_at)}
    assert plan.effects[1]["code"] == "switch_narrowed"


def test_all_but_one_comes_back_in_one_plan_and_what_stays_off_stays_as_it_was(session, shop, owner, carry_out) -> None:
    wide = switch_off(session, shop, until=FRIDAY, reason="감사", set_at=clock.now() - timedelta(days=2))
    plan = carry_out(owner, "ops.on", everything=True, excluded_operations=["promotion_coupon"])
    assert off_units(session, shop) == {Unit("promotion_coupon", None)}
    rest = switches.active(session, shop.id, clock.now())
    assert [(s.operation, s.until, s.reason, s.set_by, s.set_at) for s in rest] == [
        ("promotion_coupon", FRIDAY, "감사", wide.set_by, wide.set_at)
    ]
    told = {effect["code"]: effect["data"] for effect in plan.effects}
    assert [one["operation"] for one in told["stays_off"]["switches"]] == ["promotion_coupon"]
    assert {"operation": "promotion_coupon", "market": None} not in told["ops_on"]["units"]
    carry_out(owner, "undo", source_type="plan", source_id=plan.id)
    assert off_units(session, shop) == set(all_units())
    assert [s.id for s in switches.active(session, shop.id, clock.now())] == [wide.id]


def test_all_but_what_is_off_by_itself_leaves_that_very_off(session, shop, owner, carry_out) -> None:
    mine, other = switch_off(session, shop, operation="promotion_coupon"), switch_off(session, shop, area="product")
    carry_out(owner, "ops.on", everything=True, excluded_operations=["promotion_coupon"])
    assert other.lifted_at and not mine.lifted_at
    assert [s.id for s in switches.active(session, shop.id, clock.now())] == [mine.id]


def test_all_but_the_only_thing_that_is_off_changes_nothing(session, shop, owner) -> None:
    switch_off(session, shop, operation="promotion_coupon")
    with pytest.raises(NothingToChange) as refused:
        service.preview(session, owner, "ops.on", {"everything": True, "excluded_areas": ["promotion_crm"]})
    assert refused.value.error_code == "not_off"


def test_undo_of_a_narrowing_makes_the_wide_off_whole_again(session, shop, owner, carry_out) -> None:
    switch_off(session, shop)
    on = carry_out(owner, "ops.on", operation="product_name", market="coupang")
    carry_out(owner, "undo", source_type="plan", source_id=on.id)
    assert len(switches.active(session, shop.id, clock.now())) == 1
    assert off_units(session, shop) == set(all_units())


def test_a_sub_operator_cannot_narrow_the_owners_wide_off(session, shop, sub_operator) -> None:
    switch_off(session, shop, area="product")
    with pytest.raises(Forbidden):
        service.preview(session, sub_operator, "ops.on", {"operation": "main_display"})


def test_a_switch_named_by_id_is_lifted_and_another_that_still_holds_is_told(session, shop, owner, carry_out) -> None:
    one, other = switch_off(session, shop, operation="main_display"), switch_off(session, shop, area="product")
    plan = carry_out(owner, "ops.on", switch_id=one.id)
    assert one.lifted_at and not other.lifted_at
    told = {effect["code"]: effect["data"] for effect in plan.effects}
    assert told["still_blocked"]["units"] == [{"operation": "main_display", "market": None, "code": "switched_off"}]


def test_a_strangers_switch_does_not_exist(session, shop, owner, stranger) -> None:
    theirs = switch_off(session, session.get_one(Shop, stranger.shop_id), operation="main_display")
    with pytest.raises(NotFound):
        service.preview(session, owner, "ops.on", {"switch_id": theirs.id})


def test_on_tells_what_else_holds_it(session, shop, owner) -> None:
    switch_off(session, shop, operation="promotion_coupon")
    shop.brand_intro = None
    plan = service.preview(session, owner, "ops.on", {"operation": "promotion_coupon"})
    told = {effect["code"]: effect["data"] for effect in plan.effects}
    assert told["still_blocked"]["units"][0]["code"] == "setup_missing"
    assert "next_runs" not in told


WISH = st.one_of(
    st.just({"everything": True}),
    st.sampled_from(["product", "promotion_crm", "cs", "market"]).map(lambda a: {"area": a}),
    st.sampled_from(["mall", "coupang", "smartstore"]).map(lambda m: {"market": m}),
    st.sampled_from(["main_display", "product_name", "smartstore_seo", "promotion_coupon"]).map(
        lambda o: {"operation": o}
    ),
    st.sampled_from(["coupang", "mall", "11st"]).map(lambda m: {"operation": "product_name", "market": m}),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(offs=st.lists(WISH, min_size=1, max_size=3), ons=st.lists(WISH, min_size=1, max_size=2))
def test_any_sequence_of_off_and_on_leaves_exactly_the_named_units_off(
    session, shop, owner, carry_out, offs, ons
) -> None:
    from backend.operations.wish import ScopeParams, read_scope

    def units(wish: dict) -> set[Unit]:
        return {unit for unit in all_units() if covers(read_scope(ScopeParams(**wish)), unit)}

    with session.begin_nested() as savepoint:
        expected: set[Unit] = set()
        for kind, wishes in (("ops.off", offs), ("ops.on", ons)):
            for wish in wishes:
                with suppress(NothingToChange):
                    carry_out(owner, kind, **wish)
                expected = expected | units(wish) if kind == "ops.off" else expected - units(wish)
        assert off_units(session, shop) == expected
        savepoint.rollback()
    session.expire_all()
    assert session.scalars(select(OffSwitch)).first() is None


def test_the_own_mall_includes_the_main_display(session, shop, owner, carry_out) -> None:
    carry_out(owner, "ops.off", market="mall")
    assert off_units(session, shop) == {unit for unit in all_units() if place(unit.market) is Market.MALL}
    assert Unit("main_display", None) in off_units(session, shop)
