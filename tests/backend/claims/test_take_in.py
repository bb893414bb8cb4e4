"""What markets tell of claims: once, in any order, before or after the order itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from backend.claims.models import Claim, EarlyClaim
from backend.claims.take_in import take_in_claims
from backend.markets.codes import Market
from backend.orders.collected import CollectedClaim
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, RefundState, ShipmentState
from tests.backend.conftest import NOW
from tests.backend.plans.whole_state import rolled_back
from tests.backend.shipping.build import (
    add_item,
    add_line,
    add_order,
    carry_out,
    label,
    laws,
    lines,
    parcel_of,
    set_to,
    undo,
)

MINUTE = timedelta(minutes=1)
CANCEL = CollectedClaim(
    market=Market.SMARTSTORE, market_order_no="M00001", market_line_no="M00001-1", claim_no="C1", kind=ClaimKind.CANCEL,
    state=ClaimState.REQUESTED, raw_code="CANCEL_REQUEST", quantity=2, requested_at=NOW, reason="변심", changed_at=NOW,
)  # fmt: skip


def later(claim, minutes, state, raw="X", **over):
    return replace(claim, state=state, raw_code=raw, changed_at=NOW + minutes * MINUTE, **over)


def claims(session) -> list[Claim]:
    session.flush()
    return list(session.scalars(select(Claim).order_by(Claim.market_key)))


def test_a_request_waits_for_an_answer_and_holds_its_parcel(session, shop) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)])
    assert take_in_claims(session, shop.id, [CANCEL]) == 1
    assert take_in_claims(session, shop.id, [CANCEL, CANCEL]) == 0
    (claim,) = claims(session)
    line = lines(session, order)[0]
    assert (claim.state, claim.by, claim.reason, claim.raw_code) == (
        ClaimState.REQUESTED,
        "buyer",
        "변심",
        "CANCEL_REQUEST",
    )
    assert (line.claim_kind, line.claim_state, line.raw_claim) == (
        ClaimKind.CANCEL,
        ClaimState.REQUESTED,
        "CANCEL_REQUEST",
    )
    assert line.fulfilment is Fulfilment.ALLOCATED and line.raw_status == "PAYED"  # the two axes stay apart
    assert parcel_of(session, order).held and parcel_of(session, order).hold_reason == "claim_cancel"
    laws(session)


def test_a_cancellation_that_is_done_frees_its_stock_and_voids_its_parcel_with_its_gift(session, shop, owner) -> None:
    item, gift = add_item(session, shop), add_item(session, shop, 2)
    order = add_order(session, shop, [(item, 2)])
    add_line(session, order, parcel_of(session, order), gift, 1, 4, gift_rule_id="g", market_line_no=None)
    label(session, owner, order)
    take_in_claims(session, shop.id, [CANCEL, later(CANCEL, 5, ClaimState.DONE, "CANCEL_DONE")])
    (claim,) = claims(session)
    assert (claim.state, claim.refund, claim.refund_amount) == (ClaimState.DONE, RefundState.DONE, 30_000)
    assert {line.fulfilment for line in lines(session, order)} == {Fulfilment.CANCELLED}
    assert item.reserved == gift.reserved == 0 and parcel_of(session, order).state is ShipmentState.VOID
    laws(session)


@pytest.mark.parametrize(
    "end, held", [(ClaimState.WITHDRAWN, False), (ClaimState.REJECTED, False), (ClaimState.HELD, True)]
)
def test_a_request_that_ends_lets_its_parcel_go(session, shop, end, held) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)])
    take_in_claims(session, shop.id, [CANCEL])
    take_in_claims(session, shop.id, [later(CANCEL, 1, end)])
    assert parcel_of(session, order).held is held
    assert lines(session, order)[0].fulfilment is Fulfilment.ALLOCATED
    laws(session)


def test_an_older_telling_after_a_newer_one_changes_nothing(session, shop) -> None:
    add_order(session, shop, [(add_item(session, shop), 2)])
    take_in_claims(session, shop.id, [later(CANCEL, 5, ClaimState.DONE, "CANCEL_DONE")])
    assert take_in_claims(session, shop.id, [CANCEL, later(CANCEL, 3, ClaimState.HELD)]) == 0
    assert claims(session)[0].raw_code == "CANCEL_DONE"


def test_a_cancellation_of_what_has_left_waits_for_the_goods(session, shop) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 2)], state=Fulfilment.SHIPPED)
    take_in_claims(session, shop.id, [CANCEL, later(CANCEL, 1, ClaimState.ACCEPTED)])
    assert claims(session)[0].after_shipping and lines(session, order)[0].fulfilment is Fulfilment.SHIPPED


def test_a_claim_before_its_order_is_kept_until_the_order_comes(session, shop) -> None:
    assert take_in_claims(session, shop.id, [CANCEL]) == 0
    take_in_claims(session, shop.id, [later(CANCEL, 5, ClaimState.DONE, "CANCEL_DONE"), CANCEL])
    assert len(session.scalars(select(EarlyClaim)).all()) == 1
    order = add_order(session, shop, [(add_item(session, shop), 2)])
    assert take_in_claims(session, shop.id, []) == 1
    assert session.scalars(select(EarlyClaim)).all() == []
    assert (claims(session)[0].state, lines(session, order)[0].fulfilment) == (ClaimState.DONE, Fulfilment.CANCELLED)
    laws(session)


def test_a_line_that_was_split_is_one_line_to_its_market(session, shop) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 2)])
    add_line(
        session,
        order,
        parcel_of(session, order),
        item,
        1,
        2,
        market_line_no="M00001-1",
        split_from=lines(session, order)[0].id,
    )
    take_in_claims(session, shop.id, [replace(CANCEL, quantity=3, state=ClaimState.DONE)])
    assert sorted(c.quantity for c in claims(session)) == [1, 2]
    assert {line.fulfilment for line in lines(session, order)} == {Fulfilment.CANCELLED}
    assert take_in_claims(session, shop.id, [replace(CANCEL, quantity=3, state=ClaimState.DONE)]) == 0
    laws(session)


def test_another_shops_order_is_not_touched(session, shop) -> None:
    from backend.shops.models import Shop

    other = session.get_one(Shop, "shop_other")
    order = add_order(session, other, [(add_item(session, other), 2)])
    take_in_claims(session, shop.id, [replace(CANCEL, state=ClaimState.DONE)])
    assert lines(session, order)[0].fulfilment is Fulfilment.ALLOCATED and claims(session) == []


@pytest.mark.parametrize("restock, stocked", [(True, 12), (False, 10)])
def test_goods_that_a_market_collected_are_stock_once_where_the_setting_says_so(
    session, shop, restock, stocked
) -> None:
    set_to(session, shop, "restock_on_pickup", restock)
    item = add_item(session, shop)
    add_order(session, shop, [(item, 2)], state=Fulfilment.DELIVERED)
    back = replace(CANCEL, kind=ClaimKind.RETURN, raw_code="RETURN_REQUEST")
    take_in_claims(
        session, shop.id, [back, later(back, 1, ClaimState.COLLECTING), later(back, 2, ClaimState.COLLECTED)]
    )
    take_in_claims(session, shop.id, [later(back, 2, ClaimState.COLLECTED, "AGAIN"), later(back, 3, ClaimState.DONE)])
    session.expire_all()
    assert item.stocked == stocked and claims(session)[0].state is ClaimState.DONE
    laws(session)


def test_a_step_that_we_have_gone_further_is_not_taken_back(session, shop) -> None:
    add_order(session, shop, [(add_item(session, shop), 2)], state=Fulfilment.SHIPPED)
    back = replace(CANCEL, kind=ClaimKind.RETURN, raw_code="RETURN_REQUEST")
    take_in_claims(session, shop.id, [later(back, 1, ClaimState.COLLECTED)])
    claims(session)[0].state = ClaimState.INSPECTED
    take_in_claims(session, shop.id, [later(back, 2, ClaimState.COLLECTED, "COLLECT_DONE")])
    assert (claims(session)[0].state, claims(session)[0].raw_code) == (ClaimState.INSPECTED, "COLLECT_DONE")


@pytest.mark.parametrize("off", [ClaimState.REJECTED, ClaimState.WITHDRAWN])
def test_a_cancellation_that_was_off_and_is_done_after_all_is_carried_out(session, shop, off) -> None:
    item = add_item(session, shop)
    order = add_order(session, shop, [(item, 3)])
    told = []
    for minute, state in enumerate([off, ClaimState.DONE, off, ClaimState.DONE]):
        take_in_claims(session, shop.id, [later(CANCEL, minute, state, f"{minute}")])
        laws(session)
        told.append((lines(session, order)[0].cancelled, claims(session)[0].state))
    assert told == [(0, off), (2, ClaimState.DONE)] * 2
    take_in_claims(session, shop.id, [later(CANCEL, 5, ClaimState.REJECTED, "5")])
    take_in_claims(session, shop.id, [later(CANCEL, 6, ClaimState.WITHDRAWN, "6")])
    assert (lines(session, order)[0].cancelled, claims(session)[0].state) == (0, ClaimState.WITHDRAWN)
    laws(session)


def test_pieces_are_cancelled_once_though_the_market_calls_it_held_in_between(session, shop) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 3)])
    told = []
    for minute, state in enumerate([ClaimState.ACCEPTED, ClaimState.HELD, ClaimState.ACCEPTED, ClaimState.WITHDRAWN]):
        take_in_claims(session, shop.id, [later(CANCEL, minute, state, f"{minute}")])
        laws(session)
        told.append((lines(session, order)[0].cancelled, claims(session)[0].raw_code))
    assert told == [(2, "0"), (2, "1"), (2, "2"), (0, "3")]


MOMENT = st.tuples(st.integers(0, 6) | st.none(), st.sampled_from(list(ClaimState)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    told=st.lists(MOMENT, min_size=1, max_size=8),
    kind=st.sampled_from(list(ClaimKind)),
    sent=st.booleans(),
    data=st.data(),
)
def test_in_whatever_order_it_is_told_all_laws_hold_and_the_newest_end_stands(
    session, shop, told, kind, sent, data
) -> None:
    with rolled_back(session):
        state = Fulfilment.SHIPPED if sent else Fulfilment.ALLOCATED
        order = add_order(session, shop, [(add_item(session, shop), 3)], state=state)
        words = [
            replace(CANCEL, kind=kind, state=s, raw_code=f"{m}{s}", changed_at=None if m is None else NOW + m * MINUTE)
            for m, s in told
        ]
        for word in words:
            take_in_claims(session, shop.id, [word])
            laws(session)
        for word in data.draw(st.permutations(words)):
            take_in_claims(session, shop.id, [word])
        laws(session)
        assert len(claims(session)) == 1
        claim = claims(session)[0]
        if claim.kind is ClaimKind.CANCEL and not sent:
            cancelled = claim.state not in (
                ClaimState.REQUESTED,
                ClaimState.HELD,
                ClaimState.REJECTED,
                ClaimState.WITHDRAWN,
            )
            assert lines(session, order)[0].cancelled == (claim.quantity if cancelled else 0)


def test_an_exchange_that_the_market_accepted_by_itself_is_withdrawn_without_cancelling_less_than_nothing(
    session, shop, owner
) -> None:
    order = add_order(session, shop, [(add_item(session, shop), 3)])
    take_in_claims(session, shop.id, [replace(CANCEL, kind=ClaimKind.EXCHANGE, state=ClaimState.ACCEPTED)])
    plan = carry_out(session, owner, "claim.withdraw", claim_id=claims(session)[0].id)
    line = lines(session, order)[0]
    assert (line.cancelled, line.fulfilment) == (0, Fulfilment.ALLOCATED)
    laws(session)
    undo(session, owner, plan)
    laws(session)
