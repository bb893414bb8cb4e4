"""Any interleaving of collecting, promising, cancelling, splitting, merging, holding, removing, sending and coming back
keeps the books: at least five hundred steps in all."""

import pytest
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.shops.models import Shop
from tests.backend.orders.trade import Trade, trade
from tests.backend.orders.trade_claims import TradeWithClaims

RUNS, STEPS = 12, 50
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("machine", [Trade, TradeWithClaims])
def test_whatever_is_interleaved_the_books_are_true(
    session: Session, shop: Shop, owner: Actor, machine: type[Trade]
) -> None:
    assert trade(machine, session, shop, owner, RUNS, STEPS) >= 500
