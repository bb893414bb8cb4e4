"""What may be changed about deal proposals; one that nobody answered goes with the run that made it."""

from typing import Any

from backend.changes import registry
from backend.changes.registry import Target
from backend.deals.models import DealProposal
from backend.deals.states import TRANSITIONS, DealState


def _withdraw(proposal: DealProposal) -> dict[str, Any]:
    """The merchant's answer stands, whatever becomes of the run."""
    return {"state": DealState.EXPIRED.value} if proposal.state is DealState.PROPOSED else {}


registry.register("deal_proposal", Target(
    DealProposal, frozenset({"state", "answered_at", "answered_by"}), "deal", {"state": TRANSITIONS}, _withdraw,
))  # fmt: skip
