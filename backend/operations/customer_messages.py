"""The minute's round of the outbox: what `crm_message` queued is sent, but for shops that switched it off."""

from collections import Counter

from sqlalchemy import select

from backend.customers import outbox
from backend.customers.gateway import Gateway
from backend.customers.models import CustomerMessage
from backend.customers.states import MessageState
from backend.db.engine import unit_of_work
from backend.kit import clock
from backend.operations import switches
from backend.operations.scope import Unit

OPERATION = Unit("crm_message", None)


def send_customer_messages(gateway: Gateway | None = None) -> Counter[str]:
    """An OFF withdraws what waits; this holds back what came to wait under one, by an undo."""
    now = clock.now()
    with unit_of_work(write=False) as session:
        waiting = select(CustomerMessage.shop_id).where(CustomerMessage.state == MessageState.QUEUED).distinct()
        held = {
            shop_id for shop_id in session.scalars(waiting)
            if switches.covering(switches.active(session, shop_id, now), OPERATION)
        }  # fmt: skip
    return outbox.send_due(gateway, held)
