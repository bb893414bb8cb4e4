"""The own mall's buyers as customers: masked contacts and consent, the same for the same name whatever the dice say."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.customers.models import Customer
from backend.kit.clock import seoul
from backend.markets.codes import Market
from backend.orders.models import Order
from backend.seed.rows import put

SMS_PERCENT, EMAIL_PERCENT, NO_PHONE_PERCENT = 58, 41, 2
LETTERS = "abcdefghjkmnpqrstuvwxyz"
HOSTS = ("mail.example", "post.example", "letter.example")


def enrol(session: Session, mall_id: str) -> int:
    """Everybody who bought in the own mall and is no customer yet; how many."""
    shop_id = f"shop_{mall_id}"
    known = select(Customer.name).where(Customer.shop_id == shop_id)
    query = (
        select(Order.buyer_name, func.min(Order.ordered_at))
        .where(Order.shop_id == shop_id, Order.market == Market.MALL, Order.buyer_name.not_in(known))
        .group_by(Order.buyer_name)
        .order_by(Order.buyer_name)
    )
    rows = [
        {"shop_id": shop_id, "name": name, "joined_on": seoul(first).date(), "version": 1, **_contact(mall_id, name)}
        for name, first in session.execute(query).tuples()
    ]
    put(session, Customer, rows)
    return len(rows)


def _contact(mall_id: str, name: str) -> dict[str, str | bool | None]:
    digest = hashlib.sha256(f"{mall_id} {name}".encode()).digest()
    dice = [byte * 100 // 256 for byte in digest]
    phone = None if dice[0] < NO_PHONE_PERCENT else f"010-****-{int.from_bytes(digest[1:3]) % 10_000:04d}"
    return {
        "id": f"cus_{mall_id}_{digest.hex()[:10]}", "phone": phone,
        "email": f"{LETTERS[digest[3] % len(LETTERS)]}***@{HOSTS[digest[4] % len(HOSTS)]}",
        "sms_consent": phone is not None and dice[5] < SMS_PERCENT, "email_consent": dice[6] < EMAIL_PERCENT,
    }  # fmt: skip
