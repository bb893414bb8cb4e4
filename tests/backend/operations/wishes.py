"""What people may wish of operations: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from tests.backend.plans.said import MOMENTS, SAID, SCOPE, Wish, dicts

WISHES: dict[str, Wish] = {
    "ops.off": dicts({}, SCOPE | {
        "starts": MOMENTS, "until": MOMENTS, "reason": SAID,
        "excluded_markets": st.lists(SCOPE["market"], max_size=2, unique=True),
        "excluded_areas": st.lists(SCOPE["area"], max_size=2, unique=True),
        "excluded_operations": st.lists(SCOPE["operation"], max_size=3, unique=True),
    }),
    "ops.on": dicts({}, SCOPE | {
        "switch_id": st.just("@switch"), "excluded_areas": st.lists(SCOPE["area"], max_size=2, unique=True),
        "excluded_operations": st.lists(SCOPE["operation"], max_size=3, unique=True),
    }),
    "ops.off_period": dicts({}, SCOPE | {
        "switch_id": st.just("@switch"), "starts": MOMENTS, "until": MOMENTS, "for_good": st.booleans(),
    }),
    "ops.postpone": dicts({"to": MOMENTS}, {
        "run_id": st.just("@waiting_run"), "operation": SCOPE["operation"], "market": SCOPE["market"],
    }),
}  # fmt: skip
STAYS = frozenset({"off_switches"})
OF_A_STRANGER = {
    "ops.off": None,
    "ops.on": [{"switch_id": "switch"}],
    "ops.off_period": [{"switch_id": "switch", "for_good": "=true"}],
    "ops.postpone": [{"run_id": "waiting_run", "to": "=2026-11-25"}],
}
RIGHTS = {
    "ops.off": ({"operation": "main_display"}, "operations:switch"),
    "ops.on": ({"operation": "smartstore_seo"}, "operations:switch"),
    "ops.off_period": ({"switch_id": "switch", "for_good": True}, "operations:switch"),
    "ops.postpone": ({"run_id": "waiting_run", "to": "2026-11-25"}, "operations:switch"),
}
