"""The same value in, the same value out, in the same order, on either database."""

from datetime import UTC, datetime, timedelta, timezone

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access.actor import Actor, member_actor
from backend.conversations.endpoints import SEQ_MAX
from backend.conversations.sessions import conversation_of
from backend.products.models import Product
from backend.shops.models import Member, Shop
from tests.backend.operations.conftest import add_product
from tests.databases import ON_POSTGRES

LONG = "긴 이름 " * 200


def test_a_long_text_is_kept_whole(session: Session, shop: Shop) -> None:
    product = add_product(session, shop, 1)
    product.name = product.image = LONG
    session.commit()
    session.expire_all()
    assert (product.name, product.image) == (LONG, LONG)


def test_names_come_in_the_order_in_which_python_sorts_them(session: Session, shop: Shop) -> None:
    names = [
        "하의",
        "가디건",
        "Zara",
        "apple",
        "_밑줄",
        "가 디건",
        "각설탕",
        "100%",
        "까치",
        "Äpfel",
        "아이",
        "나비",
        "-줄",
    ]
    for number, name in enumerate(names, 1):
        add_product(session, shop, number).name = name
    session.commit()
    assert list(session.scalars(select(Product.name).order_by(Product.name))) == sorted(names)


def test_an_instant_keeps_its_microseconds_and_comes_back_in_utc(session: Session, shop: Shop) -> None:
    seoul = timezone(timedelta(hours=9))
    shop.pro_app_installed_at = datetime(2026, 11, 18, 12, 0, 0, 123456, tzinfo=seoul)
    session.commit()
    session.expire_all()
    kept = shop.pro_app_installed_at
    assert (kept, kept.tzinfo) == (datetime(2026, 11, 18, 3, 0, 0, 123456, tzinfo=UTC), UTC)


def test_what_cannot_be_kept_is_invalid_not_broken(client, owner: Actor, session: Session) -> None:
    """A NUL character, which SQLite takes; the largest number a caller may say fits its column."""
    http = client(member_actor(session.get_one(Member, owner.id), _conversation(session, owner)))
    plan = {"kind": "coupon.stop", "params": {"coupon_id": "a\x00b"}}
    status = 422 if ON_POSTGRES else 404
    assert http.post("/api/plans", json=plan).status_code == status
    far = http.get("/chat/messages", params={"after": SEQ_MAX})
    assert (far.status_code, far.json()["messages"]) == (200, [])


def _conversation(session: Session, owner: Actor) -> str:
    made = conversation_of(session, session.get_one(Member, owner.id)).id
    session.commit()
    return made
