"""What a change may write of a claim; one that a plan filed is withdrawn by its undo, never deleted."""

from backend.changes import registry
from backend.changes.registry import Target
from backend.claims.models import Claim
from backend.orders.states import CLAIM, ClaimState

registry.register("claim", Target(
    Claim,
    frozenset({"state", "reason", "held", "fee", "refund", "refund_amount", "exchange_item_id", "exchange_line_id",
               "outcomes", "restocked", "pickup_courier", "pickup_tracking_no", "raw_code", "after_shipping",
               "collected_at", "closed_at"}),
    "clm", {"state": CLAIM}, undo_create=lambda claim: {"state": ClaimState.WITHDRAWN.value},
))  # fmt: skip
