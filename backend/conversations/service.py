"""What other features may ask of conversations."""

from backend.conversations.handoff import raise_priority, request_handoff
from backend.conversations.messages import page, unread
from backend.conversations.notices import deliver
from backend.conversations.queue import Waiting, waiting
from backend.conversations.rating import rate
from backend.conversations.sessions import open_session
from backend.conversations.states import set_state
from backend.conversations.takeover import claim, give_back, reply, resolve, show_typing, snooze

__all__ = [
    "Waiting", "claim", "deliver", "give_back", "open_session", "page", "raise_priority", "rate", "reply",
    "request_handoff", "resolve", "set_state", "show_typing", "snooze", "unread", "waiting",
]  # fmt: skip
