"""Customers and messages as tests need them."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.customers.models import Channel, Customer, CustomerMessage, MessageKind
from backend.kit import clock
from backend.shops.models import Shop


def add_customer(session: Session, shop: Shop, name: str, **over: Any) -> Customer:
    made = Customer(**{
        "id": f"cus_{shop.mall_id}_{name.encode().hex()}", "shop_id": shop.id, "name": name, "phone": "010-****-1234",
        "email": "k***@mail.example", "sms_consent": True, "email_consent": True, "joined_on": date(2026, 1, 2), **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made


def add_message(session: Session, shop: Shop, number: int = 1, **over: Any) -> CustomerMessage:
    """A queued text message, due now; by default information."""
    now = clock.now()
    customer = over.pop("customer", None) or add_customer(session, shop, f"고객{number}")
    made = CustomerMessage(**{
        "id": f"msg_{number}", "shop_id": shop.id, "customer_id": customer.id, "run_id": "run_1",
        "audience": "first_purchase", "occasion": str(number), "kind": MessageKind.INFORMATIONAL, "channel": Channel.SMS,
        "to": customer.phone or "", "subject": None, "text": "고마워요", "credits": 1, "queued_at": now, "send_at": now,
        "valid_until": now + timedelta(days=3), **over,
    })  # fmt: skip
    session.add(made)
    session.flush()
    return made
