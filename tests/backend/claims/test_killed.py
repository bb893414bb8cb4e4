"""A claim's step whose process dies anywhere: goods, promises, money and the market's word move together, once."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.claims.models import Claim
from backend.db.engine import unit_of_work
from backend.inventory.models import StockItem
from backend.orders.models import OrderLine
from backend.orders.states import ClaimKind, ClaimState, Fulfilment
from backend.shops.models import Shop
from tests.backend.conftest import NOW
from tests.backend.shipping.build import add_item, add_order, carry_out, lines, set_to
from tests.simulation.plans_killed import dies_anywhere, its_undo_dies_anywhere, words

pytestmark = pytest.mark.timeout(600)
CLAIM = {"claim_id": "clm_1"}


@pytest.fixture
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


def asked(session: Session, shop: Shop, kind: ClaimKind, *, sent: bool) -> None:
    """Two of one article were bought; the buyer asks for something through the market."""
    first, other = add_item(session, shop, 1), add_item(session, shop, 2)
    order = add_order(session, shop, [(first, 2)], state=Fulfilment.SHIPPED if sent else Fulfilment.ALLOCATED)
    line = lines(session, order)[0]
    session.add(Claim(
        id="clm_1", shop_id=shop.id, order_id=order.id, line_id=line.id, kind=kind, state=ClaimState.REQUESTED, quantity=2,
        by="buyer", after_shipping=sent, market_key="smartstore:77:M00001-1", requested_at=NOW, exchange_item_id=other.id,
    ))  # fmt: skip
    line.claim_kind, line.claim_state = kind, ClaimState.REQUESTED
    session.flush()


def stock() -> list[tuple[int, int]]:
    with unit_of_work(write=False) as session:
        return [(item.stocked, item.reserved) for item in session.query(StockItem).order_by(StockItem.id)]


def claim() -> Claim:
    with unit_of_work(write=False) as session:
        return session.get_one(Claim, "clm_1")


def line_of(found: Claim) -> OrderLine:
    with unit_of_work(write=False) as session:
        return session.get_one(OrderLine, found.line_id)


ACCEPTED = {
    (ClaimKind.CANCEL, False): [(10, 0), (10, 0)],
    (ClaimKind.RETURN, True): [(10, 0), (10, 0)],
    (ClaimKind.EXCHANGE, False): [(10, 0), (10, 2)],
    (ClaimKind.EXCHANGE, True): [(10, 0), (10, 2)],
}


@pytest.mark.parametrize(
    ("kind", "sent"), list(ACCEPTED), ids=lambda of: getattr(of, "value", "sent" if of else "here")
)
def test_an_acceptance_and_its_undo(
    session: Session, shop: Shop, owner: Actor, kept: Path, kind: ClaimKind, sent: bool
) -> None:
    asked(session, shop, kind, sent=sent)
    before = [(item.stocked, item.reserved) for item in session.query(StockItem).order_by(StockItem.id)]
    plan = dies_anywhere(kept, session, owner, "claim.accept", **CLAIM)
    assert stock() == ACCEPTED[kind, sent]
    assert claim().state is ClaimState.ACCEPTED
    assert words(plan) == [("approve", "queued")]
    its_undo_dies_anywhere(kept, session, owner, plan)
    assert (stock(), claim().state) == (before, ClaimState.REQUESTED)
    assert words(plan) == [("approve", "replaced")]


def test_goods_that_come_back_are_collected_restocked_inspected_and_paid_back(
    session: Session, shop: Shop, owner: Actor, kept: Path
) -> None:
    asked(session, shop, ClaimKind.RETURN, sent=True)
    set_to(session, shop, "restock_on_pickup", True)
    carry_out(session, owner, "claim.accept", **CLAIM)
    collected = dies_anywhere(kept, session, owner, "claim.collect", **CLAIM)
    assert stock()[0] == (12, 0)
    assert words(collected) == [("collected", "queued")]
    outcomes = {"restock": 1, "defective": 1}
    inspected = dies_anywhere(kept, session, owner, "claim.inspect", **CLAIM, outcomes=outcomes)
    assert (stock()[0], claim().restocked, words(inspected)) == ((11, 0), 1, [])
    finished = dies_anywhere(kept, session, owner, "claim.finish", **CLAIM)
    assert (stock()[0], claim().state) == ((11, 0), ClaimState.DONE)
    assert words(finished) == [("finish", "queued")]


def test_an_inspection_that_restocks_and_its_undo(session: Session, shop: Shop, owner: Actor, kept: Path) -> None:
    asked(session, shop, ClaimKind.RETURN, sent=True)
    for step in ("claim.accept", "claim.collect"):
        carry_out(session, owner, step, **CLAIM)
    inspected = dies_anywhere(kept, session, owner, "claim.inspect", **CLAIM, outcomes={"restock": 2})
    assert stock()[0] == (12, 0)
    its_undo_dies_anywhere(kept, session, owner, inspected)
    assert (stock()[0], claim().restocked, claim().state) == ((10, 0), 0, ClaimState.COLLECTED)


def test_a_rejection_of_goods_that_were_restocked_already(
    session: Session, shop: Shop, owner: Actor, kept: Path
) -> None:
    asked(session, shop, ClaimKind.RETURN, sent=True)
    set_to(session, shop, "restock_on_pickup", True)
    for step in ("claim.accept", "claim.collect"):
        carry_out(session, owner, step, **CLAIM)
    rejected = dies_anywhere(kept, session, owner, "claim.reject", **CLAIM, reason="used")
    assert (stock()[0], claim().restocked, claim().state) == ((10, 0), 0, ClaimState.REJECTED)
    assert words(rejected) == [("reject", "queued")]


def test_a_cancellation_that_is_withdrawn_is_sent_after_all(
    session: Session, shop: Shop, owner: Actor, kept: Path
) -> None:
    asked(session, shop, ClaimKind.CANCEL, sent=False)
    carry_out(session, owner, "claim.accept", **CLAIM)
    withdrawn = dies_anywhere(kept, session, owner, "claim.withdraw", **CLAIM)
    line = line_of(claim())
    assert (claim().state, line.open_quantity, line.cancelled) == (ClaimState.WITHDRAWN, 2, 0)
    assert words(withdrawn) == [("withdraw", "queued")]
