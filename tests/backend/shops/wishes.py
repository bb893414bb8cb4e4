"""What people may wish of what a shop must have: see tests/backend/plans/every_wish.py."""

from hypothesis import strategies as st

from backend.shops.required import SetupKey
from tests.backend.plans.said import SAID, Wish, dicts

WISHES: dict[str, Wish] = {
    "setup.complete": dicts(
        {"item": st.sampled_from([k.value for k in SetupKey]), "value": SAID | dicts({}, {"name": SAID, "intro": SAID})}
    ),
}
OF_A_STRANGER = {"setup.complete": None}
RIGHTS = {"setup.complete": ({"item": "mail_sender", "value": "a@b.example"}, "setup:complete")}
