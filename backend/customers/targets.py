"""What may be changed about messages, customers and credit; what was sent cannot be taken back, and the undo says so."""

from typing import Any

from sqlalchemy.orm import Session

from backend.changes import registry
from backend.changes.change import Effect
from backend.changes.registry import Target
from backend.customers.models import AddonCredit, Customer, CustomerMessage
from backend.customers.states import GONE, TRANSITIONS, MessageState


def _withdraw(message: CustomerMessage) -> dict[str, Any]:
    return {"state": MessageState.WITHDRAWN.value} if message.state is MessageState.QUEUED else {}


def _told(message: CustomerMessage) -> Effect | None:
    """The counts of all messages of a source are added up by the undo."""
    if message.state in GONE:
        return Effect("crm_already_sent", {"count": 1})
    return Effect("crm_withdrawn", {"count": 1}) if message.state is MessageState.QUEUED else None


def _never(_: Session, __: AddonCredit) -> bool:
    """Credit PRO gave stays given."""
    return True


registry.register("customer_message", Target(
    CustomerMessage, frozenset({"state"}), "msg", {"state": TRANSITIONS}, _withdraw, undo_effect=_told,
))  # fmt: skip
registry.register("addon_credit", Target(AddonCredit, frozenset(), "crd", past_undoing=_never))
registry.register("customer", Target(Customer, frozenset({"sms_consent", "email_consent"}), "cus"))
