"""GET /api/markets tells each open market's state."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from backend.access.actor import Actor
from backend.kit import clock
from backend.markets.codes import Market
from backend.markets.models import AccountState, MarketAccount
from backend.shops.models import Shop
from tests.backend.products.build import make_listing, make_product

Client = Callable[[Actor | None], TestClient]


def test_all_open_markets_are_told_linked_or_not(client: Client, session: Session, shop: Shop, owner: Actor) -> None:
    cardigan = make_product(session, shop, "P00001", "울 가디건")
    make_listing(session, cardigan, Market.SMARTSTORE)
    session.get_one(MarketAccount, "mka_oneul_coupang").state = AccountState.UNREACHABLE
    session.commit()
    rows = {row["market"]: row for row in client(owner).get("/api/markets").json()}
    assert list(rows) == ["smartstore", "coupang", "gmarket", "auction", "11st"]
    assert (rows["smartstore"]["state"], rows["smartstore"]["listings"]) == ("connected", 1)
    assert rows["coupang"]["state"] == "unreachable"
    assert (rows["gmarket"]["state"], rows["gmarket"]["seller_id"]) == ("disconnected", None)


def test_credentials_that_ran_out_are_expired_at_once(
    client: Client, session: Session, owner: Actor, now: datetime
) -> None:
    with clock.frozen(now + timedelta(days=91)):
        from backend.access import tokens

        fresh = tokens.issue("session", owner.id, tokens.SESSION_FOR, conversation=None)
        rows = client(None).get("/api/markets", headers={"authorization": f"Bearer {fresh}"}).json()
    assert rows[0]["state"] == "expired"


def test_a_stranger_sees_only_the_own_markets(client: Client, session: Session, shop: Shop, stranger: Actor) -> None:
    make_listing(session, make_product(session, shop, "P00001", "울 가디건"), Market.SMARTSTORE)
    session.commit()
    rows = client(stranger).get("/api/markets").json()
    assert {row["seller_id"] for row in rows} == {"other", None}
    assert sum(row["listings"] for row in rows) == 0
