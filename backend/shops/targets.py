"""What may be changed about a shop: its required settings, and PRO's state."""

from backend.access.permissions import Permission
from backend.changes import registry
from backend.changes.registry import Target
from backend.shops.models import ProState, Shop

S = ProState
TRANSITIONS = {
    S.ACTIVE: frozenset({S.PAUSED, S.ENDED}),
    S.PAUSED: frozenset({S.ACTIVE, S.ENDED}),
    S.ENDED: frozenset({S.ACTIVE}),
    S.NONE: frozenset({S.ACTIVE}),
}

registry.register("shop", Target(
    Shop,
    frozenset({
        "pro_state", "pro_paused_reason", "market_service", "monthly_run_quota",
        "pro_app_installed_at", "marketplus_linked_at", "sender_number", "sender_number_verified_at",
        "alimtalk_profile", "mail_sender", "brand_name", "brand_intro",
    }),
    "shop", {"pro_state": TRANSITIONS}, undo_right=lambda _: Permission.SETUP_COMPLETE,
))  # fmt: skip
