"""Every step of every kind in every state either does what the table says or is refused by name, and leaves all laws whole."""

import pytest

from backend.claims.models import Claim
from backend.claims.steps import STEPS, possible
from backend.errors import OpsTalkError
from backend.kit.wording import wording
from backend.orders.states import ClaimKind, ClaimState, Fulfilment, RefundState
from backend.plans import service
from tests.backend.conftest import NOW
from tests.backend.shipping.build import add_item, add_order, carry_out, laws, lines, undo

AFTER = {
    "accept": ClaimState.ACCEPTED, "collect": ClaimState.COLLECTED, "inspect": ClaimState.INSPECTED,
    "finish": ClaimState.DONE, "reject": ClaimState.REJECTED, "withdraw": ClaimState.WITHDRAWN,
}  # fmt: skip


def filed(session, shop, kind: ClaimKind, state: ClaimState, sent: bool) -> Claim:
    """A claim in that state, with its line as it is then."""
    first, other = add_item(session, shop, 1), add_item(session, shop, 2)
    decided = state not in (ClaimState.REQUESTED, ClaimState.HELD)
    order = add_order(
        session, shop, [(first, 2), (first, 1)], state=Fulfilment.SHIPPED if sent else Fulfilment.ALLOCATED
    )
    line = lines(session, order)[0]
    claim = Claim(
        id="clm_1", shop_id=shop.id, order_id=order.id, line_id=line.id, kind=kind, state=ClaimState.REQUESTED, quantity=1,
        by="buyer", after_shipping=sent, market_key="smartstore:77:M00001-1", requested_at=NOW, exchange_item_id=other.id,
    )  # fmt: skip
    line.claim_kind, line.claim_state = kind, ClaimState.REQUESTED
    session.add(claim)
    session.flush()
    if decided:
        service.confirm(
            session, OWNER[0], service.preview(session, OWNER[0], "claim.accept", {"claim_id": "clm_1"}).id, "k"
        )
    claim.state = line.claim_state = state
    session.flush()
    return claim


OWNER: list = []


@pytest.fixture(autouse=True)
def _owner(owner):
    OWNER[:] = [owner]


SITUATIONS = [(kind, sent) for kind in ClaimKind for sent in (False, True) if sent or kind is not ClaimKind.RETURN]


@pytest.mark.parametrize("state", list(ClaimState))
@pytest.mark.parametrize("kind, sent", SITUATIONS)
def test_every_step_in_every_state(session, shop, owner, kind, sent, state) -> None:
    claim = filed(session, shop, kind, state, sent)
    laws(session)
    session.commit()
    for step in STEPS:
        savepoint = session.begin_nested()
        params = {"claim_id": claim.id} | ({"outcomes": {"restock": 1}} if step == "inspect" else {})
        offered = step in possible(claim)
        try:
            plan = carry_out(session, owner, f"claim.{step}", **params)
        except OpsTalkError as error:
            assert not offered or error.error_code in ("exchange_not_sent",), (step, error.error_code)
            assert wording().say(f"problem.{error.error_code}", data=error.data)
        else:
            assert offered, step
            assert claim.state is AFTER[step]
            assert all(wording().say(f"effect.{e['code']}", data=e["data"]) for e in plan.effects)
            laws(session)
            undo(session, owner, plan)
            assert claim.state is state
            laws(session)
        savepoint.rollback()
        session.expire_all()


def test_the_table_knows_every_kind() -> None:
    for step, kinds in STEPS.items():
        assert kinds.keys() == set(ClaimKind), step
        for states in kinds.values():
            assert not states & {ClaimState.DONE, ClaimState.REJECTED, ClaimState.WITHDRAWN}
    assert wording().named("claim_step").keys() == STEPS.keys()
    for kind, names in (("claim_kind", ClaimKind), ("claim_state", ClaimState), ("refund_state", RefundState)):
        assert wording().named(kind).keys() == {member.value for member in names}
