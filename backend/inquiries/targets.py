"""What may be changed about an inquiry; the question itself never."""

from backend.changes import registry
from backend.changes.registry import Target
from backend.inquiries.models import Inquiry
from backend.inquiries.states import TRANSITIONS

registry.register("inquiry", Target(
    Inquiry, frozenset({"topic", "draft", "state", "answer", "answered_at", "answered_by"}), "inq", {"state": TRANSITIONS},
))  # fmt: skip
